"""What devices are asked with: kept by name where this console keeps its token, so that no check carries it."""

import re
from typing import Final, Literal, TypeAlias

import msgspec

from rackside import paths
from rackside.store import secrets
from rackside.watch.checks.check import CannotCheckError

AuthProtocol: TypeAlias = Literal["MD5", "SHA", "SHA-256", "SHA-512"]
PrivacyProtocol: TypeAlias = Literal["DES", "AES", "AES-256"]
LEAST_KEY: Final = 8
"""Characters [RFC 3414, §11.2]."""
MOST_USER: Final = 32
"""Bytes [RFC 3414, §2.4]."""
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class SnmpCredentials(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device is asked with: the community of v2c, or the user of v3 with its protocols and keys.

    A key is what a person types, from which the protocol derives its own. Without `auth_key` nothing is signed, and
    without `privacy_key` nothing is encrypted.
    """

    community: str = ""
    user: str = ""
    auth_protocol: AuthProtocol = "SHA"
    auth_key: str = ""
    privacy_protocol: PrivacyProtocol = "AES"
    privacy_key: str = ""

    def __post_init__(self) -> None:
        """Refuse what no device takes.

        Raises:
            ValueError: it says what is off, without the keys.
        """
        if bool(self.community) == bool(self.user):
            raise ValueError("give a community for version 2c, or a user for version 3")
        if len(self.user.encode()) > MOST_USER:
            raise ValueError(f"a user's name has at most {MOST_USER} bytes")
        if any(0 < len(key) < LEAST_KEY for key in (self.auth_key, self.privacy_key)):
            raise ValueError(f"a key has at least {LEAST_KEY} characters")
        if self.privacy_key and not self.auth_key:
            raise ValueError("a privacy key needs an authentication key beside it")

    def __repr__(self) -> str:
        """Say that there are some, and not which: this is what a log and a traceback have."""
        return "SnmpCredentials(...)"

    @property
    def level(self) -> str:
        """Name the security level as SNMP does."""
        return "authPriv" if self.privacy_key else "authNoPriv" if self.auth_key else "noAuthNoPriv"


def keep_secret(name: str, credentials: SnmpCredentials | None) -> str:
    """Keep credentials under a name; return where, in words. None forgets them.

    Raises:
        ValueError: this is no name.
        OSError: they cannot be written.
    """
    value = "" if credentials is None else msgspec.json.encode(credentials).decode()
    return secrets.keep_secret(paths.home(), _named(name), value)


def read_secret(name: str) -> SnmpCredentials:
    """Return the credentials that are kept under a name.

    Raises:
        ValueError: this is no name.
        CannotCheckError: there are none, or they cannot be read.
    """
    try:
        kept = secrets.secret(paths.home(), _named(name))
        if kept:
            return msgspec.json.decode(kept, type=SnmpCredentials)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError):
        # What went wrong is not chained: it may quote what is kept.
        raise CannotCheckError(f"What this machine keeps as the secret {name} cannot be read; keep it anew") from None
    raise CannotCheckError(f"This machine keeps no secret named {name}")


def _named(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError("a secret's name has at most 64 letters, digits, dots, dashes and underscores")
    return f"snmp-{name}"
