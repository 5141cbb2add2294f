"""What is done with campaigns, keys and receipts: check, write, publish, in one transaction. The only writer.

Campaigns are made and reviewed by people in the admin, which calls the functions of this module.
"""

import hmac
import secrets
from datetime import date
from hashlib import sha256

from django.dispatch import receiver

from rackside_protocol import sponsors as wire
from rackside_protocol.ids import new_id
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.accounts.signals import member_joined, member_seen
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import publish, withdraw
from rackside_server.sponsors import rules
from rackside_server.sponsors.documents import campaign_document, serving_key_document
from rackside_server.sponsors.models import Campaign, Receipt, Report, ServingKey, Vendor


def save_vendor(vendor: Vendor) -> None:
    """Make a vendor, or change its name wherever it is shown."""
    vendor.pk = vendor.pk or new_id()
    vendor.save()
    for campaign in vendor.campaigns.filter(state="approved"):
        publish(campaign_document(campaign), PUBLIC)


def save_campaign(campaign: Campaign) -> None:
    """Make a campaign, or change one: whatever is changed goes back to review before it is shown again.

    Raises:
        Refused: the creative or a term breaks the rules, or the campaign has ended.
    """
    wrong = rules.wrong_campaign(
        title=campaign.title,
        body=campaign.body,
        link=campaign.link,
        terms=[*campaign.terms, *campaign.never_if],
        starts_at=campaign.starts_at,
        ends_at=campaign.ends_at,
    )
    if wrong:
        raise Refused("creative", wrong)
    _expect(campaign, "draft", "in_review", "approved", "rejected")
    campaign.pk = campaign.pk or new_id()
    _move(campaign, "draft" if campaign.state == "draft" else "in_review")


def submit(campaign: Campaign) -> None:
    """Hand a draft, or what was rejected, to review."""
    _expect(campaign, "draft", "rejected")
    _move(campaign, "in_review")


def approve(campaign: Campaign) -> None:
    """Let a reviewed campaign be shown between its two moments."""
    _expect(campaign, "in_review")
    _move(campaign, "approved")


def reject(campaign: Campaign, note: str) -> None:
    """Send a campaign back with a note that says why."""
    _expect(campaign, "in_review", "approved")
    campaign.review_note = note
    _move(campaign, "rejected")


def end(campaign: Campaign) -> None:
    """Stop a campaign for good."""
    _expect(campaign, "approved", "in_review", "draft", "rejected")
    _move(campaign, "ended")


def end_finished() -> int:
    """End every campaign whose last moment has passed; return how many."""
    finished = list(Campaign.objects.filter(state="approved", ends_at__lt=rules.moment(now_ms())))
    for campaign in finished:
        end(campaign)
    return len(finished)


@receiver([member_joined, member_seen])
def give_key(member: Member, **_: object) -> ServingKey:
    """Return the member's serving key of this month, making it and taking the outlived ones away."""
    today = rules.day_of(now_ms())
    first, last = rules.key_period(today)
    key = ServingKey.objects.filter(member=member, first_day=first).first()
    if key is not None:
        return key
    for old in ServingKey.objects.filter(member=member, last_day__lt=rules.oldest_day(today)):
        withdraw(old.pk, personal_channel(member.pk))
        old.delete()
    key = ServingKey.objects.create(
        id=new_id(), member=member, secret=secrets.token_hex(rules.SECRET_BYTES), first_day=first, last_day=last
    )
    publish(serving_key_document(key), personal_channel(member.pk))
    return key


@handles(wire.SendReceipt)
def receive(member: Member, action: wire.SendReceipt) -> None:
    """Count what became of a serving, once; what comes from vendors and staff is taken and not counted."""
    serving, key = _verify(member, action)
    shown = Campaign.objects.filter(published_ms__gt=0)
    campaign = shown.select_for_update().filter(pk=serving.campaign).first()
    if campaign is None:
        raise Refused("unknown_campaign", "This campaign was never shown.")
    blind = _blind(key.secret, serving)
    earlier = Receipt.objects.filter(serving=blind)
    if earlier.exclude(campaign=campaign).exists():
        raise Refused("used", "This serving was used for another campaign already.")
    if action.outcome == "clicked" and not earlier.filter(outcome="viewed").exists() and _counts(member):
        raise Refused("not_viewed", "A click counts only after a view.")
    if earlier.filter(outcome=action.outcome).exists():
        return
    if action.outcome == "reported":
        Report.objects.create(campaign=campaign, day=serving.day)
    if _counts(member):
        Receipt.objects.create(campaign=campaign, serving=blind, day=serving.day, outcome=action.outcome)
        if abs(now_ms() - campaign.published_ms) >= rules.REPUBLISH_SERVED_EVERY_MS:
            publish_served(campaign)


def publish_served(campaign: Campaign) -> None:
    """Count the views that bill, and publish the campaign if it is shown."""
    campaign.served = campaign.receipts.filter(outcome="viewed", refunded=False).count()
    campaign.published_ms = now_ms()
    campaign.save(update_fields=["served", "published_ms"])
    if campaign.state == "approved":
        publish(campaign_document(campaign), PUBLIC)


def refund(receipts: list[Receipt]) -> None:
    """Mark receipts as refunded: they stay, and do not bill."""
    Receipt.objects.filter(pk__in=[each.pk for each in receipts]).update(refunded=True)
    for campaign in Campaign.objects.filter(pk__in={each.campaign_id for each in receipts}):
        publish_served(campaign)


def handle_report(report: Report, note: str) -> None:
    """Note what a person of the staff did about a report."""
    report.handled, report.note = True, note
    report.save(update_fields=["handled", "note"])


def _move(campaign: Campaign, state: str) -> None:
    campaign.state = state
    campaign.save()
    if state == "approved":
        publish_served(campaign)
    elif campaign.published_ms:
        withdraw(campaign.pk, PUBLIC)


def _expect(campaign: Campaign, *states: str) -> None:
    if campaign.state not in states:
        raise Refused("wrong_state", f"This campaign is {campaign.get_state_display().lower()}; that cannot be done.")


def _counts(member: Member) -> bool:
    return not (member.is_staff or member.vendor)


def _verify(member: Member, action: wire.SendReceipt) -> tuple[wire.Serving, ServingKey]:
    """Return what a receipt's token says, and the member's own key that signed it."""
    serving = wire.read_serving(action.token)
    if serving is None or serving.day != action.day:
        raise Refused("token", "This receipt is malformed.")
    wrong = rules.wrong_day(action.day, now_ms()) or rules.wrong_serial(serving.serial)
    if wrong:
        raise Refused("token", wrong)
    key = ServingKey.objects.filter(pk=serving.key, member=member).first()
    if key is None or not key.first_day <= date.fromisoformat(action.day) <= key.last_day:
        raise Refused("token", "This receipt's key is not yours, or not of its month.")
    if not hmac.compare_digest(wire.sign_serving(key.secret, serving).encode(), action.token.encode()):
        raise Refused("token", "This receipt is not signed by its key.")
    return serving, key


def _blind(secret: str, serving: wire.Serving) -> str:
    """Return what a serving is remembered by: without the key, which is thrown away, nobody can tell whose it was."""
    return hmac.new(bytes.fromhex(secret), f"serving.{serving.day}.{serving.serial}".encode(), sha256).hexdigest()
