"""Temperatures of the sensors that the system names, with each sensor's own limits where it has any."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.limits import CRITICAL_C, WARNING_C
from rackside.watch.model import Reading

NAME = "temperature"
EVERY_S = 10.0
FIND_EVERY_S: Final = 300.0
HWMON: Final = Path("/sys/class/hwmon")
MILLI: Final = 1_000.0
BELIEVABLE_C: Final = (30.0, 130.0)
"""Limits outside are no limits: drives are known to give 0, -273 and 65,261 degrees."""


@dataclass(frozen=True)
class Sensor:
    """A sensor with the limits that are in force for it, in degrees Celsius."""

    name: str
    chip: str
    high_c: float
    critical_c: float
    path: str = ""

    def readings(self, celsius: float) -> list[Reading]:
        """Return degrees, and how near to the limits they are: 0 at the warning limit, 1 at the critical one."""
        margin = (celsius - self.high_c) / max(1.0, self.critical_c - self.high_c)
        return [
            Reading("temperature", celsius, "°C", self.name, self.chip),
            Reading("temperature.margin", margin, "", self.name, self.chip),
        ]


class Collector:
    """Looks for sensors now and then, and reads them by files that stay open."""

    def __init__(self) -> None:
        self._sensors: list[Sensor] = []
        self._find_at_s = 0.0

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not proc.LINUX:
            return _portable()
        if now_s >= self._find_at_s:
            self._sensors, self._find_at_s = list(find(HWMON)), now_s + FIND_EVERY_S
        readings = []
        for sensor in self._sensors:
            milli = proc.value(sensor.path)
            if milli and milli.removeprefix("-").isdigit():
                readings += sensor.readings(int(milli) / MILLI)
        return readings


def find(folder: Path) -> Iterator[Sensor]:
    """Yield the sensors under a folder laid out as the kernel's hwmon (Documentation/hwmon/sysfs-interface.rst)."""
    for source in sorted(folder.glob("hwmon*/temp*_input")):
        stem = source.name.removesuffix("_input")
        chip = _word(source.with_name("name")) or "sensor"
        label = _word(source.with_name(f"{stem}_label")) or stem.removeprefix("temp")
        high, critical = (_celsius(source.with_name(f"{stem}_{limit}")) for limit in ("max", "crit"))
        yield sensor(f"{chip} {label}", chip, high, critical, str(source))


def sensor(name: str, chip: str, high: float | None, critical: float | None, path: str = "") -> Sensor:
    """Return a sensor; limits that it does not have, or that nobody can believe, are taken from the rules."""
    least, most = BELIEVABLE_C
    high = high if high is not None and least <= high <= most else None
    critical = critical if critical is not None and least <= critical <= most else None
    gap = CRITICAL_C - WARNING_C
    if high is None:
        high = WARNING_C if critical is None else min(WARNING_C, critical - gap)
    if critical is None or critical <= high:
        critical = max(CRITICAL_C, high + gap)
    return Sensor(name, chip, high, critical, path)


def _word(path: Path) -> str:
    try:
        return proc.printable(path.read_bytes().strip())
    except OSError:
        return ""


def _celsius(path: Path) -> float | None:
    try:
        return int(path.read_text()) / MILLI
    except (OSError, ValueError):
        return None


def _portable() -> list[Reading]:
    import psutil

    if not hasattr(psutil, "sensors_temperatures"):
        return []
    return [
        reading
        for chip, sensors in psutil.sensors_temperatures().items()
        for place, each in enumerate(sensors, 1)
        for reading in sensor(f"{chip} {each.label or place}", chip, each.high, each.critical).readings(each.current)
    ]
