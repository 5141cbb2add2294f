"""From readings and alerts to what the machine's tiles and rows show. Pure; no Qt."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from rackside.figures import bytes_of, percent, rate_of, short, span_of, written
from rackside.kit.palette import SEVERITY_TONES
from rackside.machine.views import NetworkView, Overview, ProcessView, State, TileState, TileView
from rackside.watch.model import Alert, Machine, Process, Reading, Snapshot
from rackside.watch.names import name_of

WORST_FIRST_DISKS: Final = 2
"""Disks among the first tiles; the others are behind Details."""
FULL_SOON_S: Final = 7 * 86_400.0
"""A disk says when it will be full if that is within this time."""
WHOLE: Final = 100.0
WAY_OUT: Final = (
    ("Gateway", "ping.ms gateway", ("ping.down gateway", "ping.loss gateway")),
    ("DNS", "dns.ms", ("dns.down", "dns.bad")),
    ("Internet", "internet.ms", ("internet.down", "internet.bad")),
)
"""Each check of the way out: its name, the key of its time, and the keys that are above 0 when it fails."""
DETAILS: Final = (
    "load.1",
    "swap.used",
    "cpu.iowait",
    "disk.inodes",
    "disk.busy",
    "disk.read",
    "disk.write",
    "nic.use",
    "nic.drops",
    "temperature",
    "cpu.core",
)
"""What stands behind Details, in this order."""
_SHARES: Final = frozenset({"cpu.used", "cpu.core", "cpu.iowait", "disk.used", "disk.inodes", "disk.busy", "swap.used"})


FIRST: Final = tuple(
    TileView(metric, caption, "\N{EN DASH}", "reading…")
    for metric, caption in (
        ("cpu.used", "CPU"),
        ("memory.used", "Memory"),
        ("disk.used /", "Disk /"),
        ("nic.down", "Network"),
    )
)
"""What stands there before anything was read, so that nothing moves when it is."""
States: TypeAlias = Mapping[str, TileState]
"""The state that a reading's worst open alert gives it, by the reading's key."""


def overview(snapshot: Snapshot, machine: Machine) -> Overview:
    """Arrange a snapshot: processor, memory, the worst disks, the busiest interface first; the rest behind Details."""
    if not snapshot.at_s:
        return Overview(tiles=FIRST)
    seen = snapshot.readings
    states = worst_by_reading(snapshot.alerts)
    disks = sorted(
        (each for each in seen.values() if each.metric == "disk.used"), key=_worst_disk(snapshot.fills_in_s, states)
    )
    nics = sorted(
        (each for each in seen.values() if each.metric == "nic.down"), key=lambda each: (-each.value, each.component)
    )
    shown = [
        *_cpu(seen, machine, states),
        *_memory(seen, machine, states),
        *(_disk(each, seen, snapshot.fills_in_s, states) for each in disks[:WORST_FIRST_DISKS]),
        *(_nic(each, seen, states) for each in nics[:1]),
    ]
    rest = [
        *(_disk(each, seen, snapshot.fills_in_s, states) for each in disks[WORST_FIRST_DISKS:]),
        *(_nic(each, seen, states) for each in nics[1:]),
        *(
            tile(each, states)
            for metric in DETAILS
            for each in sorted((one for one in seen.values() if one.metric == metric), key=_natural)
        ),
    ]
    return Overview(
        at_s=snapshot.at_s,
        tiles=tuple(shown),
        more=tuple(rest),
        processes=tuple(process(each) for each in snapshot.processes),
        network=network(seen, states),
    )


def worst_by_reading(alerts: tuple[Alert, ...]) -> States:
    """Return for each reading's key the state that its worst open alert gives it."""
    worst: dict[str, TileState] = {}
    for alert in alerts:
        state = SEVERITY_TONES[alert.severity]
        if alert.is_open() and (alert.reading not in worst or state == "bad"):
            worst[alert.reading] = state
    return worst


def tile(reading: Reading, states: States) -> TileView:
    """Return any reading as a tile."""
    value, unit = written(reading.value, reading.unit)
    return TileView(
        metric=reading.key,
        caption=name_of(reading.key),
        value=value,
        note=unit,
        state=states.get(reading.key, "ink"),
        number=reading.value,
        top=WHOLE if reading.metric in _SHARES else 0.0,
    )


