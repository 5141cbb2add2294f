"""Rows of the ledger as documents: what became of alerts, by post, where nothing was tried, and one's own reports."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from rackside_protocol.answers import (
    AlertRecord,
    FixRecord,
    MyOutcome,
    StayedHours,
    Tally,
    alert_record_id,
    fix_record_id,
    my_outcome_id,
)
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.answers import rules
from rackside_server.answers.models import Outcome
from rackside_server.feed.channels import ANSWERS


def counts_as_cleared(outcome: Outcome) -> bool:
    """Say whether an alert cleared and was seen to stay so for a day."""
    return outcome.cleared and outcome.stayed_h >= rules.CLEARED_HOURS


def fix_records(posts: Sequence[str]) -> list[FixRecord]:
    """Return the records of these posts, in their order, and by signature."""
    place = {post: index for index, post in enumerate(posts)}
    found = _fix_records(Outcome.objects.filter(post__in=posts).select_related("post"))
    return sorted(found, key=lambda record: (place[record.post], record.signature))


def fix_record(post: str, signature: str) -> FixRecord | None:
    """Return the record of a post for one alert; None when nobody reports on it."""
    return next(iter(_fix_records(Outcome.objects.filter(post=post, signature=signature).select_related("post"))), None)


def alert_record(signature: str) -> AlertRecord | None:
    """Return the record of an alert where nothing was tried; None when nobody reports on it."""
    outcomes = list(Outcome.objects.filter(post=None, signature=signature))
    return _alert_record(signature, outcomes) if outcomes else None


def my_outcome(outcome: Outcome) -> MyOutcome:
    """Return a report as its sender sees it."""
    return MyOutcome(
        id=my_outcome_id(outcome.member_id, outcome.signature, outcome.post_id),
        signature=outcome.signature,
        post=outcome.post_id,
        cleared=outcome.cleared,
        stayed_h=cast("StayedHours", outcome.stayed_h),
        system=outcome.system,
        reported_ms=outcome.reported_ms,
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of the ledger, made from the rows as they are now, with its channel."""
    untreated: dict[str, list[Outcome]] = defaultdict(list)
    channels: dict[str, str] = {}
    treated = []
    for outcome in Outcome.objects.select_related("post__thread"):
        yield personal_channel(outcome.member_id), my_outcome(outcome)
        if outcome.post is None:
            untreated[outcome.signature].append(outcome)
        else:
            channels[outcome.post.pk] = outcome.post.thread.channel
            treated.append(outcome)
    for record in _fix_records(treated):
        yield channels[record.post], record
    for signature, outcomes in untreated.items():
        yield ANSWERS, _alert_record(signature, outcomes)


def _fix_records(outcomes: Iterable[Outcome]) -> list[FixRecord]:
    found: dict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.post is not None:
            found[outcome.post.pk, outcome.post.thread_id, outcome.signature].append(outcome)
    return [_fix_record(*key, each) for key, each in sorted(found.items())]


def _fix_record(post: str, thread: str, signature: str, outcomes: Sequence[Outcome]) -> FixRecord:
    by_system: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.system:
            by_system[outcome.system].append(outcome)
    systems = sorted((_tally(each, name) for name, each in by_system.items()), key=lambda row: (-row.tried, row.system))
    tried, cleared = rules.credit([each.weight for each in outcomes], list(map(counts_as_cleared, outcomes)))
    return FixRecord(
        id=fix_record_id(post, signature),
        post=post,
        thread=thread,
        signature=signature,
        all=_tally(outcomes),
        systems=systems[: rules.SYSTEMS_SHOWN],
        credited_tried=tried,
        credited_cleared=cleared,
    )


def _alert_record(signature: str, outcomes: Sequence[Outcome]) -> AlertRecord:
    cleared = sum(map(counts_as_cleared, outcomes))
    return AlertRecord(id=alert_record_id(signature), signature=signature, seen=len(outcomes), cleared=cleared)


def _tally(outcomes: Sequence[Outcome], system: str = "") -> Tally:
    cleared = [each for each in outcomes if counts_as_cleared(each)]
    lasting = sum(each.stayed_h >= rules.CLEARED_30_DAYS_HOURS for each in cleared)
    return Tally(system=system, tried=len(outcomes), cleared=len(cleared), cleared_30_days=lasting)
