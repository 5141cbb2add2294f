"""Memory, swap, what is swapped in and out, and kills for want of memory."""

import os

from rackside.watch import proc
from rackside.watch.model import Reading
from rackside.watch.rates import Rates

NAME = "memory"
EVERY_S = 2.0
KIB = 1024


class Collector:
    """Bytes and shares. Available is the kernel's own estimate (MemAvailable), not free plus cache."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._kills: int | None = None
        self._page_bytes = os.sysconf("SC_PAGE_SIZE") if proc.LINUX else 0

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not proc.LINUX:
            return _portable()
        info = proc.at_once("/proc/meminfo")
        total = (proc.number(info, b"MemTotal:") or 0) * KIB
        available = (proc.number(info, b"\nMemAvailable:") or 0) * KIB
        swap_total = (proc.number(info, b"\nSwapTotal:") or 0) * KIB
        swap_free = (proc.number(info, b"\nSwapFree:") or 0) * KIB
        return _readings(total, available, swap_total, swap_free) + self._events(total, now_s)

    def _events(self, total: int, now_s: float) -> list[Reading]:
        counters = proc.content("/proc/vmstat")
        pages = (proc.number(counters, b"\npswpin ") or 0, proc.number(counters, b"\npswpout ") or 0)
        kills = proc.number(counters, b"\noom_kill ") or 0
        readings = [Reading("memory.oom", float(max(0, kills - self._kills)) if self._kills is not None else 0.0, "")]
        self._kills = kills
        rates = self._rates.of("swap", pages, now_s)
        if rates is not None:
            into, out = (rate * self._page_bytes for rate in rates)
            readings.append(Reading("swap.in", into, "B/s"))
            readings.append(Reading("swap.out", out, "B/s"))
            readings.append(Reading("swap.out_share", 100.0 * out / total, "%/s"))
        return readings


def _readings(total: int, available: int, swap_total: int, swap_free: int) -> list[Reading]:
    readings = [
        Reading("memory.used", float(total - available), "B"),
        Reading("memory.used_share", 100.0 * (total - available) / total, "%"),
        Reading("memory.available", 100.0 * available / total, "%"),
    ]
    if swap_total:
        readings.append(Reading("swap.used", 100.0 * (swap_total - swap_free) / swap_total, "%"))
    return readings


def _portable() -> list[Reading]:
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return _readings(memory.total, memory.available, swap.total, swap.free)
