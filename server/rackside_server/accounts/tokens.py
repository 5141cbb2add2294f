"""Tokens and codes: what a console and a browser hold, and the server knows the hash of."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet

from rackside_server import present
from rackside_server.accounts.models import Device

TOKEN_PREFIX: Final = "rackside_"  # noqa: S105 - what a token is recognised by in a leak
TOKEN_BYTES: Final = 32
CODE_LIFETIME_MS: Final = 2 * 60 * 1_000
_LOOPBACK: Final = re.compile(r"http://127\.0\.0\.1:([1-9][0-9]{0,4})/[\w./-]{0,100}", re.ASCII)
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
LAST_PORT: Final = 65_535


def new_token() -> str:
    """Draw a device's token."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def hashed(secret: str) -> str:
    """Return what the server keeps of a token or code. Both are random, so a plain SHA-256 does."""
    return sha256(secret.encode()).hexdigest()


def digest_of(authorization: str) -> str:
    """Return what the server would keep of the token that an `Authorization` header carries; empty without one."""
    scheme, _, token = authorization.partition(" ")
    return hashed(token.strip()) if scheme.lower() == "bearer" and token else ""


def live_devices(token_digests: Iterable[str]) -> QuerySet[Device]:
    """Return the devices that may sign in with tokens of these digests, with their members."""
    live = Device.objects.select_related("member").filter(revoked_ms=0, member__is_active=True)
    return live.filter(token_sha256__in=token_digests)


def device_of(authorization: str) -> Device | None:
    """Return the device whose token an `Authorization` header carries, with its member; None when it is refused."""
    digest = digest_of(authorization)
    device = live_devices([digest]).first() if digest else None
    if device is not None:
        present.note_sender(device.member_id, device.pk)
    return device


def is_loopback(redirect_uri: str) -> bool:
    """Say whether a redirect goes to a program on the person's own machine (RFC 8252 §7.3), and nowhere else."""
    found = _LOOPBACK.fullmatch(redirect_uri)
    return found is not None and int(found[1]) <= LAST_PORT


def is_challenge(text: str) -> bool:
    """Say whether a text can be a SHA-256 in unpadded base64url."""
    return _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Say whether a verifier is the one that a challenge was made from (RFC 7636 §4.6, S256)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return secrets.compare_digest(made, challenge)
