"""Threads by the thousand, for importers. The one way besides `actions` to change rows of threads.

Nobody acts here: no limits, no points and no votes of members, and nothing is announced before `announce`. Rows that
are there already stay as they are, so each function can be called again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import connection

from rackside_server.feed.publish import announcing, publish
from rackside_server.threads.documents import post_document, thread_document
from rackside_server.threads.models import Post, Thread
from rackside_server.threads.signals import thread_changed

_COUNT: Final = """
    UPDATE threads_thread SET replies = replies + %s, active_ms = CASE WHEN active_ms < %s THEN %s ELSE active_ms END
    WHERE id = %s
"""
_ACCEPT: Final = "UPDATE threads_thread SET accepted_id = %s WHERE id = %s"
_LINK: Final = "UPDATE threads_thread SET duplicate_of_id = %s WHERE id = %s"
_HELPFUL_POST: Final = "UPDATE threads_post SET helpful = helpful + %s WHERE id = %s"
_HELPFUL_THREAD: Final = "UPDATE threads_thread SET helpful = helpful + %s WHERE id = %s"


def add_threads(threads: Iterable[Thread]) -> int:
    """Add questions; return how many were new."""
    listed = list(threads)
    held = set(Thread.objects.filter(pk__in=[thread.pk for thread in listed]).values_list("pk", flat=True))
    return len(Thread.objects.bulk_create([thread for thread in listed if thread.pk not in held]))


def add_posts(posts: Iterable[Post]) -> int:
    """Add answers and comments whose thread is there, and count them on it; return how many were new."""
    listed = list(posts)
    known = set(Thread.objects.filter(pk__in={post.thread_id for post in listed}).values_list("pk", flat=True))
    answered = {post.reply_to_id for post in listed if post.reply_to_id}
    there = set(Post.objects.filter(pk__in=answered).values_list("pk", flat=True)) | {post.pk for post in listed}
    held = set(Post.objects.filter(pk__in=[post.pk for post in listed]).values_list("pk", flat=True))
    new = [post for post in listed if post.thread_id in known and post.pk not in held]
    for post in new:
        if post.reply_to_id not in there:
            post.reply_to_id = None
    Post.objects.bulk_create(new)
    counts: dict[str, tuple[int, int]] = {}
    for post in new:
        count, newest = counts.get(post.thread_id, (0, 0))
        counts[post.thread_id] = (count + 1, max(newest, post.created_ms))
    _run(_COUNT, [(count, newest, newest, thread) for thread, (count, newest) in counts.items()])
    return len(new)


def accept(pairs: Mapping[str, str]) -> None:
    """Mark posts as accepted, by thread; a post that is not there is passed over."""
    posts = set(Post.objects.filter(pk__in=pairs.values()).values_list("pk", flat=True))
    _run(_ACCEPT, [(post, thread) for thread, post in pairs.items() if post in posts])


def link_duplicates(pairs: Mapping[str, str]) -> None:
    """Mark threads as the same problem as another."""
    there = set(Thread.objects.filter(pk__in={*pairs, *pairs.values()}).values_list("pk", flat=True))
    same = [(original, thread) for thread, original in pairs.items() if thread != original]
    _run(_LINK, [pair for pair in same if there.issuperset(pair)])


def add_helpful(counts: Mapping[str, int]) -> None:
    """Add helpful votes to questions and posts, by their id."""
    rows = [(count, item) for item, count in counts.items()]
    _run(_HELPFUL_POST, rows)
    _run(_HELPFUL_THREAD, rows)


def announce(after: str, limit: int, *, group: str, posts: bool) -> str:
    """Announce the next questions, or posts, of a group by their ids; return the last id, '' at the end."""
    with announcing():
        if posts:
            found = list(
                Post.objects.filter(pk__gt=after, thread__group=group).select_related("thread").order_by("pk")[:limit]
            )
            for post in found:
                publish(post_document(post), post.thread.channel)
            return found[-1].pk if found else ""
        threads = list(Thread.objects.filter(pk__gt=after, group=group).order_by("pk")[:limit])
        for thread in threads:
            publish(thread_document(thread), thread.channel)
            thread_changed.send(Thread, thread=thread)
        return threads[-1].pk if threads else ""


def _run(statement: str, rows: Sequence[tuple[str | int, ...]]) -> None:
    """Run one statement for each row: the ORM takes ten times as long to write an update as SQLite to do it."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
