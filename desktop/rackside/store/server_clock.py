"""How far the server's clock is ahead of this machine's: what the server dates is compared with what it calls now."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from rackside_protocol.ids import Moment

NAME: Final = "server-clock"
NOTED_MS: Final = 1_000
"""A change of less is none worth a write: answers take some milliseconds, now more, now less."""
MOST_BYTES: Final = 32


def note(folder: Path, server_ms: Moment) -> None:
    """Note what the server said the time is, just now. A disk that is full keeps what was noted before."""
    ahead_ms = server_ms - time.time_ns() // 1_000_000
    if abs(ahead_ms - _ahead_ms(folder)) > NOTED_MS:
        fresh = (folder / NAME).with_suffix(".new")
        with suppress(OSError):
            fresh.write_text(str(ahead_ms), encoding="ascii")
            fresh.replace(folder / NAME)


def ahead_s(folder: Path) -> float:
    """Return how many seconds the server was ahead at the last sync; less than 0 behind, and 0 when none is noted."""
    return _ahead_ms(folder) / 1_000


def _ahead_ms(folder: Path) -> int:
    try:
        with (folder / NAME).open("rb") as file:
            return int(file.read(MOST_BYTES))
    except (OSError, ValueError):
        return 0
