"""Network interfaces: rates, use of the link's speed, drops and errors, and whether the link is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.limits import DROPS_SAMPLE_S, DROPS_WINDOW_S
from rackside.watch.model import Reading
from rackside.watch.rates import Rates, Share

NAME = "network"
EVERY_S = 1.0
VIRTUAL: Final = (
    *(
        "lo",
        "veth",
        "docker",
        "br-",
        "virbr",
        "vnet",
        "tap",
        "cni",
        "flannel",
        "cali",
        "dummy",
        "kube",
        "ifb",
        "podman",
    ),
    *("lxc", "lxdbr", "nodelocal", "sit", "ip6tnl", "tunl", "gre", "erspan"),
)
"""How interfaces inside one machine, and placeholders of the kernel, begin."""
RX_BYTES, RX_PACKETS, RX_ERRORS, RX_DROPS, TX_BYTES, TX_PACKETS, TX_ERRORS, TX_DROPS = 0, 1, 2, 3, 8, 9, 10, 11
"""Columns of /proc/net/dev after the name (proc(5))."""
COLUMNS: Final = 12
BITS: Final = 8
MEGABIT: Final = 1_000_000
SPEED_EVERY_S: Final = 60.0
"""To ask for the speed takes the kernel's network lock, and it hardly changes."""


@dataclass
class _Interface:
    """What is known of an interface between looks."""

    kind: str
    drops: Share = field(default_factory=lambda: Share(DROPS_WINDOW_S, DROPS_SAMPLE_S))
    errors: Share = field(default_factory=lambda: Share(DROPS_WINDOW_S, DROPS_SAMPLE_S))
    speed_mbit_s: int = 0
    speed_until_s: float = 0.0


class Collector:
    """Bits a second, as links are sold and drawn; drops and errors as shares of the packets of ten minutes."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._known: dict[str, _Interface] = {}

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        readings: list[Reading] = []
        for name, counters in _counters().items():
            if name not in self._known:
                self._known[name] = _Interface(_kind(name))
            readings += self._interface(name, self._known[name], counters, now_s)
        return readings

    def _interface(self, name: str, known: _Interface, counters: Sequence[int], now_s: float) -> list[Reading]:
        link = _link(name)
        readings = [Reading("nic.link", float(link), "", name, known.kind)] if link is not None else []
        rates = self._rates.of(name, (counters[RX_BYTES], counters[TX_BYTES]), now_s)
        drops, errors, packets = _totals(counters)
        dropped = known.drops.of(drops, packets, now_s)
        damaged = known.errors.of(errors, packets, now_s)
        if rates is None:
            return readings
        down, up = rates[0] * BITS, rates[1] * BITS
        readings.append(Reading("nic.down", down, "bit/s", name, known.kind))
        readings.append(Reading("nic.up", up, "bit/s", name, known.kind))
        readings.append(Reading("nic.drops", dropped, "%", name, known.kind))
        readings.append(Reading("nic.errors", damaged, "%", name, known.kind))
        if not link:
            known.speed_until_s = now_s
        elif now_s >= known.speed_until_s:
            known.speed_mbit_s, known.speed_until_s = _speed(name), now_s + SPEED_EVERY_S
        if link and known.speed_mbit_s > 0:
            speed = float(known.speed_mbit_s * MEGABIT)
            readings.append(Reading("nic.speed", speed, "bit/s", name, known.kind))
            readings.append(Reading("nic.use", 100.0 * max(down, up) / speed, "%", name, known.kind))
        return readings


def _totals(counters: Sequence[int]) -> tuple[int, int, int]:
    """Return drops, errors and all packets. Linux counts what it received and then dropped as received as well."""
    drops = counters[RX_DROPS] + counters[TX_DROPS]
    errors = counters[RX_ERRORS] + counters[TX_ERRORS]
    return drops, errors, counters[RX_PACKETS] + counters[TX_PACKETS] + drops


def _counters() -> dict[str, list[int]]:
    if not proc.LINUX:
        return _portable_counters()
    found = {}
    for line in proc.content("/proc/net/dev").splitlines()[2:]:
        raw, _, rest = line.rpartition(b":")
        name = proc.printable(raw.strip())
        if not name.startswith(VIRTUAL):
            found[name] = [int(column) for column in rest.split(None, COLUMNS)[:COLUMNS]]
    return found


def _portable_counters() -> dict[str, list[int]]:
    import psutil

    found = {}
    for name, each in psutil.net_io_counters(pernic=True).items():
        if name.lower().startswith(VIRTUAL):
            continue
        columns = [0] * COLUMNS
        columns[RX_BYTES], columns[RX_PACKETS] = each.bytes_recv, each.packets_recv
        columns[RX_ERRORS], columns[RX_DROPS] = each.errin, each.dropin
        columns[TX_BYTES], columns[TX_PACKETS] = each.bytes_sent, each.packets_sent
        columns[TX_ERRORS], columns[TX_DROPS] = each.errout, each.dropout
        found[proc.printable(name)] = columns
    return found


def _kind(name: str) -> str:
    wireless = Path("/sys/class/net", name, "wireless").exists() if proc.LINUX else name.lower().startswith("wi-fi")
    return "wireless" if wireless else "ethernet"


def _link(name: str) -> bool | None:
    """Return whether there is a carrier, or None when the interface is switched off."""
    if proc.LINUX:
        carrier = proc.value(f"/sys/class/net/{name}/carrier")
        return carrier == "1" if carrier else None
    import psutil

    stats = psutil.net_if_stats().get(name)
    return stats.isup if stats else None


def _speed(name: str) -> int:
    """Return the speed of the link in Mbit/s, or 0 when it is not known, as of wireless and virtual ones."""
    if proc.LINUX:
        speed = proc.value(f"/sys/class/net/{name}/speed") or "0"
        return int(speed) if speed.isdigit() else 0
    import psutil

    stats = psutil.net_if_stats().get(name)
    return stats.speed if stats else 0
