"""Load averages, and the load per core that the rule judges."""

import os

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "load"
EVERY_S = 5.0


class Collector:
    """Processes that run or wait, averaged over 1, 5 and 15 minutes."""

    def __init__(self) -> None:
        self._cores = os.cpu_count() or 1

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        if proc.LINUX:
            one, five, fifteen = map(float, proc.at_once("/proc/loadavg").split(None, 3)[:3])
        else:
            import psutil

            one, five, fifteen = psutil.getloadavg()
        return [
            Reading("load.1", one, ""),
            Reading("load.5", five, ""),
            Reading("load.15", fifteen, ""),
            Reading("load.per_core", one / self._cores, ""),
        ]
