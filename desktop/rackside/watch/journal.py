"""The last lines that a service wrote, as the journal has them."""

import re
from typing import Final

from rackside.watch import programs
from rackside.watch.proc import printable

MOST_BYTES: Final = 64 * 1024
WITHIN_S: Final = 3.0
_UNIT: Final = re.compile(r"[A-Za-z0-9:_.\\@-]{1,255}")
"""What a unit may be called (systemd.unit(5)). Anything else journalctl would take for a pattern."""


def last_lines(unit: str, n: int = 20) -> tuple[str, ...]:
    """Return the last lines of a unit, oldest first; none where there is no journal or this person may not read it."""
    program = programs.find("journalctl")
    if program is None or not _UNIT.fullmatch(unit):
        return ()
    command = [program, f"--unit={unit}", f"--lines={n}", "--output=cat", "--no-pager", "--quiet"]
    said = programs.ask(command, within_s=WITHIN_S, most_bytes=MOST_BYTES)
    if said is None or said.code:
        return ()
    return tuple(printable(line) for line in said.output.splitlines()[-n:])
