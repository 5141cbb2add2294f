"""Answers as they are found: the mirror's index brings threads that match a query, and these are ranked."""

# ruff: noqa: PLC0415 - the index brings numpy, which takes 100 ms to import and is not needed before the first answer

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from rackside.answers.first_steps import every_card, first_steps, is_first_steps
from rackside.store import Store, documents, search
from rackside.watch.model import Alert
from rackside_protocol.answers import AlertRecord, FixRecord, PackedAnswer, alert_record_id
from rackside_protocol.documents import Document
from rackside_protocol.groups import Membership
from rackside_protocol.ideas import Idea
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.threads import Post, Thread

if TYPE_CHECKING:
    from rackside_protocol.queries import Query
    from rackside_ranking.quality import Answer, Candidate
    from rackside_ranking.ranking import Match

MOST_MATCHES = 100
MOST_GROUPS = 10_000
MOST_RECORDS = 50


def answers_for_alert(store: Store, alert: Alert, machine: str, *, limit: int = 20) -> "list[Answer]":
    """Find and rank the threads about an alert of this console; `machine` is its operating system with version."""
    return find_answers(store, query_of(alert, machine), limit=limit)


def answers_for_text(store: Store, text: str, machine: str, *, limit: int = 20) -> "list[Answer]":
    """Find and rank the threads about a text that is typed or pasted; the last word is completed."""
    from rackside.answers.context import from_text

    return find_answers(store, from_text(text, machine=machine), limit=limit, typed=text)


def query_of(alert: Alert, machine: str, more: str = "") -> "Query":
    """Make the query of an alert that the console raised, with more words if a person has some."""
    from rackside.answers.context import from_alert

    summary = f"{alert.summary} {more}"
    return from_alert(alert.signature, summary, component=alert.component, machine=machine)


def find_answers(store: Store, query: "Query", *, limit: int = 20, typed: str = "") -> "list[Answer]":
    """Find and rank the threads that this console holds, whole or in the answer pack, and its first-steps cards.

    An empty query finds nothing.

    `typed` is a text that may still be being typed: its last word is completed.
    """
    from rackside.answers.index import ConsoleIndex
    from rackside_ranking.quality import rank
    from rackside_ranking.ranking import Match
    from rackside_ranking.ranking import search as ranked_search

    matches = {str(each.problem): each for each in ranked_search(ConsoleIndex(store), query, limit=MOST_MATCHES)}
    least = min((each.score for each in matches.values()), default=0.0)
    for hit in search.find(store, typed, kinds=("thread",), limit=limit) if typed else ():
        matches.setdefault(hit.id, Match(hit.id, hit.id, least, 1.0))
    packed = {each.thread.id: each for each in _packed(store, query, matches.values())}
    if query.alert:
        same = [thread.id for thread in documents.with_alert(store, query.alert)]
        card = first_steps(query.alert)
        same += [card.id] if card else []
        matches = {each: Match(each, each, 0.0, 0.0) for each in (*same, *packed)} | matches
    candidates = _candidates(store, query, matches, packed)
    return rank(query, candidates, now_ms=int(time.time() * 1000), limit=limit)


def _packed(store: Store, query: "Query", matches: "Iterable[Match]") -> Iterator[PackedAnswer]:
    """Yield the packed answers that were found, and those of the query's alert."""
    for match in matches:
        held = documents.get(store, str(match.best))
        if isinstance(held, PackedAnswer):
            yield held
    if query.alert:
        yield from documents.of_kind(store, PackedAnswer, parent=query.alert)


def _candidates(
    store: Store, query: "Query", matches: "Mapping[str, Match]", packed: Mapping[Id, PackedAnswer]
) -> "Iterator[Candidate]":
    """Yield each thread once: as it is held, or else as the answer pack has it."""
    from rackside_ranking.quality import Candidate, fix_of

    followed = {membership.group for membership in documents.of_kind(store, Membership, limit=MOST_GROUPS)}
    for thread_id, match in matches.items():
        card = every_card().get(thread_id)
        if card is not None:
            yield Candidate(card, match.score, match.said, first_steps=True)
            continue
        thread = documents.get(store, thread_id)
        answer = packed.get(thread_id)
        if isinstance(thread, Thread):
            best, records = best_post(store, thread), documents.of_kind(store, FixRecord, parent=thread_id)
        elif answer is not None:
            thread, records = answer.thread, answer.records
            best = next((post for post in answer.posts if post.accepted), None)
        else:
            continue
        yield Candidate(
            thread,
            match.score,
            match.said,
            helpful=best.helpful if best else 0,
            elsewhere=answer is not None and thread.group not in followed,
            outdated=best is not None and best.outdated > best.works,
            fix=fix_of(query, records, partial(_seen, store)),
        )


def _seen(store: Store, signature: str) -> AlertRecord | None:
    held = documents.get(store, alert_record_id(signature))
    return held if isinstance(held, AlertRecord) else None


def find_others(store: Store, text: str, *, limit: int = 10) -> list[Idea | Member]:
    """Find features and people by the words of a text, the last one as far as it is typed."""
    hits = search.find(store, text, kinds=("idea", "member"), limit=limit)
    held = (documents.get(store, hit.id) for hit in hits)
    return [each for each in held if isinstance(each, Idea | Member)][:limit]


def best_post(store: Store, thread: Thread) -> Post | None:
    """Return a thread's accepted post, if it has one that is here."""
    accepted: Document | None = documents.get(store, thread.accepted) if thread.accepted else None
    return accepted if isinstance(accepted, Post) else None


def similar(store: Store, text: str, alert: Alert | None = None, *, limit: int = 5) -> "list[Answer]":
    """Find threads like one that is being written, and like the alert that it is about: "has this been asked?"."""
    from rackside.answers.context import from_text

    found = find_answers(store, query_of(alert, "", text) if alert else from_text(text), limit=limit + 1)
    return [each for each in found if not is_first_steps(each.thread)][:limit]
