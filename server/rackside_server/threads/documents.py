"""Rows of threads as documents of the feed."""

from collections.abc import Iterator
from typing import Literal, cast

from rackside_protocol import threads as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import MyVote, my_vote_id, personal_channel
from rackside_server.threads.models import FreshnessMark, HelpfulVote, MeTooVote, Post, Sourced, Thread


def thread_document(thread: Thread) -> wire.Thread:
    """Return the document of a question."""
    return wire.Thread(
        id=thread.id,
        group=thread.group_id,
        author=thread.author_id,
        title=thread.title,
        body=thread.body,
        tags=thread.tags,
        created_ms=thread.created_ms,
        edited_ms=thread.edited_ms,
        active_ms=thread.active_ms,
        replies=thread.replies,
        helpful=thread.helpful,
        me_too=thread.me_too,
        accepted=thread.accepted_id,
        signature=thread.signature,
        capsule=thread.capsule,
        duplicate_of=thread.duplicate_of_id,
        source=_source(thread),
        how_to=thread.how_to,
    )


def post_document(post: Post) -> wire.Post:
    """Return the document of a post."""
    return wire.Post(
        id=post.id,
        thread=post.thread_id,
        author=post.author_id,
        body=post.body,
        created_ms=post.created_ms,
        edited_ms=post.edited_ms,
        helpful=post.helpful,
        accepted=post.thread.accepted_id == post.id,
        reply_to=post.reply_to_id,
        source=_source(post),
        works=post.works,
        works_ms=post.works_ms,
        outdated=post.outdated,
        versions=post.versions,
    )


def helpful_document(vote: HelpfulVote) -> MyVote:
    """Return the document by which a member's consoles know her helpful vote."""
    return MyVote(
        id=my_vote_id(vote.member_id, vote.item, "helpful"), item=vote.item, ballot="helpful", since_ms=vote.created_ms
    )


def me_too_document(vote: MeTooVote) -> MyVote:
    """Return the document by which a member's consoles know her "I have this too"."""
    return MyVote(
        id=my_vote_id(vote.member_id, vote.thread_id, "me_too"),
        item=vote.thread_id,
        ballot="me_too",
        since_ms=vote.created_ms,
    )


def evidence_document(vote: MeTooVote) -> wire.Evidence:
    """Return the document of the context that a member gave with her "I have this too"."""
    return wire.Evidence(
        id=wire.evidence_id(vote.thread_id, vote.member_id),
        thread=vote.thread_id,
        author=vote.member_id,
        capsule=vote.capsule,
        created_ms=vote.created_ms,
    )


def evidence_shown(thread: Thread) -> list[MeTooVote]:
    """Return the votes whose contexts are shown: of each organisation the first that has one."""
    first: dict[str, MeTooVote] = {}
    for vote in thread.me_too_votes.exclude(capsule="").order_by("created_ms", "pk"):
        first.setdefault(vote.organisation, vote)
    return list(first.values())


def freshness_document(mark: FreshnessMark) -> MyVote:
    """Return the document by which a member's consoles know her word on whether a post still works."""
    ballot = cast("Literal['works', 'outdated']", mark.freshness)
    return MyVote(
        id=my_vote_id(mark.member_id, mark.post_id, ballot), item=mark.post_id, ballot=ballot, since_ms=mark.marked_ms
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of threads, made from the rows as they are now, with its channel."""
    for thread in Thread.objects.filter(deleted_ms=0):
        yield thread.channel, thread_document(thread)
    for post in Post.objects.filter(deleted_ms=0).select_related("thread"):
        yield post.thread.channel, post_document(post)
    for helpful in HelpfulVote.objects.all():
        yield personal_channel(helpful.member_id), helpful_document(helpful)
    for me_too in MeTooVote.objects.all():
        yield personal_channel(me_too.member_id), me_too_document(me_too)
    for mark in FreshnessMark.objects.all():
        yield personal_channel(mark.member_id), freshness_document(mark)
    for thread in Thread.objects.filter(pk__in=MeTooVote.objects.exclude(capsule="").values("thread")):
        for vote in evidence_shown(thread):
            yield thread.channel, evidence_document(vote)


def _source(text: Sourced) -> wire.Source | None:
    if not text.source_url:
        return None
    return wire.Source(url=text.source_url, author=text.source_author, licence=text.source_licence)
