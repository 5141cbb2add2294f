"""Ideas in the admin: moved on by staff, or removed. Every change is an action's."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from rackside_protocol.ideas import SetIdeaState, State
from rackside_protocol.ids import new_id
from rackside_server.accounts.models import Member
from rackside_server.feed.handlers import carry_out
from rackside_server.ideas import actions, rules
from rackside_server.ideas.models import Idea


class IdeaStateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The state of an idea, with its reason."""

    class Meta:
        model = Idea
        fields = ("state", "reason", "duplicate_of")

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with a move before it is tried."""
        cleaned: dict[str, Any] = super().clean() or {}
        original = cleaned.get("duplicate_of")
        before = Idea.objects.visible_to(None).get(pk=self.instance.pk)
        wrong = rules.wrong_move(
            before.state,
            cleaned["state"],
            reason=cleaned.get("reason", ""),
            duplicate_of=original.pk if original else None,
            itself=self.instance.pk,
        )
        if wrong:
            raise forms.ValidationError(wrong)
        return cleaned


@admin.register(Idea)
class IdeaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Ideas and their states."""

    form = IdeaStateForm
    list_display = ("title", "state", "author")
    list_filter = ("state",)
    search_fields = ("title", "body")
    raw_id_fields = ("duplicate_of",)
    actions = ("remove_chosen",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Ideas are proposed by members."""
        return False

    def save_model(self, request: HttpRequest, obj: Idea, _form: "forms.ModelForm[Idea]", _change: bool) -> None:
        """Move the idea on through the one door."""
        move = SetIdeaState(
            id=new_id(),
            idea=obj.pk,
            state=cast("State", obj.state),
            reason=obj.reason,
            duplicate_of=obj.duplicate_of_id,
        )
        outcome = carry_out(cast("Member", request.user), move)
        if outcome.result == "refused":
            messages.error(request, outcome.message)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer our removal instead of Django's deletion of rows."""
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}

    def delete_model(self, _request: HttpRequest, obj: Idea) -> None:
        """Remove through the one door."""
        actions.remove(obj)

    @admin.action(description="Remove the chosen ideas", permissions=["delete"])
    def remove_chosen(self, request: HttpRequest, queryset: QuerySet[Idea]) -> None:
        """Remove ideas with their votes and comments."""
        with transaction.atomic():
            for idea in queryset:
                actions.remove(idea)
        messages.success(request, "Removed, with their votes and points.")
