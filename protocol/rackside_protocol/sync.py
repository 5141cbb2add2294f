"""The sync envelope: one round trip, `POST /api/sync`, that pushes actions and pulls changes, and the doorbell.

A channel's versions are dense in commit order. A cursor is the version of a channel that a console holds, with the
random tag that the server drew for that version: equal version and other tag means another time-line, and a reset.

A channel's digest is the exclusive or of `row_digest` over its documents. Either side keeps its own as rows come and
go, so that a console that arrives at the head knows whether it holds what the server holds.
"""

from hashlib import blake2b
from typing import Annotated, Literal, TypeAlias

import msgspec

from rackside_protocol.ids import Id, Moment

PROTOCOL = 1
MAX_ACTIONS = 100
"""Actions in one request."""
MAX_ROWS = 4_000
"""Rows in one answer, over all its channels. A first fill takes a third less CPU than with 1,000: its full text index
is written in fewer pieces."""
MAX_REQUEST_BYTES = 4 * 1024 * 1024
MAX_RESPONSE_BYTES = 32 * 1024 * 1024
NEWS_WAIT_S = 25
"""How long the doorbell waits before it answers that nothing happened."""

Channel: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(:[a-z0-9-]+)?$", max_length=80)]


def row_digest(document: Id, payload: bytes) -> int:
    """Return 63 bits that stand for a document's id and JSON: BLAKE2b, as wide as both databases' integers are."""
    return int.from_bytes(blake2b(payload, digest_size=8, key=document.encode()).digest()) >> 1


class Position(msgspec.Struct, frozen=True):
    """A version of a channel, with the tag that proves on which time-line."""

    channel: Channel
    version: int
    tag: int


class Cursor(msgspec.Struct, frozen=True, kw_only=True):
    """How far a console is in a channel; `floor` is the channel's floor when the present pass began."""

    channel: Channel
    epoch: str = ""
    version: int = 0
    tag: int = 0
    floor: int = 0


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a console sends: its oldest actions, byte for byte as it wrote them, and every channel it holds.

    `witnesses` are the positions of what was acknowledged and not yet seen in the feed.
    """

    protocol: int = PROTOCOL
    actions: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MAX_ACTIONS)] = []
    cursors: Annotated[list[Cursor], msgspec.Meta(max_length=1_000)] = []
    witnesses: Annotated[list[Position], msgspec.Meta(max_length=1_000)] = []


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an action. `message` is a sentence the person can act on; `at` is where its effects stand."""

    id: Id
    result: Literal["done", "already", "refused"]
    reason: str = ""
    message: str = ""
    at: list[Position] = []


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change: document `id` is now at `version`; without `document` it is gone.

    (`Raw | None` cannot be read: msgspec takes it for `None`.)
    """

    version: int
    id: Id
    kind: str
    document: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class ChannelPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer for one channel.

    `rows`: apply and move the cursor to (`epoch`, `next`, `tag`, `floor`). `reset`: start at 0 into a staging
    generation, swapped when a page without `more` has been applied. `gone`: purge it. `retry`: ask again later.
    `digest` is the channel's at `next`, on a page that arrives at the head.
    """

    channel: Channel
    state: Literal["rows", "reset", "gone", "retry"]
    epoch: str = ""
    rows: list[Row] = []
    next: int = 0
    tag: int = 0
    floor: int = 0
    digest: int | None = None
    more: bool = False


class SyncResponse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the server answers: an outcome for each action in order, and a page for each channel with news."""

    protocol: int
    member: Id
    server_ms: Moment
    outcomes: list[Outcome] = []
    channels: list[ChannelPage] = []


class NewsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /api/news`: wait until a readable channel's head is not as known, at most `NEWS_WAIT_S`."""

    heads: dict[str, int]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """The doorbell: the heads that differ; empty when nothing happened. Losing one is harmless."""

    heads: dict[str, int]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every answer of the API with a status of 400 or more."""

    code: str
    message: str
    remedy: str = ""
