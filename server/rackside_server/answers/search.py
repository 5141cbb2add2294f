"""The community's index of answers, as the ranking asks it for one member: what she may not see is never compared.

Segments never change once they are made, so each process keeps those it has read.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from django.db.models import Count, QuerySet

from rackside_protocol.answers import PackedAnswer
from rackside_protocol.queries import FoundAnswer, Query
from rackside_ranking import quality, ranking
from rackside_ranking.quality import Candidate
from rackside_ranking.ranking import Held, Match, Place
from rackside_ranking.segment import Segment, Text
from rackside_ranking.vectors import WordVectors
from rackside_server.accounts.models import Member
from rackside_server.answers.documents import best_posts, packed_answer
from rackside_server.answers.models import LearnedPart, StoredSegment, Wording
from rackside_server.answers.records import alert_record
from rackside_server.feed.clock import now_ms
from rackside_server.threads.models import Thread

MOST_MATCHES: Final = 100
LOOKED_THROUGH: Final = 500
"""Threads that wait for the index and are searched all the same; the newest ones."""
KEPT_SEGMENTS: Final = 64
LONGEST_BODY: Final = 500
"""Terms of a thread's question and best posts together."""


def find(member: Member, query: Query, *, limit: int) -> list[FoundAnswer]:
    """Find and rank the threads that a member may see."""
    index = CommunityIndex(member)
    matches = {str(match.problem): match for match in ranking.search(index, query, limit=MOST_MATCHES)}
    threads = index.visible.filter(pk__in=matches).select_related("group")
    found = {thread.pk: packed_answer(thread) for thread in threads}
    candidates = [_candidate(query, answer, matches[pk]) for pk, answer in found.items()]
    ranked = quality.rank(query, candidates, now_ms=now_ms(), limit=limit)
    return [FoundAnswer(answer=found[each.thread.id], why=list(each.why)) for each in ranked]


def _candidate(query: Query, answer: PackedAnswer, match: Match) -> Candidate:
    best = next((post for post in answer.posts if post.accepted), None)
    return Candidate(
        answer.thread,
        match.score,
        match.said,
        helpful=best.helpful if best else 0,
        outdated=best is not None and best.outdated > best.works,
        fix=quality.fix_of(query, answer.records, alert_record),
    )


class CommunityIndex:
    """The index over the threads that one member may see. Names are ids of threads."""

    def __init__(self, member: Member) -> None:
        self.visible: QuerySet[Thread] = Thread.objects.visible_to(member)
        self._stored = [_stored(pk) for pk in StoredSegment.objects.order_by("pk").values_list("pk", flat=True)]
        waiting = Wording.objects.filter(segment=0, thread__in=self.visible).order_by("-pk")[:LOOKED_THROUGH]
        self._waiting = {each.pk: text_of(each) for each in waiting.select_related("thread")}

    @cached_property
    def vectors(self) -> WordVectors | None:
        """The word vectors that were learned last, if any were."""
        newest = LearnedPart.objects.order_by("-learned_ms").values_list("learned_ms", flat=True).first()
        return _learned(newest) if newest else None

    @cached_property
    def segments(self) -> Sequence[Segment]:
        """The stored ones, and one in memory of what waits."""
        return [*(each.segment for each in self._stored), Segment.of(list(self._waiting.values()))]

    def held(self, places: Sequence[Place]) -> list[Held]:
        """Return what stands at places, as far as the member may see it and it is still as it was indexed."""
        waiting = list(self._waiting)
        segments = {
            self._stored[place.segment].threads[place.place]: self._stored[place.segment].number
            for place in places
            if place.segment < len(self._stored)
        }
        segments |= {waiting[place.place]: 0 for place in places if place.segment >= len(self._stored)}
        rows = self._rows(list(segments))
        return self._as_held([row for row in rows if row.segment == segments[row.pk]])

    def named(self, names: Sequence[Hashable]) -> list[Held]:
        """Return threads by their ids, as far as the member may see them."""
        return self._as_held(self._rows([str(name) for name in names]))

    def _rows(self, ids: Sequence[str]) -> list[Wording]:
        return list(Wording.objects.filter(pk__in=ids, thread__in=self.visible).select_related("thread"))

    def _as_held(self, rows: Sequence[Wording]) -> list[Held]:
        seen = set(
            self.visible.filter(pk__in={row.thread.duplicate_of_id for row in rows}).values_list("pk", flat=True)
        )
        problems = {
            row.pk: row.thread.duplicate_of_id if row.thread.duplicate_of_id in seen else row.pk for row in rows
        }
        linked = self.visible.filter(duplicate_of__in=problems.values()).values_list("duplicate_of").order_by()
        duplicates = dict(linked.annotate(Count("pk")))
        return [
            Held(
                name=row.pk,
                problem=problems[row.pk],
                is_problem=problems[row.pk] == row.pk,
                duplicates=duplicates.get(problems[row.pk], 0),
                text=self._waiting.get(row.pk) or text_of(row),
            )
            for row in rows
        ]


def text_of(row: Wording) -> Text:
    """Return the numbers of a thread's words, made anew where they wait."""
    if row.numbers is not None:
        return Text.unpacked(bytes(row.numbers))
    thread = row.thread
    body = "\n".join([thread.body, *(post.body for post in best_posts(thread))])
    text = Text.of(thread.title, " ".join([*thread.tags, thread.signature]), body)
    return text._replace(body=text.body[:LONGEST_BODY])


@dataclass(frozen=True)
class _Stored:
    number: int
    threads: Sequence[str]
    segment: Segment


@lru_cache(maxsize=1)
def _learned(learned_ms: int) -> WordVectors:
    parts = LearnedPart.objects.filter(learned_ms=learned_ms).order_by("part")
    return WordVectors.unpacked([bytes(part.packed) for part in parts])


@lru_cache(maxsize=KEPT_SEGMENTS)
def _stored(pk: int) -> _Stored:
    row = StoredSegment.objects.get(pk=pk)
    ids = bytes(row.threads).hex()
    threads = [ids[at : at + 32] for at in range(0, len(ids), 32)]
    segment = Segment(
        documents=len(threads),
        terms=np.frombuffer(bytes(row.terms), "<u4"),
        starts=np.frombuffer(bytes(row.starts), "<u4"),
        holders=np.frombuffer(bytes(row.holders), "<u4"),
        impacts=np.frombuffer(bytes(row.impacts), "u1"),
    )
    return _Stored(pk, threads, segment)
