"""How many sessions of people there are on this machine. Who they are is not read."""

import struct
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "users"
EVERY_S = 60.0
SESSIONS: Final = Path("/run/systemd/sessions")
UTMP: Final = Path("/run/utmp")
ENTRY_BYTES: Final = 384
"""A struct utmp of glibc (utmp(5)), the same on all 64-bit machines that keep to 32-bit times in it."""
USER_PROCESS: Final = 7
MOST_BYTES: Final = 1024 * 1024
MOST_SESSIONS: Final = 2_000
SESSION_BYTES: Final = 4_096


class Collector:
    """`users.sessions`: sessions of people as logind counts them, or else as utmp has them."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        count = sessions()
        return [Reading("users.sessions", float(count), "")] if count is not None else []


def sessions() -> int | None:
    """Return how many sessions there are, or None where nobody counts them."""
    if not proc.LINUX:
        import psutil

        return len(psutil.users()) or None  # none at all is no count: whoever runs this is there
    if SESSIONS.is_dir():
        return sum(map(_is_a_persons, list(SESSIONS.glob("*[!f]"))[:MOST_SESSIONS]))
    if UTMP.is_file():
        with UTMP.open("rb") as file:
            return logged_in(file.read(MOST_BYTES))
    return None


def logged_in(utmp: bytes) -> int:
    """Count the sessions in the content of /run/utmp."""
    return sum(
        struct.unpack_from("h", utmp, start)[0] == USER_PROCESS
        for start in range(0, len(utmp) - ENTRY_BYTES + 1, ENTRY_BYTES)
    )


def _is_a_persons(session: Path) -> bool:
    try:
        with session.open("rb") as file:
            lines = file.read(SESSION_BYTES).splitlines()
    except OSError:
        return False
    return b"CLASS=user" in lines and b"STATE=closing" not in lines


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    return "" if sessions() is not None else "Sessions are counted by logind or in utmp, and this machine has neither."
