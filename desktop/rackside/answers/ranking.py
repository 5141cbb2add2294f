"""Which thread first, and why: the words that match, the same signature, and what peers made of the answers. Pure.

Sponsorship is not an argument of anything here: no field of a campaign, a vendor or a sponsor can move an answer.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rackside.answers.context import Query
from rackside_protocol.threads import Thread

SAME_SIGNATURE: Final = 1.0
SAME_KIND: Final = 0.7
ACCEPTED: Final = 0.25
HELPFUL: Final = 0.1
"""For each doubling of the helpful votes on the thread and its best post."""
MOST_HELPFUL: Final = 0.4
UNANSWERED: Final = -0.2
PREFERRED: Final = 0.05
"""For each word of this machine, such as its operating system, that stands in the thread."""
LEAST_SCORE: Final = 0.2
"""Threads that match less than this beside the best one are left out."""
YEARLY_AGE: Final = -0.03
OLDEST_YEARS: Final = 8
YEAR_MS: Final = 365 * 86_400_000
MOST_NAMED: Final = 3


@dataclass(frozen=True)
class Candidate:
    """A thread that the text search brought, with its BM25 score (higher is better) and its best post's votes.

    `elsewhere` says that it is here with the answer pack only, from a group that this member does not follow.
    """

    thread: Thread
    relevance: float
    helpful: int = 0
    elsewhere: bool = False


@dataclass(frozen=True)
class Answer:
    """A ranked thread with the reasons, in words, why it stands where it does."""

    thread: Thread
    score: float
    why: tuple[str, ...]


def rank(query: Query, candidates: Iterable[Candidate], *, now_ms: int, limit: int = 20) -> list[Answer]:
    """Order the candidates, best first; duplicates are collapsed on the thread that they duplicate."""
    found = _collapse({each.thread.id: each for each in candidates})
    best = max((each.relevance for each in found), default=0.0) or 1.0
    judged = (_judge(query, each, each.relevance / best, now_ms) for each in found)
    answers = [answer for answer in judged if answer.score >= LEAST_SCORE]
    answers.sort(key=lambda answer: (-answer.score, answer.thread.id))
    return answers[:limit]


def _collapse(found: Mapping[str, Candidate]) -> list[Candidate]:
    kept = dict(found)
    for each in found.values():
        canonical = found.get(each.thread.duplicate_of or "")
        if canonical is not None and canonical is not each:
            kept.pop(each.thread.id, None)
            best = kept.get(canonical.thread.id, canonical)
            kept[canonical.thread.id] = replace(
                canonical, relevance=max(best.relevance, each.relevance), helpful=max(best.helpful, each.helpful)
            )
    return list(kept.values())


def _judge(query: Query, candidate: Candidate, relevance: float, now_ms: int) -> Answer:
    thread = candidate.thread
    base, quality, why = relevance, 0.0, []
    if query.kind and thread.signature.partition("/")[0] == query.kind:
        same = thread.signature == query.signature
        base += SAME_SIGNATURE if same else SAME_KIND
        why.append("same alert")
    if thread.accepted:
        quality += ACCEPTED
        why.append("accepted answer")
    elif not thread.replies:
        quality += UNANSWERED
        why.append("no reply yet")
    helpful = max(thread.helpful, candidate.helpful)
    if helpful:
        quality += min(MOST_HELPFUL, HELPFUL * math.log2(1 + helpful))
        why.append(f"{helpful} found it helpful")
    if thread.me_too:
        why.append(f"{thread.me_too} had it too")
    quality += PREFERRED * len(preferred(query, thread))
    quality += YEARLY_AGE * min(OLDEST_YEARS, max(0, now_ms - thread.moment_ms) / YEAR_MS)
    if named := matched_words(query, thread):
        why.append("mentions " + ", ".join(named))
    if candidate.elsewhere:
        why.append("not in your groups")
    return Answer(thread, base * (1.0 + quality), tuple(why))


def preferred(query: Query, thread: Thread) -> list[str]:
    """Return the words of this machine that stand in the thread."""
    text = " ".join(thread.words).lower()
    return [term.word for term in query.terms if term not in query.asked and term.word in text]


def matched_words(query: Query, thread: Thread) -> list[str]:
    """Return the heaviest words of the query that stand in the thread's title, tags or body, the title's first."""
    title, body, tags = (part.lower() for part in thread.words)
    in_title = [term for term in query.asked if term.word in title or term.word in tags]
    in_body = [term for term in query.asked if term.word in body and term not in in_title]
    ordered = sorted(in_title, key=lambda term: -term.weight) + sorted(in_body, key=lambda term: -term.weight)
    return [term.word for term in ordered if not term.word.isdigit()][:MOST_NAMED]
