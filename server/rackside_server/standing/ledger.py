"""The points ledger: append-only, so that every total can be recomputed and every award traced. The only writer."""

from django.db.models import F, Q, Sum
from django.dispatch import receiver

from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.accounts.signals import member_changed, member_joined
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.clock import now_ms
from rackside_server.feed.publish import announcing, publish
from rackside_server.standing import rules
from rackside_server.standing.documents import member_document, standing_document
from rackside_server.standing.models import Entry, Total


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
        _lock(member)
        turn = Entry.objects.filter(member=member, why=why, about=about).count()
        if _stands(turn):
            return 0
        given = rules.points_given(why, points, given_today=_given_today(member), awards_today=_awards(member, why))
        _write(member, why, about, turn, given)
    return given


def reverse(member: Member, why: str, about: str) -> int:
    """Take an award back by an entry of its own; return the points taken, 0 when there was none."""
    with announcing():
        _lock(member)
        entries = Entry.objects.filter(member=member, why=why, about=about).order_by("turn")
        turn, newest = len(entries), entries.last()
        if newest is None or not _stands(turn):
            return 0
        _write(member, why, about, turn, -newest.points)
    return newest.points


def points_of(member: Member) -> int:
    """Sum a member's points from the ledger."""
    return int(Entry.objects.filter(member=member).aggregate(sum=Sum("points"))["sum"] or 0)


def accepted_answers_of(member: Member) -> int:
    """Count a member's accepted answers from the ledger: an award adds one, its reversal takes it away."""
    accepted = Entry.objects.filter(member=member, why="accepted").values_list("turn", flat=True)
    return sum(1 if _stands(turn + 1) else -1 for turn in accepted)


def recount(member: Member) -> None:
    """Write a member's totals anew from the ledger."""
    Total.objects.update_or_create(
        member=member, defaults={"points": points_of(member), "accepted_answers": accepted_answers_of(member)}
    )
    refresh_standing(member)


def refresh_standing(member: Member) -> None:
    """Publish a member's public profile and her own standing as they are now."""
    with announcing():
        publish(member_document(member), PUBLIC)
        publish(standing_document(member), personal_channel(member.pk))


@receiver([member_joined, member_changed])
def _introduce(sender: type[Member], member: Member, **_: object) -> None:  # noqa: ARG001 - Django names the arguments
    refresh_standing(member)


def _lock(member: Member) -> None:
    """Hold a member's totals until the transaction ends, so that no two awards see the same day."""
    Total.objects.get_or_create(member=member)
    Total.objects.select_for_update(no_key=True).get(member=member)


def _stands(turn: int) -> bool:
    """Say whether, after so many entries on one deed, its award stands: award and reversal take turns."""
    return turn % 2 == 1


def _write(member: Member, why: str, about: str, turn: int, points: int) -> None:
    Entry.objects.create(member=member, why=why, about=about, turn=turn, points=points, at_ms=now_ms())
    accepted = 0 if why != "accepted" else (1 if _stands(turn + 1) else -1)
    Total.objects.filter(member=member).update(
        points=F("points") + points, accepted_answers=F("accepted_answers") + accepted
    )
    refresh_standing(member)


def _today() -> Q:
    now = now_ms()
    return Q(at_ms__gte=now - now % rules.DAY_MS)


def _given_today(member: Member) -> int:
    """Sum what counts against the day's cap: points given, whether or not they were taken back since."""
    capped = Entry.objects.filter(_today(), member=member, points__gt=0).exclude(why__in=rules.UNCAPPED)
    return int(capped.aggregate(sum=Sum("points"))["sum"] or 0)


def _awards(member: Member, why: str) -> int:
    return Entry.objects.filter(_today(), member=member, why=why, points__gt=0).count()
