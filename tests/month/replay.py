"""A machine's month, looked at as its own console and an admin's look at it; the real judge says what is wrong."""

import math
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from rackside.watch.checks import ping
from rackside.watch.limits import (
    CHECK_WINDOW_S,
    FILL_FIT_S,
    FILLING,
    LEAST_CHECKS,
    LEAST_ECHOES,
    LONGEST_CLEAR_WAIT_S,
    PING_WINDOW_S,
    TRIPS,
)
from rackside.watch.model import Alert, Reading
from rackside.watch.probes.ping import ECHOES
from rackside.watch.probing import TRIES, Prober, Tally, Trips
from rackside.watch.rules import Judge
from tests.month.machines import DAY_S, HOT_C, MINUTE_S, PROBE_S, START_S, STEP_S, WARM_C, Machine, Service

TRY_AGAIN_S: Final = 15.0
"""A check that fails is tried twice more before it counts, this long after."""
RECALLED: Final = frozenset({*(metric for _, metric, _ in FILLING), *(metric for metric, *_ in TRIPS)})
WEEK_MINUTES: Final = 7 * 1_440
POINT: Final = 4
"""The history of a day has a point for each four minutes."""
SLOW: Final = ("disk.", "nic.drops")
"""What hardly changes within a minute is looked at each minute."""
UNITS: Final = {
    "load.per_core": "",
    "memory.oom": "",
    "nic.link": "",
    "swap.out_share": "%/s",
    "temperature.margin": "",
}
KINDS: Final = {"wlan0": "wireless", "eth0": "ethernet", "coretemp Package": "coretemp", "": ""}
PROBED: Final = ("gateway.", "dns.", "internet.", "tls.")
"""What is not read from the machine itself, but asked of others."""


@dataclass
class Console:
    """A judge, and what a console keeps so that the judge of the next start knows it."""

    judge: Judge = field(default_factory=Judge)
    said: dict[str, Alert] = field(default_factory=dict)
    history: defaultdict[tuple[str, str], deque[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=WEEK_MINUTES))
    )

    def look(self, readings: list[Reading], at_s: float, uptime_s: float = math.inf) -> None:
        self.said.update({alert.id: alert for alert in self.judge.look(readings, at_s, uptime_s)})

    def keep(self, readings: Iterable[Reading], at_s: float) -> None:
        for reading in readings:
            if reading.metric in RECALLED and math.isfinite(reading.value):
                self.history[reading.metric, reading.component].append((at_s, reading.value))

    def start_anew(self, at_s: float) -> None:
        """Do what `history.recall` does."""
        since_s = at_s - LONGEST_CLEAR_WAIT_S
        self.judge = Judge(each for each in self.said.values() if each.is_open() or each.cleared_at_s >= since_s)
        for (metric, component), values in self.history.items():
            held = list(values)
            points = [held[place : place + POINT] for place in range(0, len(held), POINT)]
            means = [(each[0][0], sum(value for _, value in each) / len(each)) for each in points]
            fills = metric in {each for _, each, _ in FILLING}
            since_s = at_s - (FILL_FIT_S if fills else DAY_S)
            self.judge.recall(metric, component, [each for each in means if each[0] >= since_s], held if fills else [])


def replay(machine: Machine) -> list[Alert]:
    """Look at a whole month of a machine, from itself and from elsewhere; return every alert in its last state.

    Their times are seconds since the beginning of the month, by a clock that is right.
    """
    return [*_from_itself(machine), *_from_elsewhere(machine)]


def _from_itself(machine: Machine) -> list[Alert]:
    console, probes = Console(), _Probes(machine)
    fast, slow = _columns(machine)
    away, boots, drops = sorted(machine.away), sorted(machine.boots), _flickers(machine)
    starts, clock = deque(sorted(machine.restarts)), deque(sorted(machine.clock))
    ahead_s, last_boot = 0.0, boots[0]
    each_minute = int(PROBE_S / STEP_S)
    for step in range(machine.steps):
        now_s = step * STEP_S
        while clock and clock[0][0] <= now_s:
            ahead_s += clock.popleft()[1]
        while away and away[0][1] <= now_s:
            away.pop(0)
        if away and away[0][0] <= now_s:
            continue
        at_s = START_S + now_s + ahead_s
        boot = boots[bisect_right(boots, now_s) - 1]
        if boot != last_boot or (starts and starts[0] <= now_s):
            last_boot = boot
            while starts and starts[0] <= now_s:
                starts.popleft()
            console.start_anew(at_s)
            probes.start_anew()
        readings = [
            Reading(metric, values[step], unit, component, kind) for metric, component, kind, unit, values in fast
        ]
        if step % each_minute == 0:
            minute = step // each_minute
            readings += [Reading(metric, values[minute], unit, name, kind) for metric, name, kind, unit, values in slow]
            readings += probes.look(minute, now_s)
            console.keep(readings, at_s)
        console.look(readings, at_s, now_s - boot)
        wired = [reading for reading in readings if reading.metric == "nic.link" and reading.kind == "ethernet"]
        for name, offset_s, value in drops.get(step, ()):
            link = Reading("nic.link", value, "", name, "wireless")
            console.look([link, *wired], at_s + offset_s, now_s - boot)
    return [_by_a_right_clock(alert, machine) for alert in console.said.values()]


