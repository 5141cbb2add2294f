"""From what a device tells to what is wrong with it. Pure: values go in, findings come out."""

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rackside.watch.checks.check import Level
from rackside.watch.checks.snmp_session import MOST_ROWS, Oid, Table, Value
from rackside.watch.proc import printable
from rackside.words import counted, span

MOST_NAME: Final = 40
MOST_TEXT: Final = 120
"""Characters of a device's own words that are shown."""
SYSTEM: Final[tuple[Oid, ...]] = ((1, 3, 6, 1, 2, 1, 1, 1, 0), (1, 3, 6, 1, 2, 1, 1, 3, 0))
"""[RFC 3418] sysDescr, sysUpTime."""
INTERFACES: Final[tuple[Oid, ...]] = ((1, 3, 6, 1, 2, 1, 2, 2, 1, 7), (1, 3, 6, 1, 2, 1, 2, 2, 1, 8))
"""[RFC 2863] ifAdminStatus, ifOperStatus."""
INTERFACE_NAMES: Final[tuple[Oid, ...]] = (
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1),
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 18),
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 2),
)
"""[RFC 2863] ifName, ifAlias, ifDescr."""
UP, DOWN = 1, 2
STORAGE: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 2, 1, 25, 2, 3, 1, column) for column in (2, 3, 5, 6))
"""[RFC 2790] hrStorageType, Descr, Size, Used."""
DISKS: Final = frozenset((1, 3, 6, 1, 2, 1, 25, 2, 1, kind) for kind in (4, 9, 10))
"""[RFC 2790] Fixed disks, flash memory, network disks. Memory counts what is cached as used; a disc is always full."""
MOUNTS: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 2, 1, 25, 3, 8, 1, column) for column in (5, 7))
"""[RFC 2790] hrFSAccess, hrFSStorageIndex."""
READ_ONLY: Final = 2
LOADS: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 4, 1, 2021, 10, 1, 5, minutes) for minutes in (1, 2, 3))
"""[UCD-SNMP-MIB] laLoadInt: a hundred times the load of 1, 5 and 15 minutes."""
PROCESSORS: Final[tuple[Oid, ...]] = ((1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 1),)
"""[RFC 2790] hrProcessorFrwID, a row for each core. net-snmp has hrProcessorLoad only a minute after it started."""
SUPPLIES: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column) for column in (6, 7, 8, 9))
"""[RFC 3805] prtMarkerSuppliesDescription, SupplyUnit, MaxCapacity, Level."""
PERCENT: Final = 19
SOME_LEFT: Final = -3
"""[RFC 3805] The unit that is a share already, and the level that is above nothing; -1 and -2 say even less."""
UPS: Final[tuple[Oid, ...]] = tuple((1, 3, 6, 1, 2, 1, 33, 1, *rest, 0) for rest in ((2, 1), (2, 2), (2, 4), (4, 1)))
"""[RFC 1628] upsBatteryStatus, upsSecondsOnBattery, upsEstimatedChargeRemaining, upsOutputSource."""
BATTERY: Final = {3: "the battery is low", 4: "the battery is empty"}
OUTPUT: Final[Mapping[int, tuple[Level, str]]] = {
    2: ("critical", "it gives no current"),
    4: ("warning", "it is bypassed and protects nothing"),
    5: ("warning", "it runs on battery"),
}
"""[RFC 1628] What is wrong of upsBatteryStatus and upsOutputSource."""
MAINS: Final = frozenset({3, 6, 7})
"""[RFC 1628] upsOutputSource is normal, booster or reducer."""
HUNDREDTHS: Final = 100.0


class Limits(NamedTuple):
    """Where a number is a warning and where critical, in the unit of what is measured."""

    warning_above: float = math.inf
    critical_above: float = math.inf
    warning_below: float = -math.inf
    critical_below: float = -math.inf

    def level(self, value: float) -> Level:
        """Judge a number."""
        if value > self.critical_above or value < self.critical_below:
            return "critical"
        return "warning" if value > self.warning_above or value < self.warning_below else "ok"


LIMITS: Final[Mapping[str, Limits]] = {
    "storage": Limits(warning_above=90.0, critical_above=98.0),
    "load": Limits(warning_above=2.0),
    "supplies": Limits(warning_below=15.0, critical_below=5.0),
    "ups": Limits(),
    "traffic": Limits(warning_above=90.0),
    "oid": Limits(),
}
"""Of what takes limits: percent used, load per core and percent of a link's speed, as the alerts of this machine have
it; percent left, as printers say low and empty; percent of charge, whose levels the UPS knows itself; any number."""


