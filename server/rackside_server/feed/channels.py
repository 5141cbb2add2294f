"""May she see it? The only place that answers, once per channel (invariant 3)."""

from collections.abc import Iterable
from typing import Final

from django.apps import apps

from rackside_protocol.groups import group_channel
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member

PUBLIC: Final = "public"
ANSWERS: Final = "answers"
"""The answer pack: of public groups only."""
STAFF: Final = "staff"


def vendor_channel(slug: str) -> str:
    """Return the channel that a vendor's members read."""
    return f"vendor:{slug}"


def followed_by(member: Member) -> list[str]:
    """Return the channels that are synced to a member's consoles."""
    return followed_by_each([member])[member.pk]


def followed_by_each(members: Iterable[Member]) -> dict[str, list[str]]:
    """Return the channels that are synced to the consoles of each of many members, by her id."""
    followed = {}
    for member in members:
        followed[member.pk] = [PUBLIC, ANSWERS, personal_channel(member.pk)]
        if member.is_staff:
            followed[member.pk].append(STAFF)
        if member.vendor:
            followed[member.pk].append(vendor_channel(member.vendor))
    memberships = apps.get_model("groups", "GroupMember").objects.filter(member__in=list(followed))
    for member_id, slug in memberships.values_list("member_id", "group__slug"):
        followed[member_id].append(group_channel(slug))
    return followed


def readable_by(member: Member | None) -> list[str]:
    """Return the channels that a member may read: those she follows, and every public group's. None is a visitor."""
    open_slugs = apps.get_model("groups", "Group").objects.filter(private=False).values_list("slug", flat=True)
    names = dict.fromkeys(followed_by(member) if member is not None else [PUBLIC, ANSWERS])
    names.update(dict.fromkeys(map(group_channel, open_slugs)))
    return list(names)


def may_read(member: Member | None, channel: str) -> bool:
    """Say whether a member, or a visitor, may read a channel."""
    return channel in readable_by(member)


def follows(member: Member, channel: str) -> bool:
    """Say whether a channel is synced to a member's consoles, so that she sees there what she writes."""
    return channel in followed_by(member)
