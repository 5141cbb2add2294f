"""Ideas: proposed features of Rackside that members vote on. All in the channel `public`."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from rackside_protocol.actions import Action, Body, Sentence
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment

State: TypeAlias = Literal["open", "under_review", "planned", "started", "completed", "declined", "duplicate"]
CLOSED: frozenset[State] = frozenset({"completed", "declined", "duplicate"})
"""States in which an idea takes no more votes and gives its votes back."""
IdeaTitle: TypeAlias = Annotated[str, msgspec.Meta(min_length=4, max_length=100)]
HOUR_MS = 3_600_000


class Idea(Document, frozen=True, kw_only=True, tag="idea"):
    """A proposed feature. `recent_*` count the 30 days before its last change."""

    author: Id
    title: str
    body: str
    state: State = "open"
    reason: str = ""
    duplicate_of: Id | None = None
    votes: int = 0
    comments: int = 0
    recent_votes: int = 0
    recent_comments: int = 0
    created_ms: Moment
    state_changed_ms: Moment = 0

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms

    @property
    def words(self) -> tuple[str, str, str]:
        return self.title, self.body, ""


class IdeaComment(Document, frozen=True, kw_only=True, tag="idea_comment"):
    """A comment on an idea."""

    idea: Id
    author: Id
    body: str
    created_ms: Moment

    @property
    def parent(self) -> str:
        return self.idea

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms


class Propose(Action, frozen=True, kw_only=True, tag="ideas.propose"):
    """Propose a feature; the idea carries this action's id, and its author's vote is on it if her budget allows."""

    title: IdeaTitle
    body: Body


class VoteIdea(Action, frozen=True, kw_only=True, tag="ideas.vote"):
    """Set, or take back, one's vote on an idea, within the budget of one's trust level."""

    idea: Id
    on: bool

    @property
    def target(self) -> str:
        return self.idea


class CommentIdea(Action, frozen=True, kw_only=True, tag="ideas.comment"):
    """Comment on an idea; the comment carries this action's id."""

    idea: Id
    body: Body

    @property
    def target(self) -> str:
        return self.idea


class SetIdeaState(Action, frozen=True, kw_only=True, tag="ideas.set_state"):
    """Staff move an idea on. Declined and duplicate need a reason; a duplicate names the idea its votes move to."""

    idea: Id
    state: State
    reason: Sentence = ""
    duplicate_of: Id | None = None

    @property
    def target(self) -> str:
        return self.idea


def trending(idea: Idea, now_ms: Moment) -> float:
    """Score an idea for the trending list: ((5·votes + 3·comments of 30 days) - 1) / (age in hours + 2)^1.4.

    The formula is Fider's.
    """
    age_h = max(0, now_ms - idea.created_ms) / HOUR_MS
    return float((5 * idea.recent_votes + 3 * idea.recent_comments - 1) / (age_h + 2) ** 1.4)
