"""Rows of threads as the documents of the answer pack."""

from collections.abc import Iterator
from typing import Final, TypeVar

import msgspec
from django.db.models import Max

from rackside_protocol import threads as wire
from rackside_protocol.answers import ALERT_KINDS, PackedAnswer, alert_kind, packed_answer_id
from rackside_protocol.documents import Document
from rackside_server.answers import invitations, learning, records, rules
from rackside_server.feed.channels import ANSWERS
from rackside_server.threads.documents import post_document, thread_document
from rackside_server.threads.models import Post, Thread

_BEST: Final = """
    SELECT * FROM threads_post WHERE thread_id = %s AND deleted_ms = 0
    ORDER BY id = %s DESC, helpful DESC, created_ms, id LIMIT %s
"""
"""Plain: to compile it anew took the ORM a tenth of what writing a reply takes."""
TextT = TypeVar("TextT", wire.Thread, wire.Post)


def packed_answer(thread: Thread) -> PackedAnswer:
    """Return the document of a thread in the pack, from its rows as they are now."""
    posts = best_posts(thread)
    return PackedAnswer(
        id=packed_answer_id(thread.pk),
        thread=_cut(msgspec.structs.replace(thread_document(thread), capsule="")),
        posts=[_cut(post_document(post)) for post in posts],
        records=records.fix_records([post.pk for post in posts]),
    )


def best_posts(thread: Thread) -> list[Post]:
    """Return the accepted answer and the most helpful other posts, the older first of those that are alike."""
    accepted = thread.accepted_id or ""
    posts = list(Post.objects.raw(_BEST, [thread.pk, accepted, rules.OTHER_POSTS + bool(accepted)]))
    for post in posts:
        post.thread = thread
    return posts


def may_be_packed(thread: Thread) -> bool:
    """Say whether a thread is an answer to an alert that everybody may read."""
    answers = bool(thread.replies or thread.how_to) and not thread.deleted_ms and thread.duplicate_of_id is None
    return answers and bool(alert_kind(thread.signature)) and not thread.group.private


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of the feature, made from the rows as they are now, with its channel."""
    yield from records.fresh()
    yield from invitations.fresh()
    yield from learning.fresh()
    found: dict[str, list[Thread]] = {kind: [] for kind in ALERT_KINDS}
    for thread in Thread.objects.exclude(signature="").select_related("group"):
        if may_be_packed(thread):
            found[alert_kind(thread.signature)].append(thread)
    for threads in found.values():
        threads.sort(key=lambda thread: (-_score(thread), thread.pk))
        for thread in threads[: rules.BEST_OF_AN_ALERT]:
            yield ANSWERS, packed_answer(thread)


def score(thread: Thread, most_helpful: int | None) -> int:
    """Return what a thread is worth to the pack, by the votes of its most helpful post; a how-to's own count, too."""
    votes = max(most_helpful or 0, thread.helpful if thread.how_to else 0)
    return rules.score(accepted=bool(thread.accepted_id), most_helpful=votes, me_too=thread.me_too)


def _score(thread: Thread) -> int:
    return score(thread, thread.posts.filter(deleted_ms=0).aggregate(most=Max("helpful"))["most"])


def _cut(document: TextT) -> TextT:
    return msgspec.structs.replace(document, body=rules.cut(document.body))
