"""What the cast of the demo community did, when: actions with ids derived from the keys of the texts. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple, cast

from rackside_protocol import answers, ideas, people, threads
from rackside_protocol.actions import Action
from rackside_protocol.answers import StayedHours
from rackside_protocol.ids import derived_id
from rackside_server.demo import content

HOUR_MS = 60 * 60 * 1_000
DAY_MS = 24 * HOUR_MS
JOINED_TO_PROFILE_H = 0.1
ACCEPTED_AFTER_H = 1.0
VOTES_APART_H = 0.5
DAY_H: Final = 24
LASTING_H: Final = 720
MOVED_ON_AFTER = 0.6
"""An idea's state is set when this share of its age has passed."""


class Act(NamedTuple):
    """Something a member of the cast did at a moment."""

    at_ms: float
    handle: str
    action: Action


def demo_id(kind: str, *key: str) -> str:
    """Return the id that something of the demo community always has."""
    return derived_id("demo", kind, *key)


def in_order(acts: Iterable[Act], now_ms: int) -> list[Act]:
    """Return acts by time, none of them in the future; those of one moment stay in the order given."""
    return sorted((act._replace(at_ms=min(act.at_ms, now_ms)) for act in acts), key=lambda act: act.at_ms)


def member_acts(member: content.Member, now_ms: int) -> Iterator[Act]:
    """Yield what a member does on joining: she writes her profile."""
    profile = people.EditProfile(
        id=demo_id("profile", member.handle),
        name=member.name,
        headline=member.headline,
        bio=member.bio.strip(),
        topics=member.topics,
    )
    yield Act(now_ms - member.joined_days_ago * DAY_MS + JOINED_TO_PROFILE_H * HOUR_MS, member.handle, profile)


def ledger_acts(
    thread: content.Thread, alert: content.Alert, members: Sequence[content.Member], now_ms: int
) -> Iterator[Act]:
    """Yield what members reported of a thread's posts, each another one of them."""
    reported = now_ms - thread.days_ago * DAY_MS / 2
    for number, post in enumerate(thread.post, 1):
        others = _rotated([each for each in members if each.handle != post.author], thread.key)
        for place, member in enumerate(others[: post.tried]):
            stayed: StayedHours = LASTING_H if place < post.lasting else DAY_H if place < post.cleared else 0
            yield _report(alert, member, reported, stayed, post=demo_id("post", thread.key, str(number)))


def untreated_acts(alert: content.Alert, members: Sequence[content.Member], now_ms: int) -> Iterator[Act]:
    """Yield what members reported of an alert where nothing was tried."""
    for place, member in enumerate(_rotated(members, alert.kind)[: alert.seen]):
        yield _report(alert, member, now_ms - DAY_MS, DAY_H if place < alert.cleared else 0, post=None)


def thread_acts(thread: content.Thread, now_ms: int) -> Iterator[Act]:
    """Yield what is done in a thread."""
    asked = now_ms - thread.days_ago * DAY_MS
    pk = demo_id("thread", thread.key)
    question = threads.Ask(
        id=pk,
        group=thread.group,
        title=thread.title,
        body=thread.body.strip(),
        tags=thread.tags,
        signature=thread.signature,
        how_to=thread.how_to,
    )
    yield Act(asked, thread.author, question)
    yield from _votes("thread", pk, thread.votes, asked)
    for number, handle in enumerate(thread.me_too, 1):
        me_too = threads.MeToo(id=demo_id("me_too", pk, handle), thread=pk, on=True)
        yield Act(asked + number * VOTES_APART_H * HOUR_MS, handle, me_too)
    posts = [demo_id("post", thread.key, str(number)) for number in range(1, len(thread.post) + 1)]
    for post_id, post in zip(posts, thread.post, strict=True):
        at = asked + post.hours_later * HOUR_MS
        answered = posts[post.reply_to - 1] if post.reply_to else None
        yield Act(at, post.author, threads.Reply(id=post_id, thread=pk, body=post.body.strip(), reply_to=answered))
        yield from _votes("post", post_id, post.votes, at)
        if post.accepted:
            accept = threads.Accept(id=demo_id("accept", thread.key), thread=pk, post=post_id)
            yield Act(at + ACCEPTED_AFTER_H * HOUR_MS, thread.author, accept)


def idea_acts(idea: content.Idea, staff: str, now_ms: int) -> Iterator[Act]:
    """Yield what is done with an idea."""
    proposed = now_ms - idea.days_ago * DAY_MS
    pk = demo_id("idea", idea.key)
    yield Act(proposed, idea.author, ideas.Propose(id=pk, title=idea.title, body=idea.body.strip()))
    for number, handle in enumerate(idea.votes, 1):
        vote = ideas.VoteIdea(id=demo_id("idea_vote", pk, handle), idea=pk, on=True)
        yield Act(proposed + number * HOUR_MS, handle, vote)
    for number, comment in enumerate(idea.comment, 1):
        remark = ideas.CommentIdea(id=demo_id("comment", pk, str(number)), idea=pk, body=comment.body.strip())
        yield Act(proposed + comment.hours_later * HOUR_MS, comment.author, remark)
    if idea.state != "open":
        move = ideas.SetIdeaState(
            id=demo_id("idea_state", pk),
            idea=pk,
            state=cast("ideas.State", idea.state),
            reason=idea.reason,
            duplicate_of=demo_id("idea", idea.duplicate_of) if idea.duplicate_of else None,
        )
        yield Act(proposed + MOVED_ON_AFTER * (now_ms - proposed), staff, move)


def _report(
    alert: content.Alert, member: content.Member, at_ms: float, stayed_h: StayedHours, *, post: str | None
) -> Act:
    action = answers.ReportOutcome(
        id=demo_id("outcome", alert.kind, member.handle, post or ""),
        signature=f"{alert.kind}/{alert.of_class}/",
        post=post,
        cleared=stayed_h > 0,
        stayed_h=stayed_h,
        system=member.system,
    )
    return Act(at_ms, member.handle, action)


def _rotated(members: Sequence[content.Member], key: str) -> list[content.Member]:
    """Return the members in another order for each key, the same at each run."""
    return sorted(members, key=lambda member: demo_id("turn", key, member.handle))


def _votes(kind: Literal["thread", "post"], item: str, handles: list[str], at: float) -> Iterator[Act]:
    for number, handle in enumerate(handles, 1):
        vote = threads.VoteHelpful(id=demo_id("vote", item, handle), item=item, item_kind=kind, on=True)
        yield Act(at + number * VOTES_APART_H * HOUR_MS, handle, vote)
