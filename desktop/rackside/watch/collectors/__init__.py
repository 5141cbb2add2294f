"""One file a collector: `NAME`, `EVERY_S`, and a class `Collector` whose `read(now_s)` returns readings."""

from typing import Protocol

from rackside.watch.collectors import (
    battery,
    clock,
    cpu,
    disks,
    load,
    memory,
    network,
    raid,
    services,
    services_windows,
    smart,
    temperature,
    updates,
    uptime,
    users,
    wifi,
)
from rackside.watch.model import Reading


class Collector(Protocol):
    """What the loop needs of a collector. `now_s` is monotonic."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once. Raises OSError when the system does not tell."""
        ...


ALL = (
    *(cpu, load, memory, disks, network, temperature, uptime),
    *(services, services_windows, clock, raid, smart, battery, wifi, users, updates),
)
"""Every collector but the processes, which are asked for by themselves."""
