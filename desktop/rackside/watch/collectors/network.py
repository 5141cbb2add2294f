"""Network interfaces: rates, use of the link's speed, drops, and whether the link is there."""

from pathlib import Path

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "network"
EVERY_S = 1.0
VIRTUAL = ("lo", "veth", "docker", "br-", "virbr", "vnet", "tap", "cni", "flannel", "cali", "dummy", "kube")
RX_BYTES, RX_PACKETS, RX_DROPS, TX_BYTES, TX_PACKETS, TX_DROPS = 0, 1, 3, 8, 9, 11
"""Columns of /proc/net/dev after the name (proc(5))."""
BITS = 8
MEGABIT = 1_000_000


class Collector:
    """Bits a second, as links are sold and drawn."""

    def __init__(self) -> None:
        self._rates = proc.Rate()

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        readings: list[Reading] = []
        for name, counters in _counters().items():
            if not name.startswith(VIRTUAL):
                readings += self._interface(name, counters, now_s)
        return readings

    def _interface(self, name: str, counters: list[int], now_s: float) -> list[Reading]:
        kind = "wireless" if Path(f"/sys/class/net/{name}/wireless").exists() else "ethernet"
        rates = {
            column: self._rates.of(f"{name} {column}", counters[column], now_s)
            for column in (RX_BYTES, RX_PACKETS, RX_DROPS, TX_BYTES, TX_PACKETS, TX_DROPS)
        }
        link, speed = _link(name)
        readings = [Reading("nic.link", float(link), "", name, kind)] if link is not None else []
        down, up = rates[RX_BYTES], rates[TX_BYTES]
        if down is None or up is None:
            return readings
        readings.append(Reading("nic.down", down * BITS, "bit/s", name, kind))
        readings.append(Reading("nic.up", up * BITS, "bit/s", name, kind))
        if speed > 0:
            readings.append(Reading("nic.use", 100.0 * max(down, up) * BITS / (speed * MEGABIT), "%", name, kind))
        drops = (rates[RX_DROPS] or 0.0) + (rates[TX_DROPS] or 0.0)
        packets = (rates[RX_PACKETS] or 0.0) + (rates[TX_PACKETS] or 0.0) + drops
        readings.append(Reading("nic.drops", 100.0 * drops / packets if packets else 0.0, "%", name, kind))
        return readings


def _counters() -> dict[str, list[int]]:
    if proc.LINUX:
        lines = (line.partition(":") for line in proc.text("/proc/net/dev").splitlines()[2:])
        return {name.strip(): [int(column) for column in rest.split()] for name, _, rest in lines}
    import psutil

    found = {}
    for name, each in psutil.net_io_counters(pernic=True).items():
        columns = [0] * 16
        columns[RX_BYTES], columns[RX_PACKETS], columns[RX_DROPS] = each.bytes_recv, each.packets_recv, each.dropin
        columns[TX_BYTES], columns[TX_PACKETS], columns[TX_DROPS] = each.bytes_sent, each.packets_sent, each.dropout
        found[name] = columns
    return found


def _link(name: str) -> tuple[bool | None, int]:
    """Return whether there is a carrier (None: the interface is off) and the speed in Mbit/s (0: unknown)."""
    try:
        if proc.LINUX:
            folder = Path("/sys/class/net") / name
            carrier = (folder / "carrier").read_text().strip() == "1"
            try:
                speed = int((folder / "speed").read_text())
            except (OSError, ValueError):
                speed = 0
            return carrier, max(0, speed)
    except OSError:
        return None, 0
    import psutil

    stats = psutil.net_if_stats().get(name)
    return (stats.isup, stats.speed) if stats else (None, 0)
