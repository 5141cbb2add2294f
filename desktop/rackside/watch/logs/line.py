"""What every kind of log gives: lines of error level, and where the next look goes on."""

from typing import Final, Protocol

import msgspec

ERROR: Final = 3
"""The least bad of the syslog severities that is followed: 0 is an emergency, 3 an error, 7 for debugging."""
CRITICAL: Final = 2


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a log: seconds since the epoch, who wrote it, its syslog severity 0 to 7, and its text, printable."""

    at_s: float
    unit: str
    level: int
    text: str


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a log brought.

    `position` is where the next look goes on, opaque to all but the source; empty when it could not be told. `more`
    says that there was more to read than one look may; `problem` why it cannot be read and what to do; `missed` what
    was not read and never will be.
    """

    lines: list[Line] = []
    position: bytes = b""
    more: bool = False
    problem: str = ""
    missed: str = ""


class Source(Protocol):
    """A log that can be read from a position on."""

    @property
    def name(self) -> str:
        """What its position is kept under, and what a person knows it by."""

    def read(self, position: bytes, at_s: float) -> Batch:
        """Return the lines of error level since a position; with none, begin at the end and return no line.

        Args:
            position: what the last look returned, or nothing.
            at_s: now, in seconds since the epoch: for lines that say no time.
        """
