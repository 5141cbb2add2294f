"""Reading /proc through file descriptors that stay open: one pread each, no path lookup."""

import os
import sys
from functools import cache

LINUX = sys.platform.startswith("linux")
READ_BYTES = 256 * 1024


@cache
def _descriptor(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def text(path: str) -> str:
    """Return the content of a file of /proc or /sys.

    Raises:
        OSError: it is not there, on this kernel or for this person.
    """
    return os.pread(_descriptor(path), READ_BYTES, 0).decode("utf-8", "replace")


def table(path: str) -> dict[str, int]:
    """Return a file of `name number` lines, such as /proc/vmstat or /proc/meminfo (whose kB stay kB)."""
    found = {}
    for line in text(path).splitlines():
        name, _, rest = line.partition(" ")
        number = rest.split(None, 1)
        if number and number[0].isdigit():
            found[name.rstrip(":")] = int(number[0])
    return found


class Rate:
    """Turns counters that only grow into rates; a counter that fell back (a reset, a wrap) gives nothing that time."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, float]] = {}

    def of(self, name: str, count: float, now_s: float) -> float | None:
        """Return the change a second since the last look, or None at the first look and after a reset."""
        before = self._last.get(name)
        self._last[name] = (now_s, count)
        if before is None or count < before[1] or now_s <= before[0]:
            return None
        return (count - before[1]) / (now_s - before[0])
