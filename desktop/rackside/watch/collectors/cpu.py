"""Use of the processors, all together and each, and what they waited for."""

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "cpu"
EVERY_S = 1.0
IDLE, IOWAIT, STEAL = 3, 4, 7
COUNTED = 8
"""Columns of /proc/stat that add up to all time; guest times are in user times already (proc(5))."""


class Collector:
    """Shares of the time since the last look, in percent."""

    def __init__(self) -> None:
        self._last: dict[str, list[int]] = {}
        self.read(0.0)

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        readings = []
        for name, times in _times().items():
            before, self._last[name] = self._last.get(name), times
            spent = [after - earlier for after, earlier in zip(times, before, strict=False)] if before else []
            total = sum(spent)
            if total <= 0 or min(spent) < 0:
                continue
            idle = spent[IDLE] + spent[IOWAIT]
            used = Reading("cpu.used", 100.0 * (total - idle) / total, "%")
            if name == "cpu":
                readings += [used, Reading("cpu.iowait", 100.0 * spent[IOWAIT] / total, "%")]
                readings.append(Reading("cpu.steal", 100.0 * spent[STEAL] / total, "%"))
            else:
                readings.append(Reading("cpu.core", used.value, "%", name.removeprefix("cpu")))
        return readings


def _times() -> dict[str, list[int]]:
    if not proc.LINUX:
        return _portable_times()
    times = {}
    for line in proc.text("/proc/stat").splitlines():
        if not line.startswith("cpu"):
            break
        name, *columns = line.split()
        times[name] = [int(column) for column in columns[:COUNTED]]
    return times


def _portable_times() -> dict[str, list[int]]:
    """Return the same columns where there is no /proc, in hundredths of a second."""
    import psutil

    names = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
    each = {"cpu": psutil.cpu_times(), **{f"cpu{n}": times for n, times in enumerate(psutil.cpu_times(percpu=True))}}
    return {cpu: [int(100 * getattr(times, name, 0.0)) for name in names] for cpu, times in each.items()}