def _by_a_right_clock(alert: Alert, machine: Machine) -> Alert:
    def right(at_s: float) -> float:
        ahead_s = 0.0
        for when_s, by_s in sorted(machine.clock):
            ahead_s += by_s if when_s + START_S + ahead_s <= at_s else 0.0
        return at_s - ahead_s - START_S

    cleared_at_s = right(alert.cleared_at_s) if alert.cleared_at_s else 0.0
    return replace(alert, raised_at_s=right(alert.raised_at_s), cleared_at_s=cleared_at_s)


Column = tuple[str, str, str, str, list[float]]


def _columns(machine: Machine) -> tuple[list[Column], list[Column]]:
    """Return what is read each step and each minute: metric, component, kind, unit, values."""
    fast: list[Column] = []
    slow: list[Column] = []
    thin = slice(None, None, int(PROBE_S / STEP_S))
    now = {key: values for key, values in machine.now.items() if not key[0].startswith(PROBED)}
    warmth = now.pop(("temperature", ""))
    now["temperature.margin", "coretemp Package"] = (warmth - WARM_C) / (HOT_C - WARM_C)
    for (metric, component), values in now.items():
        kind = KINDS.get(component, "ext4")
        unit = UNITS.get(metric, "%")
        if metric.startswith(SLOW):
            slow.append((metric, component, kind, unit, values[thin].tolist()))
        else:
            fast.append((metric, component, kind, unit, values.tolist()))
        if metric == "disk.used":
            free = machine.disk_bytes * (1 - values[thin] / 100)
            slow.append(("disk.free", component, kind, "B", free.tolist()))
    return fast, slow


def _flickers(machine: Machine) -> dict[int, list[tuple[str, float, float]]]:
    """Return the looks of each second at links that are lost for a moment, by the step that they follow."""
    found: dict[int, list[tuple[str, float, float]]] = {}
    for name, at_s, lasts_s in machine.drops:
        step = int(at_s / STEP_S)
        seconds = int(min(lasts_s, STEP_S - 2))
        found[step] = [(name, 1.0 + second, 0.0) for second in range(seconds)] + [(name, 1.0 + seconds, 1.0)]
    return found


class _Probes:
    """Answers of the gateway, the name server and the internet, judged by the console's own prober."""

    def __init__(self, machine: Machine) -> None:
        rng, self._machine = machine.rng, machine
        self._moves = deque(sorted(machine.moves))
        self._lost = rng.binomial(ECHOES, machine.now["gateway.lost", ""]).tolist()
        self._fails = {name: _never(machine, name).tolist() for name in ("dns", "internet")}
        self._ms = {name: machine.now[f"{name}.ms", ""].tolist() for name in ("gateway", "internet")}
        self.start_anew()

    def start_anew(self) -> None:
        self._prober = Prober(lambda: None)
        self._prober._answered.update(("dns", "internet"))

    def look(self, minute: int, now_s: float) -> Iterable[Reading]:
        prober = self._prober
        while self._moves and self._moves[0] <= now_s:
            self._moves.popleft()
            prober._echoes.forget()
            prober._answered.discard("gateway")
        lost = self._lost[minute]
        trip = self._ms["gateway"][minute]
        answers: dict[str, Trips] = {
            "gateway": [None] * lost + [trip] * (ECHOES - lost),
            "dns": [None if self._fails["dns"][minute] else 12.0],
            "internet": [None if self._fails["internet"][minute] else self._ms["internet"][minute]],
        }
        return prober._judge(answers, now_s)


def _never(machine: Machine, name: str) -> np.ndarray:
    """Return of each minute whether none of the tries was answered: by chance, or since a hiccup outlasted them."""
    rng = machine.rng
    fails = rng.random(machine.minutes) < machine.now[f"{name}.fails", ""] ** TRIES
    for lasts_s in rng.lognormal(np.log(2), 1.2, rng.poisson(machine.days)):
        if rng.random() < (lasts_s - 2) / PROBE_S:
            fails[rng.integers(machine.minutes)] = True
    return np.asarray(fails)


