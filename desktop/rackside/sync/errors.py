"""What can go wrong between a console and its server, drawn once.

SyncError                  whatever happened, the outbox is intact
├── Unreachable            the world failed: no route, no name, refused, timed out, TLS; tried again by itself
├── Unavailable            the server answered that it cannot now (5xx, 429); tried again by itself
├── NotOurServer           something else answered: a captive portal, a proxy's page, another origin
├── Malformed              our server's answer breaks the protocol, or is larger than it may be
├── SignedOut              the token is not accepted (any more): sign in again
├── UpgradeNeeded          the server speaks a newer protocol: update the console
└── Rejected               the server refused the whole request: a fault of ours
"""
# ruff: noqa: N818 - the names say what happened, and stand in the drawing above


class SyncError(Exception):
    """Whatever happened, the outbox is intact. `str()` is a sentence, `remedy` what the person can do."""

    remedy = "Nothing is lost. Rackside tries again by itself."


class Unreachable(SyncError):
    """The world failed."""


class Unavailable(SyncError):
    """The server cannot now."""


class NotOurServer(SyncError):
    """Something else answered."""

    remedy = "Nothing is lost. Open a web page to see whether this network wants a sign-in first."


class Malformed(SyncError):
    """The answer breaks the protocol."""

    remedy = "Nothing is lost. Tell the operator of the server; rackside doctor says which versions are in use."


class SignedOut(SyncError):
    """The token is not accepted."""

    remedy = "What you write is kept and sent when you have signed in again."


class UpgradeNeeded(SyncError):
    """The server is newer than this console can speak with."""

    remedy = "Update Rackside; what you write is kept until then."


class Rejected(SyncError):
    """The server refused the whole request."""

    remedy = "Nothing is lost. Report this with the output of rackside doctor."
