"""Nouns of sponsoring: vendors, campaigns, serving keys, receipts and reports.

A receipt does not name the member whose console sent it, and a row that bills is never deleted: a refund marks it.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from rackside_server.sponsors import rules

if TYPE_CHECKING:
    from rackside_server.accounts.models import Member

TIERS = [("paid", "Paid"), ("community", "Community"), ("house", "House")]
STATES = [
    ("draft", "Draft"),
    ("in_review", "In review"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("ended", "Ended"),
]
"""An approved campaign runs between its two moments; nothing has to happen at either."""
OUTCOMES = [("viewed", "Viewed"), ("clicked", "Clicked"), ("dismissed", "Dismissed"), ("reported", "Reported")]
SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Lower-case letters and digits, parted by single hyphens.")


class Vendor(models.Model):
    """A company that may sponsor panels. Its members carry its badge."""

    id = models.CharField(primary_key=True, max_length=32)
    slug = models.CharField(unique=True, max_length=40, validators=[SLUG])
    name = models.CharField(max_length=60)
    url = models.CharField(blank=True, max_length=500)
    about = models.CharField(blank=True, max_length=300)

    def __str__(self) -> str:
        return self.name


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns as one member may see them."""

    def visible_to(self, member: "Member | None") -> "CampaignQuerySet":
        """Return the approved campaigns; to staff all, and to a vendor's members all of their own."""
        if member is not None and member.is_staff:
            return self.all()
        own = models.Q(vendor__slug=member.vendor) if member is not None and member.vendor else models.Q(pk__in=[])
        return self.filter(models.Q(state="approved") | own)


class Campaign(models.Model):
    """A creative with its terms. `ecpm` is the bid for a thousand views; `goal` and `served` count views."""

    id = models.CharField(primary_key=True, max_length=32)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="campaigns")
    tier = models.CharField(max_length=10, choices=TIERS, default="paid")
    title = models.CharField(max_length=rules.TITLE_CHARACTERS)
    body = models.CharField(max_length=rules.BODY_CHARACTERS)
    link = models.CharField(max_length=500, help_text="https only.")
    terms = models.JSONField(default=list, blank=True, help_text="Local facts that match, such as disk.used.")
    never_if = models.JSONField(default=list, blank=True, help_text="Local facts that rule it out: the product itself.")
    ecpm = models.DecimalField(max_digits=8, decimal_places=2, default=1)
    goal = models.PositiveIntegerField(default=0, help_text="Views bought; 0 for no pacing.")
    starts_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty for at once.")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="UTC; empty for no end.")
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    review_note = models.CharField(max_length=400, blank=True)
    served = models.PositiveIntegerField(default=0)
    published_ms = models.BigIntegerField(default=0)

    objects = CampaignQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.vendor}: {self.title}"

    def phase(self, now: datetime) -> str:
        """Return the state with time taken into account: an approved campaign is running within its moments."""
        if self.state != "approved" or (self.starts_at is not None and now < self.starts_at):
            return self.state
        return "ended" if self.ends_at is not None and now >= self.ends_at else "running"


class ServingKey(models.Model):
    """The secret with which one member's consoles sign servings in one month."""

    id = models.CharField(primary_key=True, max_length=32)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="serving_keys")
    secret = models.CharField(max_length=64)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "first_day"], name="serving_key_once")]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"


class Receipt(models.Model):
    """One outcome of one serving. `serving` is a keyed hash of key, day and serial: it names nobody."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="receipts")
    serving = models.CharField(max_length=64)
    day = models.DateField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    refunded = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["serving", "outcome"], name="receipt_once")]
        indexes: ClassVar = [models.Index(fields=["campaign", "day", "outcome"], name="receipt_by_campaign")]

    def __str__(self) -> str:
        return f"{self.outcome} on {self.day}"


class Report(models.Model):
    """Somebody reported a campaign: a person of the staff looks at it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reports")
    day = models.DateField()
    handled = models.BooleanField(default=False)
    note = models.CharField(max_length=400, blank=True)

    def __str__(self) -> str:
        return f"{self.campaign} on {self.day}"
