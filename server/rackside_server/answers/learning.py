"""What the community learns from its own threads: word vectors, learned anew when it has grown, in the answer pack.

They are learned from public threads alone, since everybody gets them.
"""

from collections.abc import Iterator
from typing import Final

from django.db import transaction

from rackside_protocol.answers import LearnedWords, learned_words_id
from rackside_protocol.documents import Document
from rackside_ranking.learning import learn_from
from rackside_ranking.segment import Text
from rackside_server.answers.models import LearnedPart, Wording
from rackside_server.feed.channels import ANSWERS
from rackside_server.feed.clock import now_ms
from rackside_server.feed.publish import announcing, publish, withdraw
from rackside_server.threads.models import Thread

MOST_THREADS: Final = 50_000
"""The newest ones: 30 s on one core."""
GROWTH: Final = 1.2
"""What was learned is learned anew when there are so many times as many threads as then."""


def learn() -> int:
    """Learn word vectors if the community has grown enough since the last time; return from how many threads."""
    indexed = Wording.objects.filter(thread__in=Thread.objects.visible_to(None)).exclude(numbers=None)
    threads = min(MOST_THREADS, indexed.count())
    last = LearnedPart.objects.values_list("threads", flat=True).first() or 0
    if threads < GROWTH * last:
        return 0
    rows = list(indexed.select_related("thread").order_by("-pk")[:MOST_THREADS])
    places = {row.pk: place for place, row in enumerate(rows)}
    problems = [places.get(row.thread.duplicate_of_id or row.pk, place) for place, row in enumerate(rows)]
    vectors = learn_from([Text.unpacked(bytes(row.numbers)) for row in rows if row.numbers], problems)
    if vectors is None:
        return 0
    _replace(vectors.packed(), threads)
    return threads


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield the documents of what was learned last, with their channel."""
    rows = list(LearnedPart.objects.order_by("part"))
    for row in rows:
        yield ANSWERS, _document(row, len(rows))


def _replace(packed: list[bytes], threads: int) -> None:
    with transaction.atomic(), announcing():
        before = LearnedPart.objects.count()
        LearnedPart.objects.all().delete()
        made = now_ms()
        rows = [
            LearnedPart(part=part, threads=threads, learned_ms=made, packed=each) for part, each in enumerate(packed)
        ]
        for row in LearnedPart.objects.bulk_create(rows):
            publish(_document(row, len(rows)), ANSWERS)
        for part in range(len(rows), before):
            withdraw(learned_words_id(part), ANSWERS)


def _document(row: LearnedPart, parts: int) -> LearnedWords:
    return LearnedWords(
        id=learned_words_id(row.part), part=row.part, parts=parts, learned_ms=row.learned_ms, packed=bytes(row.packed)
    )
