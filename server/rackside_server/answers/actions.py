"""What becomes of the answer pack when a thread changes: its candidates are kept, and the best of them announced.

Nobody acts on the pack itself. It follows the threads, in the transaction in which they change.
"""

from collections.abc import Iterable
from functools import partial
from secrets import randbits
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from rackside_protocol.answers import alert_kind, packed_answer_id
from rackside_ranking.segment import Segment
from rackside_server.answers import documents, rules
from rackside_server.answers.models import Candidate, StoredSegment, Wording
from rackside_server.answers.search import text_of
from rackside_server.feed.channels import ANSWERS
from rackside_server.feed.publish import announcing, publish_late, withdraw
from rackside_server.groups.models import Group
from rackside_server.threads.models import Thread
from rackside_server.threads.signals import thread_changed

_PLACE: Final = """
    SELECT (SELECT max(helpful) FROM threads_post WHERE thread_id = %s AND deleted_ms = 0), alert, score, packed
    FROM (SELECT 1) AS one LEFT JOIN answers_candidate ON thread_id = %s
"""
_IN_LINE: Final = """
    SELECT thread_id, score, packed FROM answers_candidate WHERE alert = %s AND (packed OR thread_id IN (
        SELECT thread_id FROM answers_candidate WHERE alert = %s ORDER BY score DESC, thread_id LIMIT %s))
"""
"""Of one kind of alert: what is in the pack, and what shall be."""


_WAIT: Final = """
    INSERT INTO answers_wording (thread_id, segment, numbers) VALUES (%s, 0, NULL)
    ON CONFLICT (thread_id) DO UPDATE SET segment = 0, numbers = NULL
"""
_WAIT_ALL: Final = """
    INSERT INTO answers_wording (thread_id, segment, numbers)
    SELECT id, 0, NULL FROM threads_thread WHERE deleted_ms = 0
    AND NOT EXISTS (SELECT 1 FROM answers_wording WHERE thread_id = threads_thread.id)
"""
AT_ONCE: Final = 1_000
"""Threads that are put into a segment in one transaction."""
LARGEST_SEGMENT: Final = 32_768


class _Place(NamedTuple):
    """What a thread's answers are worth now; and as a candidate its alert, what they were worth, whether it is in."""

    score: int
    alert: str | None
    held_score: int | None
    packed: bool


@receiver(thread_changed)
def follow(thread: Thread, **_: object) -> None:
    """Have a thread that was written in, voted on or taken back wait for the index, and keep its place in line.

    Most threads have none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, [thread.pk])
    if not alert_kind(thread.signature) and not thread.deleted_ms:
        return
    place = _place(thread)
    if place.packed:
        _announce(thread)
    if not documents.may_be_packed(thread) or place.score != place.held_score:
        _choose(_move(thread, place))


@receiver(post_save, sender=Group)
def follow_group(instance: Group, *, created: bool, **_: object) -> None:
    """Take the threads of a group that is private now out of the pack, or those of one that is public now in."""
    if created or Candidate.objects.filter(thread__group=instance.slug).exists() != instance.private:
        return
    with announcing():
        _fill(Thread.objects.filter(group=instance.slug))


def fill() -> int:
    """Make the pack of the threads that were there before it, or anew; return how many answers are in it."""
    with transaction.atomic(), announcing():
        _fill(Thread.objects.exclude(signature="").select_related("group"))
    return Candidate.objects.filter(packed=True).count()


def _fill(threads: Iterable[Thread]) -> None:
    for alert in sorted({_move(thread, _place(thread)) for thread in threads}):
        _choose(alert)


def _place(thread: Thread) -> _Place:
    """Return a thread's place in line; nobody else chooses for its alert until the transaction ends."""
    if connection.features.has_select_for_update:
        of = Candidate.objects.filter(pk=thread.pk).values_list("alert", flat=True)
        packed = Candidate.objects.filter(alert=alert_kind(thread.signature) or of.first(), packed=True)
        list(packed.order_by("pk").select_for_update().values_list("pk"))
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [thread.pk, thread.pk])
        most_helpful, alert, held_score, is_packed = cursor.fetchone()
    return _Place(documents.score(thread, most_helpful), alert, held_score, bool(is_packed))


def _move(thread: Thread, place: _Place) -> str:
    """Put a thread in line where it stands now, or out of line; return the alert that is concerned, if any."""
    if documents.may_be_packed(thread):
        alert = alert_kind(thread.signature)
        candidate = {"alert": alert, "score": place.score}
        Candidate.objects.update_or_create(pk=thread.pk, defaults=candidate)
        return alert
    if place.packed:
        withdraw(packed_answer_id(thread.pk), ANSWERS)
    if place.alert is not None:
        Candidate.objects.filter(pk=thread.pk).delete()
    return place.alert or ""


def _choose(alert: str) -> None:
    """Bring the pack of one alert to its best candidates: announce who comes in, withdraw who falls out."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_LINE, [alert, alert, rules.BEST_OF_AN_ALERT])
        in_line = sorted(cursor.fetchall(), key=lambda row: (-row[1], row[0]))
    best = {thread for thread, _, _ in in_line[: rules.BEST_OF_AN_ALERT]}
    packed = {thread for thread, _, is_packed in in_line if is_packed}
    if best == packed:
        return
    Candidate.objects.filter(pk__in=packed - best).update(packed=False)
    Candidate.objects.filter(pk__in=best - packed).update(packed=True)
    for fallen in sorted(packed - best):
        withdraw(packed_answer_id(fallen), ANSWERS)
    for thread in Thread.objects.filter(pk__in=best - packed).order_by("pk"):
        _announce(thread)


def _announce(thread: Thread) -> None:
    publish_late(packed_answer_id(thread.pk), ANSWERS, partial(documents.packed_answer, thread))


def index_all() -> int:
    """Put every thread that waits into the index, those of bulk doors too; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_ALL)
    indexed = 0
    while put := _index_some():
        indexed += put
    return indexed


def _index_some() -> int:
    """Put some threads that wait into a segment, and make it one with the small ones (Bentley and Saxe, 1980)."""
    with transaction.atomic():
        rows = list(Wording.objects.select_for_update().filter(segment=0).order_by("pk")[:AT_ONCE])
        if not rows:
            return 0
        found, documents = len(rows), len(rows)
        for small in StoredSegment.objects.order_by("documents", "pk").only("pk", "documents"):
            if small.documents > documents or small.documents + documents > LARGEST_SEGMENT:
                break
            documents += small.documents
            rows += Wording.objects.select_for_update().filter(segment=small.pk)
            small.delete()
        texts = [text_of(row) for row in rows]
        made, number = Segment.of(texts), randbits(62) or 1
        StoredSegment.objects.create(
            pk=number,
            documents=len(rows),
            threads=bytes.fromhex("".join(row.pk for row in rows)),
            terms=made.terms.tobytes(),
            starts=made.starts.tobytes(),
            holders=made.holders[:].tobytes(),
            impacts=made.impacts[:].tobytes(),
        )
        for row, text in zip(rows, texts, strict=True):
            row.segment, row.numbers = number, text.packed()
        Wording.objects.bulk_update(rows, ["segment", "numbers"], batch_size=100)
    return found
