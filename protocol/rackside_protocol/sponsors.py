"""Sponsors: the catalogue that is the same for everybody, and receipts that carry a token, a day and an outcome.

The choice is made on the machine. A console signs its receipts with a serving key that the server gave it in its
member's own channel; the key caps how many receipts one console can send a day, and nothing else travels.
"""

import hmac
from hashlib import sha256
from typing import Annotated, Literal, NamedTuple, TypeAlias

import msgspec

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment

Tier: TypeAlias = Literal["paid", "community", "house"]
ReceiptOutcome: TypeAlias = Literal["viewed", "clicked", "dismissed", "reported"]
Day: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A UTC day, ISO 8601."""
MAX_SERVINGS_A_DAY = 12


class Campaign(Document, frozen=True, kw_only=True, tag="campaign"):
    """A reviewed creative with its terms, in `public`. `terms` are matched on the machine against local facts.

    `ecpm` is the bid per thousand views in whole currency units; `goal` and `served` count views and feed the pacing.
    """

    vendor: str
    vendor_name: str
    tier: Tier
    title: str
    body: str
    link: str
    terms: list[str] = []
    never_if: list[str] = []
    ecpm: float = 1.0
    goal: int = 0
    served: int = 0
    starts_ms: Moment = 0
    ends_ms: Moment = 0

    @property
    def moment_ms(self) -> Moment:
        return self.starts_ms


class ServingKey(Document, frozen=True, kw_only=True, tag="serving_key"):
    """In `me:<member>`: the hexadecimal secret with which her consoles sign servings, `first_day` to `last_day`."""

    secret: str
    first_day: Day
    last_day: Day


class SendReceipt(Action, frozen=True, kw_only=True, tag="sponsors.receipt"):
    """What became of one serving. Counted once; accepted up to 72 h after its day."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    day: Day
    outcome: ReceiptOutcome


class Serving(NamedTuple):
    """One showing of one campaign: the nth of its key and day."""

    key: Id
    campaign: Id
    day: Day
    serial: int


def sign_serving(secret: str, serving: Serving) -> str:
    """Return the token of a serving: its fields and an HMAC-SHA256 of them."""
    text = f"{serving.key}.{serving.campaign}.{serving.day}.{serving.serial}"
    return f"{text}.{hmac.new(bytes.fromhex(secret), text.encode(), sha256).hexdigest()[:32]}"


def read_serving(token: str) -> Serving | None:
    """Return what a token says, or None when it is malformed. The signature is not checked: see `sign_serving`."""
    try:
        key, campaign, day, serial, _mac = token.split(".")
        return Serving(key, campaign, day, int(serial))
    except ValueError:
        return None