@dataclass
class _Asked:
    """A check of a service: what it finds, and the readings of it, counted as the checker of watched machines does."""

    service: Service
    rng: np.random.Generator
    certificate: list[float] | None
    down: bool = False
    tally: Tally = field(default_factory=lambda: Tally(CHECK_WINDOW_S, LEAST_CHECKS))
    echoes: Tally = field(default_factory=lambda: Tally(PING_WINDOW_S, LEAST_ECHOES))

    def __post_init__(self) -> None:
        minutes = np.arange(len(self.service.fails))
        gone = np.zeros(len(minutes), dtype=bool)
        for begin_s, end_s in self.service.outages:
            gone[(minutes * PROBE_S >= begin_s) & (minutes * PROBE_S < end_s)] = True
        if self.service.kind == "ping":
            first = np.where(gone, ECHOES, self.rng.binomial(ECHOES, self.service.fails))
        else:
            first = gone | (self.rng.random(len(minutes)) < self.service.fails)
        self._first, self._ms = first.tolist(), self.service.ms.tolist()
        self._outages = sorted(self.service.outages)

    def rest(self) -> None:
        """Begin anew after a maintenance, or with another start of the console."""
        self.tally.forget()
        self.echoes.forget()

    def look(self, minute: int, now_s: float) -> Iterator[Reading]:
        kind, metric, label = self.service.kind, self.service.metric, self.service.label
        lost = self._tried(minute, now_s, self._bad_echo if kind == "ping" else bool)
        self.down = self._bad_echo(lost) if kind == "ping" else bool(lost)
        self.tally.add(now_s, good=not self.down)
        answered = not lost if kind != "ping" else lost < ECHOES
        if answered and kind != "tls":
            yield Reading(f"{metric}.ms", self._ms[minute], "ms", label, kind)
        if answered and self.certificate is not None:
            yield Reading("tls.days", self.certificate[minute], "d", label, kind)
        yield Reading(f"{metric}.down", float(self.down), "", label, kind)
        if kind == "ping":
            for number in range(ECHOES):
                self.echoes.add(now_s, good=number >= lost)
        share = (self.echoes if kind == "ping" else self.tally).bad_share()
        if share is not None:
            yield Reading(f"{metric}.loss" if kind == "ping" else f"{metric}.bad", share, "%", label, kind)
        if kind == "ping":
            yield Reading("host.bad_times", float(self.echoes.bad_times()), "", label, kind)

    def _tried(self, minute: int, now_s: float, is_bad: Callable[[int], bool]) -> int:
        """Return how much was lost of the try that counts."""
        lost = int(self._first[minute])
        for turn in range(1, TRIES):
            if self.down or not is_bad(lost):
                break
            lost = self._again(minute, now_s + turn * TRY_AGAIN_S)
        return lost

    def _again(self, minute: int, at_s: float) -> int:
        echoes = ECHOES if self.service.kind == "ping" else 1
        if any(begin <= at_s < end for begin, end in self._outages):
            return echoes
        return int(self.rng.binomial(echoes, self.service.fails[minute]))

    @staticmethod
    def _bad_echo(lost: int) -> bool:
        return ping._level(100.0 * lost / ECHOES) == "critical"


def _from_elsewhere(machine: Machine) -> list[Alert]:
    if not machine.services:
        return []
    console = Console()
    days = machine.now.get(("tls.days", ""))
    asked = [
        _Asked(each, machine.rng, days.tolist() if each.kind == "tls" and days is not None else None)
        for each in machine.services.values()
    ]
    planned = deque(sorted(machine.maintenance))
    starts = deque(sorted(at_s + 7 * 60 * MINUTE_S for at_s in machine.restarts))
    for minute in range(machine.minutes):
        now_s = minute * PROBE_S
        while planned and planned[0][1] <= now_s:
            planned.popleft()
            for each in asked:
                each.rest()
        if starts and starts[0] <= now_s:
            starts.popleft()
            console.start_anew(START_S + now_s)
            for each in asked:
                each.rest()
        resting = bool(planned) and planned[0][0] <= now_s
        readings = [] if resting else [reading for each in asked for reading in each.look(minute, now_s)]
        console.keep(readings, START_S + now_s)
        console.look(readings, START_S + now_s)
    return [
        replace(
            alert,
            raised_at_s=alert.raised_at_s - START_S,
            cleared_at_s=alert.cleared_at_s - START_S if alert.cleared_at_s else 0.0,
        )
        for alert in console.said.values()
    ]
