"""What is shown of a thread: the documents overlaid with what this member wrote and the server has not shown yet.

Pure. Each overlay is a set or is keyed by an id, so an action that is already in the documents changes nothing again.
"""

from collections.abc import Iterable

import msgspec

from rackside.store.outbox import Pending
from rackside_protocol.ids import Id
from rackside_protocol.threads import (
    Accept,
    Ask,
    Delete,
    EditPost,
    EditThread,
    Evidence,
    Freshness,
    Mark,
    MeToo,
    Post,
    Reply,
    Thread,
    VoteHelpful,
    evidence_id,
)


def show_thread(thread: Thread, pending: Iterable[Pending], *, voted: bool, me_too: bool) -> Thread | None:
    """Overlay one thread; None when its author is deleting it.

    Args:
        thread: as the server has it.
        pending: actions not yet in the documents, oldest first; those about other things are passed over.
        voted: whether the documents already hold her helpful vote on the question.
        me_too: whether they already hold her "I have this too".
    """
    shown = thread
    for entry in pending:
        action = entry.action
        if action.target != thread.id or entry.state == "refused":
            continue
        match action:
            case Delete():
                return None
            case EditThread():
                shown = msgspec.structs.replace(shown, title=action.title, body=action.body, tags=action.tags)
            case Accept():
                shown = msgspec.structs.replace(shown, accepted=action.post)
            case VoteHelpful():
                shown = msgspec.structs.replace(shown, helpful=thread.helpful + action.on - voted)
            case MeToo():
                shown = msgspec.structs.replace(shown, me_too=thread.me_too + action.on - me_too)
            case _:
                pass
    return shown


def show_post(post: Post, pending: Iterable[Pending], *, voted: bool, marked: Freshness = "") -> Post | None:
    """Overlay one post, as `show_thread` does; an acceptance of this or of another post in its thread is shown too.

    `marked` is what the documents already hold of her on whether it still works.
    """
    shown = post
    for entry in pending:
        action = entry.action
        if entry.state == "refused":
            continue
        match action:
            case Delete(item=post.id):
                return None
            case EditPost(post=post.id):
                shown = msgspec.structs.replace(shown, body=action.body)
            case VoteHelpful(item=post.id):
                shown = msgspec.structs.replace(shown, helpful=post.helpful + action.on - voted)
            case Mark(post=post.id):
                works, outdated = ((action.freshness == each) - (marked == each) for each in ("works", "outdated"))
                shown = msgspec.structs.replace(shown, works=post.works + works, outdated=post.outdated + outdated)
            case Accept(thread=post.thread):
                shown = msgspec.structs.replace(shown, accepted=action.post == post.id)
            case _:
                pass
    return shown


def marked(pending: Iterable[Pending], post: Id, *, otherwise: Freshness) -> Freshness:
    """Return what she said last of whether a post still works: the outbox's word, else the server's."""
    said = [
        entry.action.freshness
        for entry in pending
        if isinstance(entry.action, Mark) and entry.action.post == post and entry.state != "refused"
    ]
    return said[-1] if said else otherwise


def show_evidence(evidence: Iterable[Evidence], pending: Iterable[Pending], thread: Id, me: Id) -> list[Evidence]:
    """Overlay the contexts given in a thread, newest first: hers as she gave it last, or not when she takes it back."""
    shown = {each.id: each for each in evidence}
    own = evidence_id(thread, me)
    for entry in pending:
        match entry.action:
            case MeToo(thread=about, on=on, capsule=capsule) if about == thread and entry.state != "refused":
                if not on:
                    shown.pop(own, None)
                elif capsule:
                    shown[own] = Evidence(
                        id=own, thread=thread, author=me, capsule=capsule, created_ms=entry.created_ms
                    )
            case _:
                pass
    return sorted(shown.values(), key=lambda each: (each.created_ms, each.id), reverse=True)


def asked(pending: Iterable[Pending], me: Id) -> list[Thread]:
    """Return the threads that exist only as her own questions in the outbox."""
    return [
        Thread(
            id=action.id,
            group=action.group,
            author=me,
            title=action.title,
            body=action.body,
            tags=action.tags,
            created_ms=entry.created_ms,
            signature=action.signature,
            capsule=action.capsule,
            how_to=action.how_to,
        )
        for entry in pending
        if isinstance(action := entry.action, Ask)
    ]


def replied(pending: Iterable[Pending], thread: Id, me: Id) -> list[Post]:
    """Return the posts of a thread that exist only as her own replies in the outbox."""
    return [
        Post(
            id=action.id,
            thread=thread,
            author=me,
            body=action.body,
            created_ms=entry.created_ms,
            reply_to=action.reply_to,
        )
        for entry in pending
        if isinstance(action := entry.action, Reply) and action.thread == thread
    ]
