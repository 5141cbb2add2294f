"""Heartbeats in the admin: who has how many. Neither their addresses nor what the jobs say are shown to staff."""

from django.contrib import admin
from django.http import HttpRequest

from rackside_server.heartbeats.models import Heartbeat


@admin.register(Heartbeat)
class HeartbeatAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Heartbeats, to be looked at: they are their members' own."""

    list_display = ("name", "member", "last_state", "count")
    list_filter = ("last_state",)
    fields = ("name", "member", "last_state", "count")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Heartbeats are registered by members."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Heartbeat | None = None) -> bool:
        """Heartbeats stay as their members made them."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Heartbeat | None = None) -> bool:
        """Only a member removes what is hers."""
        return False
