"""The busiest processes by processor time and by memory. Names come from other people's programs: text to distrust."""

import os
from heapq import nlargest

from rackside.watch import proc
from rackside.watch.model import Process

NAME = "processes"
EVERY_S = 2.0
BUSIEST = 5
UTIME, STIME, RSS = 11, 12, 21
"""Columns of /proc/PID/stat after the name (proc(5)), counted from the state as 0."""
STAT_BYTES = 1_024


class Collector:
    """Keeps each process's ticks from the last look; a process seen for the first time counts from then on."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}
        self._at_s = 0.0
        self._ticks = os.sysconf("SC_CLK_TCK") if proc.LINUX else 100
        self._page = os.sysconf("SC_PAGE_SIZE") if proc.LINUX else 4096

    def read(self, now_s: float) -> tuple[Process, ...]:
        """Return the busiest by processor and by memory, each process once, busiest first."""
        if not proc.LINUX:
            return _portable()
        elapsed = now_s - self._at_s if self._at_s else 0.0
        before, self._last, self._at_s = self._last, {}, now_s
        seen: list[tuple[float, int, int, str]] = []
        for entry in os.listdir("/proc"):  # noqa: PTH208 - names only, as fast as can be
            if entry.isdigit() and (found := _stat(entry)) is not None:
                name, ticks, pages = found
                pid = int(entry)
                self._last[pid] = ticks
                share = 100.0 * (ticks - before.get(pid, ticks)) / self._ticks / elapsed if elapsed > 0 else 0.0
                seen.append((share, pages, pid, name))
        top = {each[2]: each for each in nlargest(BUSIEST, seen)}
        top |= {each[2]: each for each in nlargest(BUSIEST, seen, key=lambda each: each[1])}
        return tuple(
            Process(pid, name, share, pages * self._page)
            for share, pages, pid, name in sorted(top.values(), reverse=True)
        )


def _stat(pid: str) -> tuple[str, int, int] | None:
    try:
        descriptor = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return None
    try:
        content = os.read(descriptor, STAT_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    end = content.rfind(b")")
    columns = content[end + 2 :].split()
    name = content[content.find(b"(") + 1 : end].decode("utf-8", "replace")
    return name, int(columns[UTIME]) + int(columns[STIME]), int(columns[RSS])


def _portable() -> tuple[Process, ...]:
    import psutil

    seen = [
        Process(each.pid, each.info["name"] or "?", each.info["cpu_percent"] or 0.0, memory.rss if memory else 0)
        for each in psutil.process_iter(["name", "cpu_percent", "memory_info"])
        for memory in [each.info["memory_info"]]
    ]
    top = {each.pid: each for each in nlargest(BUSIEST, seen, key=lambda each: each.cpu_percent)}
    top |= {each.pid: each for each in nlargest(BUSIEST, seen, key=lambda each: each.memory_bytes)}
    return tuple(sorted(top.values(), key=lambda each: -each.cpu_percent))
