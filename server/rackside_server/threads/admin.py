"""Threads in the admin: looked at, and taken out of sight. Words are their author's; nobody edits them here."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from rackside_server.threads import actions
from rackside_server.threads.models import Post, Thread


class ReadOnlyAdmin:
    """Offers no adding, changing or deleting of rows."""

    def has_add_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Offer none."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Offer none."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Offer none: what is removed keeps its row."""
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Let those remove texts who may delete threads."""
        return request.user.has_perm("threads.delete_thread")


@transaction.atomic
def remove(request: HttpRequest, items: QuerySet[Thread] | QuerySet[Post]) -> None:
    """Take the chosen texts out of sight, through the one door."""
    removed = 0
    for item in items.filter(deleted_ms=0):
        actions.remove(item)
        removed += 1
    messages.success(request, f"{removed} removed, with their votes and points.")


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Questions."""

    list_display = ("title", "group", "author", "replies", "helpful", "deleted_ms")
    list_filter = ("group",)
    search_fields = ("title", "body")
    actions = ("remove_chosen",)

    @admin.action(description="Remove the chosen threads", permissions=["moderate"])
    def remove_chosen(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        """Remove threads with their posts."""
        remove(request, queryset)


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Answers and replies."""

    list_display = ("thread", "author", "helpful", "deleted_ms")
    search_fields = ("body",)
    raw_id_fields = ("thread", "author", "reply_to")
    actions = ("remove_chosen",)

    @admin.action(description="Remove the chosen posts", permissions=["moderate"])
    def remove_chosen(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Remove posts."""
        remove(request, queryset)
