"""Sponsors in the admin: campaigns made and reviewed, receipts refunded, reports handled, all through actions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from rackside_server.feed.handlers import Refused
from rackside_server.sponsors import actions, rules
from rackside_server.sponsors.models import Campaign, Receipt, Report, Vendor


class KeptAdmin:
    """Rows that bill, or that others hang on, are never deleted."""

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        """Offer none."""
        return False


@admin.register(Vendor)
class VendorAdmin(KeptAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Vendors."""

    list_display = ("name", "slug")
    fields = ("slug", "name", "url", "about")

    def get_readonly_fields(self, _request: HttpRequest, obj: Vendor | None = None) -> tuple[str, ...]:
        """Fix the slug of a vendor that exists: its members carry it."""
        return ("slug",) if obj is not None else ()

    def save_model(self, _request: HttpRequest, obj: Vendor, _form: "forms.ModelForm[Vendor]", _change: bool) -> None:
        """Save through the one door."""
        actions.save_vendor(obj)


class TermsField(forms.CharField):
    """Terms, one on each line."""

    widget = forms.Textarea

    def prepare_value(self, value: object) -> object:
        """Show a list of terms as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: str | None) -> list[str]:
        """Read lines as a list of terms."""
        return [term for term in (line.strip() for line in super().clean(value).splitlines()) if term]


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    """A creative with its terms, checked by the rules."""

    terms = TermsField(required=False, help_text="Local facts that match, one on each line, such as disk.used.")
    never_if = TermsField(required=False, help_text="Local facts that rule it out: the product itself.")

    class Meta:
        model = Campaign
        fields = (
            "vendor", "tier", "title", "body", "link", "terms", "never_if", "ecpm", "goal", "starts_at", "ends_at"
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say what breaks the rules."""
        cleaned: dict[str, Any] = super().clean() or {}
        wrong = not self.errors and rules.wrong_campaign(
            title=cleaned["title"],
            body=cleaned["body"],
            link=cleaned["link"],
            terms=[*cleaned["terms"], *cleaned["never_if"]],
            starts_at=cleaned["starts_at"],
            ends_at=cleaned["ends_at"],
        )
        if wrong:
            raise forms.ValidationError(wrong)
        return cleaned


@admin.register(Campaign)
class CampaignAdmin(KeptAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Campaigns: whatever is saved here goes back to review; the actions of the list move it on."""

    form = CampaignForm
    list_display = ("title", "vendor", "tier", "state", "served", "goal")
    list_filter = ("state", "tier", "vendor")
    readonly_fields = ("state", "review_note", "served")
    actions = ("submit", "approve", "reject", "end", "publish_served")

    def save_model(
        self, _request: HttpRequest, obj: Campaign, _form: "forms.ModelForm[Campaign]", _change: bool
    ) -> None:
        """Save through the one door."""
        actions.save_campaign(obj)

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Leave what has ended as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state != "ended")

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Let those review who may change campaigns and are staff."""
        return request.user.is_staff and self.has_change_permission(request)

    @admin.action(description="Hand to review", permissions=["change"])
    def submit(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """Hand drafts to review."""
        _each(request, queryset, actions.submit)

    @admin.action(description="Approve: it is shown", permissions=["review"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """Approve what is in review."""
        _each(request, queryset, actions.approve)

    @admin.action(description="Reject: it is not shown", permissions=["review"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """Reject what is in review, or shown."""
        _each(request, queryset, lambda campaign: actions.reject(campaign, f"Rejected by {request.user}."))

    @admin.action(description="End for good", permissions=["review"])
    def end(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """End campaigns."""
        _each(request, queryset, actions.end)

    @admin.action(description="Count and publish the views now", permissions=["review"])
    def publish_served(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> None:
        """Publish the views of campaigns without waiting for the hour."""
        _each(request, queryset, actions.publish_served)


@admin.register(Receipt)
class ReceiptAdmin(KeptAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Receipts: looked at, and refunded."""

    list_display = ("campaign", "day", "outcome", "refunded")
    list_filter = ("campaign", "outcome", "refunded")
    date_hierarchy = "day"
    actions = ("refund",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Receipts come from consoles."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Receipt | None = None) -> bool:
        """Receipts stay as they came."""
        return False

    def has_refund_permission(self, request: HttpRequest) -> bool:
        """Let those refund who may change receipts."""
        return super().has_change_permission(request)

    @admin.action(description="Refund", permissions=["refund"])
    def refund(self, _request: HttpRequest, queryset: QuerySet[Receipt]) -> None:
        """Mark receipts as refunded."""
        with transaction.atomic():
            actions.refund(list(queryset))


@admin.register(Report)
class ReportAdmin(KeptAdmin, admin.ModelAdmin):  # type: ignore[type-arg]
    """What members reported, for a person to look at."""

    list_display = ("campaign", "day", "handled")
    list_filter = ("handled",)
    fields = ("campaign", "day", "note", "handled")
    readonly_fields = ("campaign", "day", "handled")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Reports come from consoles."""
        return False

    def save_model(self, _request: HttpRequest, obj: Report, _form: "forms.ModelForm[Report]", _change: bool) -> None:
        """Note what was done, through the one door."""
        actions.handle_report(obj, obj.note)


def _each(request: HttpRequest, campaigns: QuerySet[Campaign], step: Callable[[Campaign], object]) -> None:
    """Take a step with each campaign, and say which it was refused to."""
    for campaign in campaigns:
        try:
            with transaction.atomic():
                step(campaign)
        except Refused as refused:
            messages.error(request, f"{campaign.title}: {refused}")
        else:
            messages.success(request, f"{campaign.title}: {campaign.get_state_display().lower()}.")
