"""Threads: a question with its posts, in the channel of its group."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from rackside_protocol.actions import Action, Body, Tags, Title
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, Slug, derived_id

MAX_CAPSULE_CHARACTERS = 4_000
Capsule: TypeAlias = Annotated[str, msgspec.Meta(max_length=MAX_CAPSULE_CHARACTERS)]
"""The masked context of one machine, as its person saw and sent it."""
Versions: TypeAlias = Annotated[list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(max_length=5)]
"""Products with their versions, such as `Debian 12`."""
Freshness: TypeAlias = Literal["", "works", "outdated"]


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an imported text comes from, with what its licence asks to be shown."""

    url: str
    author: str
    licence: str


class Thread(Document, frozen=True, kw_only=True, tag="thread"):
    """A question, or a how-to that answers one before it is asked.

    Its body is Markdown source; `capsule` is the masked context its author chose to attach.
    """

    group: Slug
    author: Id
    title: str
    body: str
    tags: list[str] = []
    created_ms: Moment
    edited_ms: Moment = 0
    active_ms: Moment = 0
    replies: int = 0
    helpful: int = 0
    me_too: int = 0
    accepted: Id | None = None
    signature: str = ""
    capsule: str = ""
    duplicate_of: Id | None = None
    source: Source | None = None
    how_to: bool = False

    @property
    def parent(self) -> str:
        return self.group

    @property
    def moment_ms(self) -> Moment:
        return self.active_ms or self.created_ms

    @property
    def words(self) -> tuple[str, str, str]:
        return self.title, self.body, " ".join([*self.tags, self.signature])


class Post(Document, frozen=True, kw_only=True, tag="post"):
    """An answer or a reply in a thread; `reply_to` names the post it answers, if not the question.

    `works` members say that it still works, the last of them at `works_ms`, and `outdated` that it does not any more;
    `versions` are those of the products that it is for.
    """

    thread: Id
    author: Id
    body: str
    created_ms: Moment
    edited_ms: Moment = 0
    helpful: int = 0
    accepted: bool = False
    reply_to: Id | None = None
    source: Source | None = None
    works: int = 0
    works_ms: Moment = 0
    outdated: int = 0
    versions: list[str] = []

    @property
    def parent(self) -> str:
        return self.thread

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms

    @property
    def words(self) -> tuple[str, str, str]:
        return "", self.body, ""


class Evidence(Document, frozen=True, kw_only=True, tag="evidence"):
    """The masked context of one more machine that has what a thread asks about; one of each organisation."""

    thread: Id
    author: Id
    capsule: str
    created_ms: Moment

    @property
    def parent(self) -> str:
        return self.thread

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms


class Ask(Action, frozen=True, kw_only=True, tag="threads.ask"):
    """Open a thread; the thread carries this action's id."""

    group: Slug
    title: Title
    body: Body
    tags: Tags = []
    signature: Annotated[str, msgspec.Meta(max_length=200)] = ""
    capsule: Capsule = ""
    how_to: bool = False


class Reply(Action, frozen=True, kw_only=True, tag="threads.reply"):
    """Write a post in a thread; the post carries this action's id."""

    thread: Id
    body: Body
    reply_to: Id | None = None

    @property
    def target(self) -> str:
        return self.thread


class EditThread(Action, frozen=True, kw_only=True, tag="threads.edit_thread"):
    """Change the title, body or tags of one's own thread; all three are sent as they shall be."""

    thread: Id
    title: Title
    body: Body
    tags: Tags = []

    @property
    def target(self) -> str:
        return self.thread


class EditPost(Action, frozen=True, kw_only=True, tag="threads.edit_post"):
    """Change the body of one's own post."""

    post: Id
    body: Body

    @property
    def target(self) -> str:
        return self.post


class Delete(Action, frozen=True, kw_only=True, tag="threads.delete"):
    """Take back one's own post, or one's own thread as long as nobody has replied."""

    item: Id
    item_kind: Literal["thread", "post"]

    @property
    def target(self) -> str:
        return self.item


class VoteHelpful(Action, frozen=True, kw_only=True, tag="threads.vote"):
    """Set, or take back, one's helpful vote on a thread's question or a post. A set, not a sum."""

    item: Id
    item_kind: Literal["thread", "post"]
    on: bool

    @property
    def target(self) -> str:
        return self.item


class Accept(Action, frozen=True, kw_only=True, tag="threads.accept"):
    """The asker names the post that solved it, or none."""

    thread: Id
    post: Id | None = None

    @property
    def target(self) -> str:
        return self.thread


class MeToo(Action, frozen=True, kw_only=True, tag="threads.me_too"):
    """Say, or take back, "I have this too", with the masked context of one's machine if one likes."""

    thread: Id
    on: bool
    capsule: Capsule = ""

    @property
    def target(self) -> str:
        return self.thread


class Mark(Action, frozen=True, kw_only=True, tag="threads.mark"):
    """Say that a post still works or is outdated, and for which versions; the empty freshness takes one's word back."""

    post: Id
    freshness: Freshness
    versions: Versions = []

    @property
    def target(self) -> str:
        return self.post


def evidence_id(thread: Id, author: Id) -> Id:
    """Return the id of a member's evidence in a thread."""
    return derived_id("evidence", thread, author)
