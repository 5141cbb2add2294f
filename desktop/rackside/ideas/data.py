"""Ideas as they are shown: the list by what is trending, one idea with its comments, and the votes that are left."""

import re
import time
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rackside.ideas import overlay
from rackside.store import Store, documents, members, outbox, search
from rackside.store.outbox import Pending
from rackside_protocol.ideas import Idea, IdeaComment, trending
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.standing import MyVote, Standing, standing_id

Order: TypeAlias = Literal["trending", "newest", "most voted"]
MOST_IDEAS = 5_000
MOST_COMMENTS = 1_000
MOST_SIMILAR = 5
COMMON_WORDS = frozenset({"the", "and", "for", "with", "that", "this", "show", "add", "from", "when", "feature"})

STATE_WORDS = {
    "open": "Open",
    "under_review": "Under review",
    "planned": "Planned",
    "started": "Started",
    "completed": "Completed",
    "declined": "Declined",
    "duplicate": "Duplicate",
}


@dataclass(frozen=True)
class IdeaRow:
    """An idea in a list. `state` is the outbox's word for what she did last to it, empty when the server has it."""

    idea: Idea
    voted: bool
    state: str = ""
    reason: str = ""
    action: Id = ""


@dataclass(frozen=True)
class CommentView:
    """A comment under an idea."""

    comment: IdeaComment
    author: Member
    state: str = ""
    reason: str = ""


@dataclass(frozen=True)
class IdeaView:
    """An idea whole."""

    row: IdeaRow
    author: Member
    comments: tuple[CommentView, ...]
    duplicate_of: Idea | None
    votes_left: int


@dataclass(frozen=True)
class Budget:
    """How many votes her trust level gives her, and how many are left."""

    allowed: int
    left: int


def load_rows(store: Store, me: Id, order: Order = "trending") -> list[IdeaRow]:
    """Load every idea in the asked order; her own unsent proposals stand first."""
    pending = outbox.pending(store)
    voted = _voted(store)
    held = documents.of_kind(store, Idea, limit=MOST_IDEAS)
    now_ms = int(time.time() * 1000)
    keys = {
        "trending": lambda idea: (not overlay.takes_votes(idea), -trending(idea, now_ms)),
        "newest": lambda idea: -idea.created_ms,
        "most voted": lambda idea: -idea.votes,
    }
    rows = [_row(idea, pending, voted) for idea in sorted(held, key=keys[order])]
    known = {idea.id for idea in held}
    return [_row(idea, pending, voted) for idea in overlay.proposed(pending, me) if idea.id not in known] + rows


def load_idea(store: Store, idea_id: Id, me: Id) -> IdeaView | None:
    """Load an idea with its comments, or None when this console does not hold it."""
    pending = outbox.pending(store)
    held = documents.get(store, idea_id)
    if not isinstance(held, Idea):
        held = next((each for each in overlay.proposed(pending, me) if each.id == idea_id), None)
    if held is None:
        return None
    row = _row(held, pending, _voted(store))
    comments = documents.of_kind(store, IdeaComment, parent=idea_id, order="oldest", limit=MOST_COMMENTS)
    known = {comment.id for comment in comments}
    comments += [each for each in overlay.commented(pending, idea_id, me) if each.id not in known]
    people = members.by_id(store, {held.author, *(comment.author for comment in comments)})
    entries = {entry.action.id: entry for entry in pending}
    twin = documents.get(store, row.idea.duplicate_of) if row.idea.duplicate_of else None
    return IdeaView(
        row,
        people[held.author],
        tuple(
            CommentView(each, people[each.author], *_state_of(entries.get(each.id)))
            for each in comments
        ),
        twin if isinstance(twin, Idea) else None,
        load_budget(store, me).left,
    )  # fmt: skip


def load_budget(store: Store, me: Id) -> Budget:
    """Load her vote budget, with what waits in the outbox already counted."""
    standing = documents.get(store, standing_id(me))
    if not isinstance(standing, Standing):
        return Budget(0, 0)
    left = overlay.votes_left(
        standing.idea_votes_allowed, standing.idea_votes_used, outbox.pending(store), _voted(store)
    )
    return Budget(standing.idea_votes_allowed, left)


def _voted(store: Store) -> set[Id]:
    return {vote.item for vote in documents.of_kind(store, MyVote, limit=MOST_IDEAS) if vote.ballot == "idea"}


def _row(idea: Idea, pending: list[Pending], voted: set[Id]) -> IdeaRow:
    about = [entry for entry in pending if entry.action.target == idea.id and entry.kind != "ideas.comment"]
    votes = [entry.action.on for entry in about if entry.kind == "ideas.vote" and entry.state != "refused"]  # type: ignore[attr-defined]
    state, reason = _state_of(about[-1] if about else None)
    return IdeaRow(
        overlay.show_idea(idea, pending, voted=idea.id in voted),
        votes[-1] if votes else idea.id in voted,
        state,
        reason,
        about[-1].action.id if about else "",
    )


def _state_of(entry: Pending | None) -> tuple[str, str]:
    return (entry.state, entry.message) if entry else ("", "")


def similar(store: Store, title: str) -> list[Idea]:
    """Return ideas like a title that is being typed, most like first."""
    wanted = [word for word in re.findall(r"\w{3,}", title.casefold()) if word not in COMMON_WORDS]
    if not wanted:
        return []
    expression = " OR ".join(f'"{word}"' for word in wanted)
    found = [
        documents.get(store, hit.id) for hit in search.match(store, expression, kinds=("idea",), limit=MOST_SIMILAR)
    ]
    return [idea for idea in found if isinstance(idea, Idea)]
