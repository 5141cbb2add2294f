"""How long this machine has been running."""

import time

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "uptime"
EVERY_S = 60.0


class Collector:
    """Seconds since boot; it stands still while the machine sleeps on some systems."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        return [Reading("uptime", uptime_s(), "s")]


def uptime_s() -> float:
    """Return the seconds since boot."""
    if proc.LINUX:
        return float(proc.at_once("/proc/uptime").split()[0])
    import psutil

    return time.time() - psutil.boot_time()