class Finding(NamedTuple):
    """One thing that was looked at: how bad it is, and what is said of it."""

    level: Level
    sentence: str


class Judged(NamedTuple):
    """All that was looked at, worst first; what is said where all is well; what was measured, by name and unit.

    `main` names the measured value that a history is kept of, if one is.
    """

    findings: list[Finding]
    well: str
    values: dict[str, tuple[float, str]]
    main: str = ""


BADNESS: Final[Mapping[Level, int]] = {"critical": 0, "warning": 1, "unknown": 2, "ok": 3}


def judged(
    findings: Iterable[Finding],
    well: str,
    values: Mapping[str, tuple[float, str]],
    *,
    complete: bool = True,
    main: str = "",
) -> Judged:
    """Put the worst first, and leave out what is well; a table that was cut is a finding, too."""
    found = [each for each in findings if each.level != "ok"]
    if not complete:
        found.append(Finding("unknown", f"there are too many rows: only the first {MOST_ROWS} are looked at"))
    return Judged(sorted(found, key=lambda each: BADNESS[each.level]), well, dict(values), main)


def text(value: Value, most: int = MOST_NAME) -> str:
    """Return a device's own words on one line, without what a screen acts on, and not too many."""
    if not isinstance(value, bytes):
        return ""
    shown = printable(" ".join(value.decode("utf-8", "replace").split()))
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def number(value: Value) -> int | None:
    """Return a value that is a number, else None."""
    return value if isinstance(value, int) else None


def system(values: list[Value]) -> Judged:
    """Say what a device is and since when it runs."""
    ticks = number(values[1])
    said = text(values[0], MOST_TEXT) or "a device that does not say what it is"
    if ticks is None:
        return judged((), said, {})
    up_s = ticks / HUNDREDTHS
    return judged((), f"{said}, up {span(up_s)}", {"uptime": (up_s, "s")})


def lost_links(table: Table) -> list[Oid]:
    """Return the interfaces that should be up and are down."""
    return [index for index, (wanted, found) in table.rows.items() if wanted == UP and found == DOWN]


def interfaces(table: Table, names: Mapping[Oid, str]) -> Judged:
    """Judge the links; `names` are of those that are asked for, which may be fewer than are lost."""
    lost = lost_links(table)
    up = sum(found == UP for _, found in table.rows.values())
    findings = [Finding("warning", f"{names.get(each) or numbered('interface', each)} is down") for each in lost]
    values = {
        "interfaces": (float(len(table.rows)), ""),
        "up": (float(up), ""),
        "down": (float(len(lost)), ""),
    }
    return judged(findings, f"{up} of {counted(len(table.rows), 'interface')} up", values, complete=table.complete)


def interface_name(values: list[Value]) -> str:
    """Return what an interface is called: its name or description, and what the admin calls it."""
    name, alias, description = (text(each) for each in values)
    own = name or description
    return f"{own} ({alias})" if own and alias and alias != own else own or alias


def storage(table: Table, limits: Limits, mounts: Mapping[Oid, Value]) -> Judged:
    """Judge how full the disks are; `mounts` says how they may be used, as far as it is known.

    What can only be read, such as an image, is always full and not judged.
    """
    shares: dict[Oid, tuple[str, float]] = {}
    for index, (kind, name, size, used) in table.rows.items():
        if kind not in DISKS or mounts.get(index) == READ_ONLY:
            continue
        if isinstance(size, int) and isinstance(used, int) and size:
            # What has more than 2^31 units comes negative from devices that count in 32 bits.
            share = 100.0 * (used % 2**32) / (size % 2**32)
            shares[index] = (text(name) or numbered("disk", index), share)
    ranked = sorted(shares.values(), key=lambda each: -each[1])
    findings = [Finding(limits.level(share), f"{name} is {share:.0f} % full") for name, share in ranked]
    well = f"{counted(len(ranked), 'disk')}, the fullest is {ranked[0][0]} at {ranked[0][1]:.0f} %" if ranked else ""
    values = {"fullest": (ranked[0][1], "%")} if ranked else {}
    values |= {f"used_{_word(name)}": (share, "%") for name, share in ranked}
    return judged(findings, well, values, complete=table.complete, main="fullest")


