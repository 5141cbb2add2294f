"""Batteries: how full they are, what is left of what they held when new, and whether the machine runs on them."""

from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "battery"
EVERY_S = 60.0
SUPPLIES: Final = Path("/sys/class/power_supply")
MOST_PERCENT: Final = 100.0


class Collector:
    """`battery.charge` and `battery.health` in percent; `battery.discharging` is 1 on battery."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        if not proc.LINUX:
            return _portable()
        return [reading for each in batteries(SUPPLIES) for reading in _readings(each)]


def batteries(folder: Path) -> list[Path]:
    """Return this machine's own batteries; those of a mouse or a headset have the scope Device."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [each for each in found if _word(each / "type") == "Battery" and _word(each / "scope") != "Device"]


def _readings(battery: Path) -> list[Reading]:
    name = proc.printable(battery.name)
    readings = []
    charge = _number(battery / "capacity")
    if charge is not None:
        readings.append(Reading("battery.charge", min(charge, MOST_PERCENT), "%", name))
    # Some batteries count energy in µWh, others charge in µAh.
    for what in ("energy", "charge"):
        full, design = _number(battery / f"{what}_full"), _number(battery / f"{what}_full_design")
        if full is not None and design:
            readings.append(Reading("battery.health", min(100.0 * full / design, MOST_PERCENT), "%", name))
            break
    state = _word(battery / "status")
    if state:
        readings.append(Reading("battery.discharging", float(state == "Discharging"), "", name))
    return readings


def _word(path: Path) -> str:
    return proc.value(str(path)) or ""


def _number(path: Path) -> float | None:
    word = _word(path)
    return float(word) if word.isdecimal() else None


def _portable() -> list[Reading]:
    import psutil

    found = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if found is None:
        return []
    return [
        Reading("battery.charge", min(float(found.percent), MOST_PERCENT), "%", "BAT0"),
        Reading("battery.discharging", float(not found.power_plugged), "", "BAT0"),
    ]


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    if proc.LINUX:
        return "" if batteries(SUPPLIES) else "This machine has no battery that it tells of."
    return "" if _portable() else "This machine has no battery that it tells of."
