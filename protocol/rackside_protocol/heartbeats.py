"""Heartbeats: signs of life that a member's jobs send by themselves, by way of an address. All in `me:<member>`.

A document carries its secret address, so that the member can copy it again later on any of her consoles. So the server
keeps the token as it is, beside the hash by which it is found: whoever reads its database, or one of her consoles, can
send signs of life in a job's name. They can do no more than that: the address tells nothing and reads nothing, and
`RenewHeartbeat` makes it worthless.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment

BeatState: TypeAlias = Literal["never", "start", "ok", "fail"]
MOST_MESSAGE: Final = 200
"""Characters of what a job says."""
HeartbeatName: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\w[\w .@+-]*\Z", max_length=80)]
"""A plain file name without a dot first, as the spool folder of a console has them, too."""


class Heartbeat(Document, frozen=True, kw_only=True, tag="heartbeat"):
    """A job that is waited for: where it sends its signs of life, and the last that came.

    `address` is the path on the server, with the secret token. `last_ms` is by the server's clock, and 0 before the
    first sign; `count` counts the signs that were written down.
    """

    name: str
    address: str
    last_ms: Moment = 0
    last_state: BeatState = "never"
    message: str = ""
    count: int = 0
    created_ms: Moment

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms


class RegisterHeartbeat(Action, frozen=True, kw_only=True, tag="heartbeats.register"):
    """Have the server listen for a job; the heartbeat carries this action's id."""

    name: HeartbeatName


class RenewHeartbeat(Action, frozen=True, kw_only=True, tag="heartbeats.renew"):
    """Give a heartbeat another address; the old one is unknown from then on."""

    heartbeat: Id

    @property
    def target(self) -> str:
        return self.heartbeat


class RemoveHeartbeat(Action, frozen=True, kw_only=True, tag="heartbeats.remove"):
    """Listen for a job no longer; its address is unknown from then on."""

    heartbeat: Id

    @property
    def target(self) -> str:
        return self.heartbeat
