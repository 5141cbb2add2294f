"""Identifiers: UUIDv7 (RFC 9562) written as 32 lower-case hexadecimal characters.

An action's id is made on the desktop before anything is sent; what the action creates carries the same id, so that a
create that arrives twice makes one object.
"""

from hashlib import blake2b
from typing import Annotated, TypeAlias

import msgspec
from uuid_utils import uuid7

Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Moment: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""Milliseconds since 1970-01-01T00:00Z."""


def new_id() -> str:
    """Make an id that sorts by the time it was made."""
    return uuid7().hex


def derived_id(*parts: str) -> str:
    """Make the one id that these parts always give, for documents that exist once per combination (a member's vote)."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
