"""Accounts: the devices a member is signed in on, and the messages of signing in. Devices are in `me:<member>`."""

import msgspec

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment

CLIENT_ID = "rackside-desktop"


class Device(Document, frozen=True, kw_only=True, tag="device"):
    """A console that is signed in. `current` is set on the console's own copy by comparing ids, never on the wire."""

    name: str
    platform: str = ""
    created_ms: Moment = 0
    seen_ms: Moment = 0

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms


class RevokeDevice(Action, frozen=True, kw_only=True, tag="accounts.revoke_device"):
    """Sign a device out; its token is refused from then on."""

    device: Id

    @property
    def target(self) -> str:
        return self.device


class About(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`GET /api/about`: what a server says of itself to a console that is not signed in."""

    name: str
    protocol: int
    description: str = ""
    sign_up_open: bool = True


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /api/token`: exchange an authorization code for a device's token (RFC 6749 §4.1.3 with RFC 7636)."""

    code: str
    code_verifier: str
    redirect_uri: str
    device_name: str = ""
    platform: str = ""
    client_id: str = CLIENT_ID


class Token(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to `TokenRequest`, and the content of the embedded server's owner file."""

    access_token: str
    member: Id
    device: Id
    handle: str = ""
