"""The request that is being answered: what it learns of itself on its way, logged and measured at its end."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from rackside_protocol.ids import new_id

SECRET_CHARACTERS: Final = 8
"""Shorter texts are not struck out of the log: they stand in many harmless words."""
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass
class Present:
    """One request: whose it is, where its time goes, and what it carried."""

    request_id: str
    member: str = ""
    device: str = ""
    spent_s: dict[str, float] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    rows_sent: int = 0
    secrets: set[str] = field(default_factory=set)


_present: ContextVar[Present | None] = ContextVar("_present", default=None)


def now_answered() -> Present | None:
    """Return the request that this thread or task is answering, None outside of any."""
    return _present.get()


@contextmanager
def answering(sent_id: str = "") -> Iterator[Present]:
    """Answer a request within the block.

    Args:
        sent_id: the id that the sender gave it; one that is missing or fit for mischief in a log is replaced.
    """
    present = Present(sent_id if _REQUEST_ID.fullmatch(sent_id) else new_id())
    token = _present.set(present)
    try:
        yield present
    finally:
        _present.reset(token)


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Count the seconds of the block as those of a part of the request."""
    began_s = time.perf_counter()
    try:
        yield
    finally:
        present = _present.get()
        if present is not None:
            present.spent_s[part] = present.spent_s.get(part, 0.0) + time.perf_counter() - began_s


def note_sender(member: str, device: str) -> None:
    """Remember whose request it is, once that is proven."""
    present = _present.get()
    if present is not None:
        present.member, present.device = member, device


def note_sync(outcomes: Iterator[str], rows_sent: int) -> None:
    """Remember what became of the actions of a sync, and how many rows it sends down."""
    present = _present.get()
    if present is not None:
        present.outcomes.update(outcomes)
        present.rows_sent += rows_sent


def hide(*secrets: str) -> None:
    """Strike these texts out of every line that is logged while the request is answered."""
    present = _present.get()
    if present is not None:
        present.secrets.update(secret for secret in secrets if len(secret) >= SECRET_CHARACTERS)
