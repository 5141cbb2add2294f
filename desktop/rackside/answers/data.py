"""Answers as they are found: a query goes to the text search over the mirror, and what it brings is ranked."""

import time
from collections.abc import Iterable

from rackside.answers.context import Query
from rackside.answers.ranking import Answer, Candidate, rank
from rackside.store import Store, documents, search
from rackside_protocol.documents import Document
from rackside_protocol.ideas import Idea
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.threads import Post, Thread

MOST_CANDIDATES = 200
KINDS = ("thread", "post")
POST_SHARE = 0.8
"""What a hit in a post is worth to its thread, beside a hit in the question."""


def find_answers(store: Store, query: Query, *, limit: int = 20, typed: str = "") -> list[Answer]:
    """Find and rank the threads that this console holds for a query; an empty query finds nothing.

    `typed` is a text that may still be being typed: its last word is completed.
    """
    if not query.asked and not typed:
        return []
    relevance: dict[Id, float] = {}
    hits = search.match(store, query.match(), kinds=KINDS, limit=MOST_CANDIDATES)
    hits += search.find(store, typed, kinds=KINDS, limit=limit) if typed else []
    for hit in hits:
        held = documents.get(store, hit.id)
        thread_id, share = (held.thread, POST_SHARE) if isinstance(held, Post) else (hit.id, 1.0)
        relevance[thread_id] = max(relevance.get(thread_id, 0.0), hit.score * share)
    for same in documents.with_alert(store, query.kind) if query.kind else ():
        relevance.setdefault(same.id, 0.0)
    candidates = [
        Candidate(thread, score, best_votes(store, thread))
        for thread_id, score in relevance.items()
        if isinstance(thread := documents.get(store, thread_id), Thread)
    ]
    return rank(query, candidates, now_ms=int(time.time() * 1000), limit=limit)


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