def read_only(mounts: Table) -> dict[Oid, Value]:
    """Return how each storage may be used, by its index."""
    return {(place,): access for access, place in mounts.rows.values() if isinstance(place, int)}


def load(values: list[Value], cores: int, limits: Limits) -> Judged:
    """Judge the load of the last minute per core; of unknown cores as one."""
    loads = [None if (hundredths := number(each)) is None else hundredths / HUNDREDTHS for each in values]
    if loads[0] is None:
        return judged((), "", {})
    per_core = loads[0] / max(1, cores)
    said = f"load is {per_core:.2f} per core, of {counted(cores, 'core')}" if cores else f"load is {per_core:.2f}"
    named = zip(("load_1min", "load_5min", "load_15min"), loads, strict=True)
    told = {name: (each, "") for name, each in named if each is not None}
    return judged([Finding(limits.level(per_core), said)], said, {"per_core": (per_core, ""), **told}, main="per_core")


def supplies(table: Table, limits: Limits) -> Judged:
    """Judge what is left of a printer's supplies, or what room in its waste boxes."""
    shares, unknown = [], 0
    for index, (description, unit, most, level) in table.rows.items():
        name = text(description) or numbered("supply", index)
        share = _share_left(number(unit), number(most), number(level))
        if share is None:
            unknown += number(level) != SOME_LEFT
        else:
            shares.append((name, share))
    shares.sort(key=lambda each: each[1])
    findings = [Finding(limits.level(share), f"{name} has {share:.0f} % left") for name, share in shares]
    if shares:
        well = f"{counted(len(table.rows), 'supply level')}, the lowest is {shares[0][0]} at {shares[0][1]:.0f} %"
    else:
        well = f"it does not say how much is left of its {len(table.rows)} supplies" if table.rows else ""
    values = {"lowest": (shares[0][1], "%")} if shares else {}
    values |= {f"left_{_word(name)}": (share, "%") for name, share in shares}
    return judged(findings, well, values | {"unknown": (float(unknown), "")}, complete=table.complete, main="lowest")


def _share_left(unit: int | None, most: int | None, level: int | None) -> float | None:
    if level is None or level < 0:
        return None
    if most is not None and most > 0:
        return min(100.0, 100.0 * level / most)
    return float(min(100, level)) if unit == PERCENT else None


def ups(values: list[Value], limits: Limits) -> Judged:
    """Judge whether a UPS runs on its battery, and what is left of that."""
    battery, on_battery_s, charge, source = (number(each) for each in values)
    findings = [Finding("critical", BATTERY[battery])] if battery in BATTERY else []
    if source is not None and source in OUTPUT:
        level, said = OUTPUT[source]
        findings.append(Finding(level, f"{said} since {span(on_battery_s)}" if on_battery_s else said))
    if charge is not None:
        findings.append(Finding(limits.level(charge), f"the battery is at {charge} %"))
    told = (("charge", charge, "%"), ("on_battery", on_battery_s, "s"), ("battery_status", battery, ""))
    measured = {name: (float(each), unit) for name, each, unit in told if each is not None}
    if battery is None and source is None and charge is None:
        return judged((), "", {})
    well = ["it runs on mains"] if source in MAINS else []
    well.append("its battery is well" if charge is None else f"its battery is at {charge} %")
    return judged(findings, ", ".join(well), measured, main="charge")


def single(name: str, value: Value, limits: Limits) -> Judged:
    """Judge one value by its limits; a text that is a number counts as one."""
    if value is None:
        return judged((), "", {})
    measured = _measured(value)
    if measured is not None:
        said = f"{name} is {measured:g}"
        return judged([Finding(limits.level(measured), said)], said, {"value": (measured, "")}, main="value")
    said = f"{name} is {'.'.join(map(str, value)) if isinstance(value, tuple) else text(value, MOST_TEXT)}"
    bad = [Finding("critical", f"{said}, which is no number")] if limits != Limits() else []
    return judged(bad, said, {})


def _measured(value: Value) -> float | None:
    try:
        found = float(value) if isinstance(value, int | bytes) else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def numbered(noun: str, index: Oid) -> str:
    """Return what is called by its number, having no name."""
    return f"{noun} {'.'.join(map(str, index[:4]))}"


def _word(name: str) -> str:
    """Return a name without what stands between the numbers of a monitoring plugin."""
    return "".join("_" if letter in " ='|;" else letter for letter in name)
