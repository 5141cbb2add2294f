"""Rows of sponsoring as documents of the feed."""

from collections.abc import Iterator
from typing import cast

from rackside_protocol import sponsors as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.feed.channels import PUBLIC
from rackside_server.sponsors import rules
from rackside_server.sponsors.models import Campaign, ServingKey


def campaign_document(campaign: Campaign) -> wire.Campaign:
    """Return the document of an approved campaign."""
    return wire.Campaign(
        id=campaign.id,
        vendor=campaign.vendor.slug,
        vendor_name=campaign.vendor.name,
        tier=cast("wire.Tier", campaign.tier),
        title=campaign.title,
        body=campaign.body,
        link=campaign.link,
        terms=campaign.terms,
        never_if=campaign.never_if,
        ecpm=float(campaign.ecpm),
        goal=campaign.goal,
        served=campaign.served,
        starts_ms=rules.moment_ms(campaign.starts_at),
        ends_ms=rules.moment_ms(campaign.ends_at),
    )


def serving_key_document(key: ServingKey) -> wire.ServingKey:
    """Return the document that hands a member's consoles their key."""
    return wire.ServingKey(
        id=key.id, secret=key.secret, first_day=key.first_day.isoformat(), last_day=key.last_day.isoformat()
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of sponsoring, made from the rows as they are now, with its channel."""
    for campaign in Campaign.objects.filter(state="approved").select_related("vendor"):
        yield PUBLIC, campaign_document(campaign)
    for key in ServingKey.objects.all():
        yield personal_channel(key.member_id), serving_key_document(key)
