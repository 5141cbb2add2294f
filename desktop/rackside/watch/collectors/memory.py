"""Memory, swap, what is swapped out, and kills for want of memory."""

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "memory"
EVERY_S = 2.0
KIB = 1024
PAGE_BYTES = 4096


class Collector:
    """Bytes and shares. Available is the kernel's own estimate (MemAvailable), not free plus cache."""

    def __init__(self) -> None:
        self._rates = proc.Rate()
        self._kills: int | None = None

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not proc.LINUX:
            return _portable()
        info, counters = proc.table("/proc/meminfo"), proc.table("/proc/vmstat")
        readings = _readings(
            info["MemTotal"] * KIB,
            info.get("MemAvailable", info["MemFree"]) * KIB,
            info["SwapTotal"] * KIB,
            info["SwapFree"] * KIB,
        )
        out = self._rates.of("out", counters.get("pswpout", 0) * PAGE_BYTES, now_s)
        if out is not None:
            readings.append(Reading("swap.out", out, "B/s"))
            readings.append(Reading("swap.out_share", 100.0 * out / (info["MemTotal"] * KIB), "%/s"))
        kills = counters.get("oom_kill", 0)
        readings.append(Reading("memory.oom", float(kills - self._kills if self._kills is not None else 0), "kills"))
        self._kills = kills
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
