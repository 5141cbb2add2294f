"""Threads: a question with its posts, in the channel of its group."""

from typing import Annotated, Literal

import msgspec

from rackside_protocol.actions import Action, Body, Tags, Title
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, Slug

MAX_CAPSULE_CHARACTERS = 4_000


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an imported text comes from, with what its licence asks to be shown."""

    url: str
    author: str
    licence: str


class Thread(Document, frozen=True, kw_only=True, tag="thread"):
    """A question. Its body is Markdown source; `capsule` is the masked context its author chose to attach."""

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
    """An answer or a reply in a thread; `reply_to` names the post it answers, if not the question."""

    thread: Id
    author: Id
    body: str
    created_ms: Moment
    edited_ms: Moment = 0
    helpful: int = 0
    accepted: bool = False
    reply_to: Id | None = None
    source: Source | None = None

    @property
    def parent(self) -> str:
        return self.thread

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms

    @property
    def words(self) -> tuple[str, str, str]:
        return "", self.body, ""


class Ask(Action, frozen=True, kw_only=True, tag="threads.ask"):
    """Open a thread; the thread carries this action's id."""

    group: Slug
    title: Title
    body: Body
    tags: Tags = []
    signature: Annotated[str, msgspec.Meta(max_length=200)] = ""
    capsule: Annotated[str, msgspec.Meta(max_length=MAX_CAPSULE_CHARACTERS)] = ""


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
    """Say, or take back, "I have this too"."""

    thread: Id
    on: bool

    @property
    def target(self) -> str:
        return self.thread