def process(each: Process) -> ProcessView:
    """Return a process as a row."""
    cpu, memory = f"{percent(each.cpu_percent)} %", " ".join(bytes_of(float(each.memory_bytes)))
    return ProcessView(each.name, cpu, memory, f"{each.name} (process {each.pid}): {cpu} of one core, {memory}")


def network(seen: Mapping[str, Reading], states: States) -> tuple[NetworkView, ...]:
    """Return the way out, nearest first: what was measured of it, and what its alerts say."""
    rows = []
    for name, time_key, bad_keys in WAY_OUT:
        trip = seen.get(time_key)
        failing = [reading for key in bad_keys if (reading := seen.get(key)) is not None and reading.value > 0]
        if trip is None and not failing and not any(key in seen for key in bad_keys):
            continue
        states_now = [states[key] for key in (time_key, *bad_keys) if key in states]
        state: State = "ok"
        if "bad" in states_now or (trip is None and failing):
            state = "bad"
        elif "warn" in states_now or failing:
            state = "warn"
        word = {"ok": "Reachable", "warn": "Unsteady", "bad": "No answer"}[state]
        rows.append(NetworkView(time_key, name, word, f"{short(trip.value)} ms" if trip else "", state))
    return tuple(rows)


def _cpu(seen: Mapping[str, Reading], machine: Machine, states: States) -> list[TileView]:
    reading = seen.get("cpu.used")
    if reading is None:
        return []
    cores = f"{machine.cores} core" + ("s" if machine.cores != 1 else "")
    return [
        TileView(
            reading.key,
            "CPU",
            percent(reading.value),
            f"% · {cores}",
            states.get(reading.key, "ink"),
            f"CPU: {percent(reading.value)} % of {cores}",
            reading.value,
            WHOLE,
        )
    ]


def _memory(seen: Mapping[str, Reading], machine: Machine, states: States) -> list[TileView]:
    reading = seen.get("memory.used")
    if reading is None:
        return []
    value, unit = bytes_of(reading.value, like=float(machine.memory_bytes))
    total, _ = bytes_of(float(machine.memory_bytes))
    state = states.get("memory.available") or states.get(reading.key, "ink")
    note = f"of {total} {unit}"
    return [
        TileView(
            reading.key,
            "Memory",
            value,
            note,
            state,
            f"Memory: {value} {note} in use",
            reading.value,
            float(machine.memory_bytes),
        )
    ]


def _disk(reading: Reading, seen: Mapping[str, Reading], fills_in_s: Mapping[str, float], states: States) -> TileView:
    mount = reading.component
    free = seen.get(f"disk.free {mount}")
    full_in_s = fills_in_s.get(mount)
    left = f"{' '.join(bytes_of(free.value))} free" if free else ""
    note = left
    if full_in_s is not None and full_in_s <= FULL_SOON_S:
        note = f"full in ~{span_of(full_in_s)}"
    return TileView(
        reading.key,
        f"Disk {mount}",
        percent(reading.value),
        f"% · {note}" if note else "%",
        states.get(reading.key, "ink"),
        f"{mount} ({reading.kind}): {percent(reading.value)} % used, {left}",
        reading.value,
        WHOLE,
    )


def _nic(reading: Reading, seen: Mapping[str, Reading], states: States) -> TileView:
    up = seen.get(f"nic.up {reading.component}")
    down_value, unit = rate_of(reading.value)
    up_value, up_unit = rate_of(up.value) if up else ("0", unit)
    note = f"↓ {up_value} ↑ {unit}" if up_unit == unit else f"{unit} ↓ {up_value} {up_unit} ↑"
    return TileView(
        reading.key,
        f"Network {reading.component}",
        down_value,
        note,
        states.get(f"nic.link {reading.component}") or states.get(f"nic.use {reading.component}", "ink"),
        f"{reading.component} ({reading.kind}): {down_value} {unit} in, {up_value} {up_unit} out",
        reading.value,
    )


def _worst_disk(fills_in_s: Mapping[str, float], states: States) -> Callable[[Reading], tuple[int, float, float]]:
    order = {"bad": 0, "warn": 1}

    def rank(reading: Reading) -> tuple[int, float, float]:
        soon = fills_in_s.get(reading.component, float("inf"))
        return order.get(states.get(reading.key, ""), 2), soon if soon <= FULL_SOON_S else float("inf"), -reading.value

    return rank


def _natural(reading: Reading) -> tuple[int, str]:
    return (int(reading.component), "") if reading.component.isdigit() else (0, reading.component)
