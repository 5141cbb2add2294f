"""The busiest processes by processor time and by memory. Names come from other people's programs: text to distrust."""

import os
from collections.abc import Iterable
from heapq import nlargest
from typing import Final, NamedTuple

from rackside.watch import proc
from rackside.watch.model import Process

NAME = "processes"
EVERY_S = 2.0
BUSIEST: Final = 5
UTIME, STIME, STARTED, RSS = 11, 12, 19, 21
"""Columns of /proc/PID/stat after the name (proc(5)), counted from the state as 0."""
STAT_BYTES: Final = 1_024


class _Seen(NamedTuple):
    share: float
    memory: int
    pid: int
    name: bytes


class Collector:
    """Keeps each process's ticks from the last look; a process seen for the first time counts from then on."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[bytes, int]] = {}
        self._at_s: float | None = None
        self._ticks = os.sysconf("SC_CLK_TCK") if proc.LINUX else 0
        self._page = os.sysconf("SC_PAGE_SIZE") if proc.LINUX else 0

    def read(self, now_s: float) -> tuple[Process, ...]:
        """Return the busiest by processor and by memory, each process once, busiest first."""
        if not proc.LINUX:
            return _portable()
        elapsed = now_s - self._at_s if self._at_s is not None else 0.0
        percent = 100.0 / self._ticks / elapsed if elapsed > 0 else 0.0
        before, self._last, self._at_s = self._last, {}, now_s
        seen: list[_Seen] = []
        for entry in os.listdir("/proc"):  # noqa: PTH208 - names only, as fast as can be
            if not entry.isdecimal() or (content := _stat(entry)) is None:
                continue
            end = content.rfind(b")")
            columns = content[end + 2 :].split(None, RSS + 1)
            if len(columns) <= RSS:
                continue
            started, ticks = columns[STARTED], int(columns[UTIME]) + int(columns[STIME])
            self._last[entry] = started, ticks
            then = before.get(entry)
            # A number that another process had before is a new process.
            spent = ticks - then[1] if then is not None and then[0] == started else 0
            name = content[content.find(b"(") + 1 : end]
            seen.append(_Seen(percent * spent, int(columns[RSS]), int(entry), name))
        return tuple(
            Process(each.pid, proc.printable(each.name), each.share, each.memory * self._page) for each in _top(seen)
        )


def _top(seen: Iterable[_Seen]) -> list[_Seen]:
    listed = list(seen)
    top = {each.pid: each for each in nlargest(BUSIEST, listed)}
    top |= {each.pid: each for each in nlargest(BUSIEST, listed, key=lambda each: each.memory)}
    return sorted(top.values(), reverse=True)


def _stat(pid: str) -> bytes | None:
    try:
        descriptor = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return os.read(descriptor, STAT_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _portable() -> tuple[Process, ...]:
    import psutil

    seen = []
    for each in psutil.process_iter(["name", "cpu_percent", "memory_info"]):
        memory, name = each.info["memory_info"], os.fsencode(each.info["name"] or "?")
        seen.append(_Seen(each.info["cpu_percent"] or 0.0, memory.rss if memory else 0, each.pid, name))
    return tuple(Process(each.pid, proc.printable(each.name), each.share, each.memory) for each in _top(seen))
