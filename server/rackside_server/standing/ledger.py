"""The points ledger: append-only, so that every total can be recomputed and every award traced. The only writer."""

from typing import Final

from django.db import connection
from django.db.models import Sum
from django.dispatch import receiver

from rackside_protocol.standing import personal_channel, standing_id
from rackside_server.accounts.models import Member
from rackside_server.accounts.signals import member_changed, member_joined
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.clock import now_ms
from rackside_server.feed.publish import announcing, publish_late
from rackside_server.standing import rules
from rackside_server.standing.documents import member_document, standing_document
from rackside_server.standing.models import Entry, Total

ACCEPTED: Final = "accepted"
_SO_FAR: Final = f"""
    SELECT
        (SELECT count(*) FROM standing_entry WHERE member_id = %s AND why = %s AND about = %s),
        (SELECT coalesce(sum(points), 0) FROM standing_entry WHERE member_id = %s AND at_ms >= %s AND points > 0
            AND why NOT IN ({", ".join(["%s"] * len(rules.UNCAPPED))})),
        (SELECT count(*) FROM standing_entry WHERE member_id = %s AND at_ms >= %s AND why = %s AND points > 0)
"""  # noqa: S608 - marks


def award(member: Member, why: str, about: str, points: int) -> int:
    """Give a member points for a deed, once, within the limits of the day.

    Args:
        member: who earned them.
        why: the kind of deed, such as `accepted`.
        about: the id of what was done.
        points: what the deed is worth; negative takes points away.

    Returns:
        The points given: 0 when the deed had its award already, or the day its fill.
    """
    with announcing():
        total = _lock(member)
        turn, given_today, awards_today = _so_far(member, why, about)
        if _stands(turn):
            return 0
        given = rules.points_given(why, points, given_today=given_today, awards_today=awards_today)
        _write(total, Entry(member=member, why=why, about=about, turn=turn, points=given))
    return given


def reverse(member: Member, why: str, about: str) -> int:
    """Take an award back by an entry of its own; return the points taken, 0 when there was none."""
    with announcing():
        total = _lock(member)
        newest = Entry.objects.filter(member=member, why=why, about=about).order_by("turn").last()
        if newest is None or not _stands(newest.turn + 1):
            return 0
        _write(total, Entry(member=member, why=why, about=about, turn=newest.turn + 1, points=-newest.points))
    return newest.points


def points_of(member: Member) -> int:
    """Sum a member's points from the ledger."""
    return int(Entry.objects.filter(member=member).aggregate(sum=Sum("points"))["sum"] or 0)


def accepted_answers_of(member: Member) -> int:
    """Count a member's accepted answers from the ledger: an award adds one, its reversal takes it away."""
    accepted = Entry.objects.filter(member=member, why=ACCEPTED).values_list("turn", flat=True)
    return sum(1 if _stands(turn + 1) else -1 for turn in accepted)


def recount(member: Member) -> None:
    """Write a member's totals anew from the ledger."""
    Total.objects.update_or_create(
        member=member, defaults={"points": points_of(member), "accepted_answers": accepted_answers_of(member)}
    )
    refresh_standing(member)


def refresh_standing(member: Member) -> None:
    """Publish a member's public profile and her own standing, as they are when the transaction ends."""
    with announcing():
        pk = member.pk
        publish_late(pk, PUBLIC, lambda: member_document(Member.objects.get(pk=pk)))
        publish_late(standing_id(pk), personal_channel(pk), lambda: standing_document(Member.objects.get(pk=pk)))


@receiver([member_joined, member_changed])
def _introduce(sender: type[Member], member: Member, **_: object) -> None:  # noqa: ARG001 - Django names the arguments
    refresh_standing(member)


def _lock(member: Member) -> Total:
    """Hold a member's totals until the transaction ends, so that no two awards see the same day."""
    held = Total.objects.select_for_update(no_key=True)
    total = held.filter(member=member).first()
    if total is None:
        Total.objects.bulk_create([Total(member=member)], ignore_conflicts=True)
        total = held.get(member=member)
    return total


def _stands(turn: int) -> bool:
    """Say whether, after so many entries on one deed, its award stands: award and reversal take turns."""
    return turn % 2 == 1


def _write(total: Total, entry: Entry) -> None:
    entry.at_ms = now_ms()
    entry.save()
    total.points += entry.points
    if entry.why == ACCEPTED:
        total.accepted_answers += 1 if _stands(entry.turn + 1) else -1
    total.save(update_fields=["points", "accepted_answers"])
    refresh_standing(entry.member)


def _so_far(member: Member, why: str, about: str) -> tuple[int, int, int]:
    """Return the entries on a deed, and of the day the points that count against its cap and the awards of this kind.

    Points count whether or not they were taken back since. One statement of plain SQL: each text that is written earns,
    and three queries of the ORM took a third of a reply's time.
    """
    now = now_ms()
    today = now - now % rules.DAY_MS
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, [member.pk, why, about, member.pk, today, *rules.UNCAPPED, member.pk, today, why])
        turn, given, awards = cursor.fetchone()
    return turn, int(given), awards
