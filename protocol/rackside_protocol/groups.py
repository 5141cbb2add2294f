"""Groups: where threads live. Each is a channel of its own; its document is in `public` unless the group is private."""

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, Slug, derived_id


def group_channel(slug: str) -> str:
    """Return the channel that a group's threads and posts are in."""
    return f"group:{slug}"


class Group(Document, frozen=True, kw_only=True, tag="group"):
    """A group. In `public`, or in its own channel when it is private."""

    slug: Slug
    name: str
    description: str = ""
    private: bool = False
    members: int = 0
    threads: int = 0

    @property
    def words(self) -> tuple[str, str, str]:
        return self.name, self.description, self.slug


class Membership(Document, frozen=True, kw_only=True, tag="membership"):
    """In `me:<member>`: she follows this group, so that its channel is synced to her consoles."""

    group: Slug
    since_ms: Moment = 0

    @property
    def parent(self) -> str:
        return self.group


class JoinGroup(Action, frozen=True, kw_only=True, tag="groups.join"):
    """Follow a group. A private group is joined by invitation of its staff only."""

    group: Slug

    @property
    def target(self) -> str:
        return self.group


class LeaveGroup(Action, frozen=True, kw_only=True, tag="groups.leave"):
    """Stop following a group; its documents leave her consoles at the next sync."""

    group: Slug

    @property
    def target(self) -> str:
        return self.group


def membership_id(member: Id, group: str) -> str:
    """Return the id of a member's membership document."""
    return derived_id("membership", member, group)
