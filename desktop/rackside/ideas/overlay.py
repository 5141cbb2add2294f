"""What is shown of ideas: the server's documents overlaid with what waits in the outbox. Pure, as in threads."""

from collections.abc import Iterable

import msgspec

from rackside.store.outbox import Pending
from rackside_protocol.ideas import CLOSED, CommentIdea, Idea, IdeaComment, Propose, SetIdeaState, VoteIdea
from rackside_protocol.ids import Id


def show_idea(idea: Idea, pending: Iterable[Pending], *, voted: bool) -> Idea:
    """Overlay one idea; `voted` tells whether the documents already hold her vote."""
    shown = idea
    for entry in pending:
        action = entry.action
        if entry.state == "refused" or action.target != idea.id:
            continue
        match action:
            case VoteIdea():
                shown = msgspec.structs.replace(shown, votes=idea.votes + action.on - voted)
            case SetIdeaState():
                shown = msgspec.structs.replace(
                    shown, state=action.state, reason=action.reason, duplicate_of=action.duplicate_of
                )
            case _:
                pass
    return shown


def proposed(pending: Iterable[Pending], me: Id) -> list[Idea]:
    """Return the ideas that exist only as her own proposals in the outbox."""
    return [
        Idea(id=action.id, author=me, title=action.title, body=action.body, created_ms=entry.created_ms)
        for entry in pending
        if isinstance(action := entry.action, Propose)
    ]


def commented(pending: Iterable[Pending], idea: Id, me: Id) -> list[IdeaComment]:
    """Return the comments on an idea that exist only in the outbox."""
    return [
        IdeaComment(id=action.id, idea=idea, author=me, body=action.body, created_ms=entry.created_ms)
        for entry in pending
        if isinstance(action := entry.action, CommentIdea) and action.idea == idea
    ]


def votes_left(allowed: int, used: int, pending: Iterable[Pending], voted: Iterable[Id]) -> int:
    """Return how many votes of her budget are left once the outbox is carried out.

    Args:
        allowed: the budget of her trust level.
        used: votes the server counts as used.
        pending: the outbox, oldest first.
        voted: ideas that the documents already hold her vote on.
    """
    held = set(voted)
    wanted = {
        entry.action.idea: entry.action.on
        for entry in pending
        if isinstance(entry.action, VoteIdea) and entry.state != "refused"
    }
    change = sum(on - (idea in held) for idea, on in wanted.items())
    return allowed - used - change


def takes_votes(idea: Idea) -> bool:
    """Return whether the idea can still be voted on."""
    return idea.state not in CLOSED
