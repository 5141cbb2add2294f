"""Groups in the admin: made and described here, and private ones joined by invitation. Every change is an action's."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from rackside_server.groups import actions
from rackside_server.groups.models import Group, GroupMember


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Groups. The slug names the channel, so it is chosen once; a group with threads is not deleted."""

    list_display = ("name", "slug", "private", "default", "position")
    fields = ("slug", "name", "description", "private", "default", "position")

    def get_readonly_fields(self, _request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """Fix the slug of a group that exists, and its privacy: its threads were written for one or the other."""
        return ("slug", "private") if obj is not None else ()

    def has_delete_permission(self, _request: HttpRequest, _obj: Group | None = None) -> bool:
        """Keep groups: their threads hang on them."""
        return False

    def save_model(self, _request: HttpRequest, obj: Group, _form: "ModelForm[Group]", _change: bool) -> None:
        """Save through the one door."""
        actions.save_group(obj)


@admin.register(GroupMember)
class GroupMemberAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who follows what: adding one is the invitation to a private group."""

    list_display = ("member", "group")
    list_filter = ("group",)
    fields = ("group", "member")
    raw_id_fields = ("member",)

    def has_change_permission(self, _request: HttpRequest, _obj: GroupMember | None = None) -> bool:
        """Offer adding and deleting only."""
        return False

    def save_model(
        self,
        _request: HttpRequest,
        obj: GroupMember,
        _form: "ModelForm[GroupMember]",
        _change: bool,
    ) -> None:
        """Invite through the one door."""
        obj.pk = actions.admit(obj.group, obj.member).pk

    def delete_model(self, _request: HttpRequest, obj: GroupMember) -> None:
        """Dismiss through the one door."""
        actions.dismiss(obj)

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[GroupMember]) -> None:
        """Dismiss each through the one door."""
        for membership in queryset:
            actions.dismiss(membership)
