"""How often a member may act: counted by when she wrote, and the one way around it, for imports and the demo.

Who wrote for 30 days without a network sends it all in a minute, and was no burst. So an action counts at the moment
that its UUIDv7 names (RFC 9562: its first 48 bits are milliseconds since 1970) where that is plausible: not after it
arrived, not longer before than 30 days, and not before its member joined. Otherwise it counts when it arrived. A
console that lies gets no more than the days that it was silent.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

DAY_MS: Final = 24 * 60 * 60 * 1_000
LONGEST_OFFLINE_MS: Final = 30 * DAY_MS
MOMENT_DIGITS: Final = 12
"""Of a UUIDv7 in hexadecimal."""

_lifted: ContextVar[bool] = ContextVar("_lifted", default=False)


@dataclass(frozen=True)
class Recent:
    """How many of one kind a member wrote in 24 hours, and when the newest was; 0 when there is none."""

    count: int
    newest_ms: int


def written_ms(action: str, received_ms: int, joined_ms: int) -> int:
    """Return when an action counts as written.

    Args:
        action: its id, or the id of what it made.
        received_ms: when it arrived, by the server's clock.
        joined_ms: when its member joined.
    """
    claimed = int(action[:MOMENT_DIGITS], 16)
    plausible = max(received_ms - LONGEST_OFFLINE_MS, joined_ms) <= claimed <= received_ms
    return claimed if plausible else received_ms


def recent(written: Iterable[int], at_ms: int) -> Recent:
    """Count the moments in the 24 hours before one, or after it where those are more: what is late comes in any order.

    Args:
        written: when the member wrote.
        at_ms: when she wrote the one that is judged.
    """
    near = [each for each in written if abs(each - at_ms) < DAY_MS]
    before = [each for each in near if each <= at_ms]
    return Recent(count=max(len(before), len(near) - len(before)), newest_ms=max(before, default=0))


@contextmanager
def lifted() -> Iterator[None]:
    """Let what runs within be done as often as it was done."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def are_lifted() -> bool:
    """Say whether limits bind nobody just now."""
    return _lifted.get()
