"""Answers as they are found: a query goes to the text search over the mirror, and what it brings is ranked."""

import time
from collections.abc import Iterable, Iterator, Mapping

from rackside.answers.context import Query
from rackside.answers.ranking import Answer, Candidate, rank
from rackside.store import Store, documents, search
from rackside_protocol.answers import PackedAnswer
from rackside_protocol.documents import Document
from rackside_protocol.groups import Membership
from rackside_protocol.ideas import Idea
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.threads import Post, Thread

MOST_CANDIDATES = 200
KINDS = ("thread", "post", "packed_answer")
MOST_GROUPS = 10_000
POST_SHARE = 0.8
"""What a hit in a post is worth to its thread, beside a hit in the question."""


def find_answers(store: Store, query: Query, *, limit: int = 20, typed: str = "") -> list[Answer]:
    """Find and rank the threads that this console holds, whole or in the answer pack; an empty query finds nothing.

    `typed` is a text that may still be being typed: its last word is completed.
    """
    if not query.asked and not typed:
        return []
    hits = search.match(store, query.match(), kinds=KINDS, limit=MOST_CANDIDATES)
    hits += search.find(store, typed, kinds=KINDS, limit=limit) if typed else []
    relevance: dict[Id, float] = {}
    packed: dict[Id, PackedAnswer] = {}
    for hit in hits:
        held = documents.get(store, hit.id)
        if isinstance(held, PackedAnswer):
            packed[held.thread.id] = held
        thread_id, share = _about(held, hit.id)
        relevance[thread_id] = max(relevance.get(thread_id, 0.0), hit.score * share)
    if query.kind:
        packed |= {each.thread.id: each for each in documents.of_kind(store, PackedAnswer, parent=query.kind)}
        same = [thread.id for thread in documents.with_alert(store, query.kind)]
        relevance = dict.fromkeys([*same, *packed], 0.0) | relevance
    candidates = _candidates(store, relevance, packed)
    return rank(query, candidates, now_ms=int(time.time() * 1000), limit=limit)


def _about(held: Document | None, hit: Id) -> tuple[Id, float]:
    """Return the thread that a hit is in, and what the hit is worth to it."""
    if isinstance(held, Post):
        return held.thread, POST_SHARE
    return (held.thread.id, 1.0) if isinstance(held, PackedAnswer) else (hit, 1.0)


def _candidates(store: Store, relevance: Mapping[Id, float], packed: Mapping[Id, PackedAnswer]) -> Iterator[Candidate]:
    """Yield each thread once: as it is held, or else as the answer pack has it."""
    followed = {membership.group for membership in documents.of_kind(store, Membership, limit=MOST_GROUPS)}
    for thread_id, score in relevance.items():
        thread = documents.get(store, thread_id)
        if isinstance(thread, Thread):
            yield Candidate(thread, score, best_votes(store, thread))
        elif thread_id in packed:
            answer = packed[thread_id]
            helpful = max((post.helpful for post in answer.posts if post.accepted), default=0)
            yield Candidate(answer.thread, score, helpful, elsewhere=answer.thread.group not in followed)


def find_others(store: Store, text: str, *, limit: int = 10) -> list[Idea | Member]:
    """Find features and people by the words of a text, the last one as far as it is typed."""
    hits = search.find(store, text, kinds=("idea", "member"), limit=limit)
    held = (documents.get(store, hit.id) for hit in hits)
    return [each for each in held if isinstance(each, Idea | Member)][:limit]


def best_votes(store: Store, thread: Thread) -> int:
    """Return the helpful votes of a thread's accepted post, or 0."""
    accepted: Document | None = documents.get(store, thread.accepted) if thread.accepted else None
    return accepted.helpful if isinstance(accepted, Post) else 0


def similar(store: Store, query: Query, *, leave_out: Iterable[Id] = (), limit: int = 5) -> list[Answer]:
    """Find threads like one that is being written, for "has this been asked?"."""
    left_out = set(leave_out)
    return [each for each in find_answers(store, query, limit=limit + len(left_out)) if each.thread.id not in left_out][
        :limit
    ]
