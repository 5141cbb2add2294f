"""Rows of members and their totals as documents of the feed."""

from collections.abc import Iterator

from rackside_protocol import people, standing
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel, standing_id
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import PUBLIC
from rackside_server.standing import rules
from rackside_server.standing.budgets import idea_votes_used
from rackside_server.standing.models import Total


def member_document(member: Member, total: Total | None = None) -> people.Member:
    """Return a member's public profile; who has her totals at hand gives them, and saves a query."""
    total = total or _total(member)
    level = rules.level_of(total.points)
    return people.Member(
        id=member.pk,
        handle=member.handle,
        name=member.name,
        headline=member.headline,
        bio=member.bio,
        topics=member.topics,
        joined_ms=member.joined_ms,
        points=total.points,
        level=level.number,
        level_name=level.name,
        trust_level=member.trust_level,
        accepted_answers=total.accepted_answers,
        vendor=member.vendor,
        staff=member.is_staff,
    )


def standing_document(member: Member) -> standing.Standing:
    """Return what only the member herself sees of her points and budgets."""
    points = _total(member).points
    level = rules.level_of(points)
    return standing.Standing(
        id=standing_id(member.pk),
        points=points,
        level=level.number,
        level_name=level.name,
        next_level_points=level.next_points,
        trust_level=member.trust_level,
        idea_votes_allowed=rules.idea_votes_allowed(member.trust_level),
        idea_votes_used=idea_votes_used(member),
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield each document that the feed holds of members and standing, made anew from the rows, with its channel."""
    for member in Member.objects.all():
        yield PUBLIC, member_document(member)
        yield personal_channel(member.pk), standing_document(member)


def _total(member: Member) -> Total:
    return Total.objects.filter(pk=member.pk).first() or Total()
