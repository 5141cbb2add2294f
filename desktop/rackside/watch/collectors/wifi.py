"""Wireless links: the strength of the signal and the quality of the link. Which network it is is not read."""

from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "wifi"
EVERY_S = 10.0
WIRELESS: Final = Path("/proc/net/wireless")
MOST_QUALITY: Final = 70.0
"""What mac80211's drivers call the best (net/wireless/wext-compat.c)."""
QUALITY, SIGNAL = 1, 2
HEAD_LINES: Final = 2


class Collector:
    """`wifi.signal` in dBm, the nearer to 0 the stronger; `wifi.quality` in percent."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        if not proc.LINUX or not WIRELESS.exists():
            return []
        return links(proc.content(str(WIRELESS)).decode("utf-8", "replace"))


def links(table: str) -> list[Reading]:
    """Return what /proc/net/wireless says of each interface."""
    readings = []
    for line in table.splitlines()[HEAD_LINES:]:
        name, _, rest = line.rpartition(":")
        columns = [column.rstrip(".") for column in rest.split()]
        if len(columns) <= SIGNAL or not columns[QUALITY].isdecimal():
            continue
        interface = proc.printable(name.strip())
        quality = min(100.0 * int(columns[QUALITY]) / MOST_QUALITY, 100.0)
        readings.append(Reading("wifi.quality", quality, "%", interface, "wireless"))
        # A level that is not negative is in units of the driver's own.
        if columns[SIGNAL].startswith("-") and columns[SIGNAL][1:].isdecimal():
            readings.append(Reading("wifi.signal", float(columns[SIGNAL]), "dBm", interface, "wireless"))
    return readings


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    if not proc.LINUX:
        return "The strength of a wireless signal is read on Linux only."
    return "" if WIRELESS.exists() else "This kernel does not tell of wireless links, or there is no wireless card."
