"""Which answer first, and why: how well it matches, the same alert, and what peers made of it. Pure.

Sponsorship is not an argument of anything here: no field of a campaign, a vendor or a sponsor can move an answer.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rackside_protocol.answers import AlertRecord, FixRecord, alert_kind
from rackside_protocol.queries import Query
from rackside_protocol.threads import Thread
from rackside_ranking.fixes import lift, untreated_rate
from rackside_ranking.words import term, words_of

SAME_SIGNATURE: Final = 5.0
"""In log odds, as all of these; a match of the words gives up to about 15."""
SAME_KIND: Final = 4.0
FIRST_STEPS: Final = 100.0
"""Above all others, for their own alert."""
VERIFIED: Final = 6.0
"""For a fix that cures every machine where nothing cures itself."""
VERIFIED_ELSEWHERE: Final = 1.5
"""The same for a query that names no alert: the fix cures the thread's trouble, which may be another one."""
ACCEPTED: Final = 1.0
HELPFUL: Final = 0.2
"""For each doubling of the helpful votes on the thread or its best post."""
MOST_HELPFUL: Final = 1.0
UNANSWERED: Final = -0.8
OUTDATED: Final = -2.0
PREFERRED: Final = 0.2
"""For each word of this machine, such as its operating system, that stands in the thread."""
MOST_PREFERRED: Final = 0.6
YEARLY_AGE: Final = -0.05
OLDEST_YEARS: Final = 8
YEAR_MS: Final = 365 * 86_400_000
LEAST_SAID: Final = 0.2
"""Of what a query says; what matches less is left out, unless it is about the same alert."""
CREDITS: Final = 1_000
"""Thousandths of machines, as records have them."""
MOST_NAMED: Final = 3


@dataclass(frozen=True)
class Fix:
    """What became of an alert where an answer was tried; `tried` and `cleared` are machines, one an organisation.

    `credited_*` are the same, each weighed by what its sender's word is worth; `untreated` is the rate at which the
    alert clears where nothing was tried.
    """

    tried: int
    cleared: int
    credited_tried: float
    credited_cleared: float
    untreated: float


@dataclass(frozen=True)
class Candidate:
    """A thread that was found, how well it matches in log odds, and how much of the query it says, from 0 to 1.

    `helpful` are the votes of its best post. `elsewhere` says that it is here with the answer pack only, from a group
    that this member does not follow; `outdated` that those who marked its best answer say so; `first_steps` that it is
    a card that comes with the console, which stands above the peers' answers for its alert.
    """

    thread: Thread
    score: float = 0.0
    said: float = 0.0
    helpful: int = 0
    elsewhere: bool = False
    outdated: bool = False
    first_steps: bool = False
    fix: Fix | None = None


@dataclass(frozen=True)
class Answer:
    """A ranked thread with the reasons, in words, why it stands where it does."""

    thread: Thread
    score: float
    why: tuple[str, ...]


def fix_of(query: Query, records: Iterable[FixRecord], seen: Callable[[str], AlertRecord | None]) -> Fix | None:
    """Return what became of the query's alert, or of any, where the best of a thread's posts was tried.

    Args:
        query: what is asked.
        records: of the thread's posts.
        seen: returns for a signature what became of the alert where nothing was tried.
    """
    found = [
        _fix(each, seen(each.signature))
        for each in records
        if not query.alert or alert_kind(each.signature) == query.alert
    ]
    return max(found, key=lambda fix: (_lift(fix), fix.tried), default=None)


def _fix(record: FixRecord, seen: AlertRecord | None) -> Fix:
    untreated = untreated_rate(seen.cleared, seen.seen) if seen else untreated_rate(0, 0)
    tried, cleared = record.credited_tried / CREDITS, record.credited_cleared / CREDITS
    return Fix(record.all.tried, record.all.cleared, tried, cleared, untreated)


def _lift(fix: Fix) -> float:
    return lift(fix.credited_tried, fix.credited_cleared, fix.untreated)


def rank(query: Query, candidates: Iterable[Candidate], *, now_ms: int, limit: int = 20) -> list[Answer]:
    """Order the candidates, best first, and leave out what says too little of the query."""
    wanted = {term(word): word for word in query.words}
    answers = [
        _judge(query, wanted, each, now_ms)
        for each in candidates
        if each.said >= LEAST_SAID or _is_same_kind(query, each.thread)
    ]
    answers.sort(key=lambda answer: (-answer.score, answer.thread.id))
    return answers[:limit]


def _is_same_kind(query: Query, thread: Thread) -> bool:
    return bool(query.alert) and thread.signature.partition("/")[0].strip() == query.alert


def _judge(query: Query, wanted: dict[int, str], candidate: Candidate, now_ms: int) -> Answer:
    grounds = [
        *_of_cards(query, candidate),
        *_of_ledger(query, candidate),
        *_of_alert(query, candidate.thread),
        *_of_peers(candidate),
        *_of_words(query, wanted, candidate, now_ms),
    ]
    worth = sum(each for each, _ in grounds)
    return Answer(candidate.thread, candidate.score + worth, tuple(why for _, why in grounds if why))


def _of_alert(query: Query, thread: Thread) -> Iterator[tuple[float, str]]:
    if _is_same_kind(query, thread):
        yield (SAME_SIGNATURE if thread.signature == query.signature else SAME_KIND), "same alert"


def _of_cards(query: Query, candidate: Candidate) -> Iterator[tuple[float, str]]:
    if candidate.first_steps:
        yield (FIRST_STEPS if _is_same_kind(query, candidate.thread) else 0.0), "first steps"


def _of_ledger(query: Query, candidate: Candidate) -> Iterator[tuple[float, str]]:
    if fix := candidate.fix:
        yield (
            (VERIFIED if query.alert else VERIFIED_ELSEWHERE) * _lift(fix),
            f"cleared on {fix.cleared} of {fix.tried} machines",
        )


def _of_peers(candidate: Candidate) -> Iterator[tuple[float, str]]:
    """Yield what peers made of a thread, surest first: what it is worth, and how that is said."""
    thread = candidate.thread
    if thread.accepted:
        yield ACCEPTED, "accepted answer"
    elif thread.how_to:
        yield 0.0, "" if candidate.first_steps else "how-to"
    elif not thread.replies:
        yield UNANSWERED, "no reply yet"
    if candidate.outdated:
        yield OUTDATED, "said to be outdated"
    if helpful := max(thread.helpful, candidate.helpful):
        yield min(MOST_HELPFUL, HELPFUL * math.log2(1 + helpful)), f"{helpful} found it helpful"
    if thread.me_too:
        yield 0.0, f"{thread.me_too} had it too"


def _of_words(query: Query, wanted: dict[int, str], candidate: Candidate, now_ms: int) -> Iterator[tuple[float, str]]:
    thread = candidate.thread
    said = {term(word) for text in thread.words for word in words_of(text)}
    named = [word for number, word in wanted.items() if number in said and not word.isdigit()][:MOST_NAMED]
    preferred = min(MOST_PREFERRED, PREFERRED * sum(term(word) in said for word in query.preferred))
    years = 0.0 if candidate.first_steps else min(OLDEST_YEARS, max(0, now_ms - thread.moment_ms) / YEAR_MS)
    yield preferred + YEARLY_AGE * years, f"mentions {', '.join(named)}" if named else ""
    if candidate.elsewhere:
        yield 0.0, "not in your groups"
