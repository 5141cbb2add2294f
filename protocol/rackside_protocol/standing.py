"""Standing: what only the member herself sees of her points and budgets, and her own votes. In `me:<member>`."""

from typing import Literal, TypeAlias

from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, derived_id

Ballot: TypeAlias = Literal["helpful", "me_too", "idea", "works", "outdated"]


class Standing(Document, frozen=True, kw_only=True, tag="standing"):
    """A member's points and vote budget; its id is `standing_id(member)`."""

    points: int = 0
    level: int = 1
    level_name: str = ""
    next_level_points: int = 0
    trust_level: int = 0
    idea_votes_allowed: int = 0
    idea_votes_used: int = 0


class MyVote(Document, frozen=True, kw_only=True, tag="my_vote"):
    """One vote of the member's own, as the server has it; withdrawn when the vote is taken back."""

    item: Id
    ballot: Ballot
    since_ms: Moment = 0

    @property
    def parent(self) -> str:
        return self.item


def standing_id(member: Id) -> str:
    """Return the id of a member's standing; the member's own id is that of her public profile."""
    return derived_id("standing", member)


def my_vote_id(member: Id, item: Id, ballot: Ballot) -> str:
    """Return the id of the document of one member's vote on one thing."""
    return derived_id("my_vote", member, item, ballot)


def personal_channel(member: Id) -> str:
    """Return the channel that only this member reads."""
    return f"me:{member}"
