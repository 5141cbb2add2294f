"""Use of the processors, all together and each, and what they waited for."""

from operator import sub

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "cpu"
EVERY_S = 1.0
IDLE, IOWAIT, STEAL = 3, 4, 7
COUNTED = 8
"""Columns of /proc/stat that add up to all time; guest times are in user times already (proc(5))."""
PORTABLE = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")


class Collector:
    """Shares of the time since the last look, in percent."""

    def __init__(self) -> None:
        self._last: dict[str, list[int]] = {}
        self.read(0.0)

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        readings = []
        before, self._last = self._last, _times()
        for name, times in self._last.items():
            earlier = before.get(name)
            if earlier is None:
                continue
            spent = list(map(sub, times, earlier))
            if min(spent) < 0:
                # Idle and iowait may fall back by a tick (proc(5)), and all do when a processor went and came back.
                spent = [max(0, each) for each in spent]
            total = sum(spent)
            if not total:
                continue
            used = 100.0 * (total - spent[IDLE] - spent[IOWAIT]) / total
            if name == "cpu":
                readings.append(Reading("cpu.used", used, "%"))
                readings.append(Reading("cpu.iowait", 100.0 * spent[IOWAIT] / total, "%"))
                readings.append(Reading("cpu.steal", 100.0 * spent[STEAL] / total, "%"))
            else:
                readings.append(Reading("cpu.core", used, "%", name.removeprefix("cpu")))
        return readings


def _times() -> dict[str, list[int]]:
    if not proc.LINUX:
        return _portable_times()
    found = proc.at_once("/proc/stat")
    times = {}
    for line in found[: found.find(b"\nintr")].splitlines():
        name, *columns = line.split(None, COUNTED + 1)
        times[name.decode()] = list(map(int, columns[:COUNTED]))
    return times


def _portable_times() -> dict[str, list[int]]:
    """Return the same columns where there is no /proc, in hundredths of a second."""
    import psutil

    each = {"cpu": psutil.cpu_times(), **{f"cpu{n}": times for n, times in enumerate(psutil.cpu_times(percpu=True))}}
    return {cpu: [int(100 * getattr(times, name, 0.0)) for name in PORTABLE] for cpu, times in each.items()}
