"""Which alerts were true, which incidents were found, and how soon."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from rackside.watch.model import Alert
from tests.month.incidents import Incident, plant
from tests.month.machines import DAY_S, STEP_S, Machine, usual
from tests.month.replay import replay

SLACK_S: Final = 15 * 60.0
"""So long after an incident an alert of it is still true: windows of ten minutes have to empty."""
Z: Final = 1.96


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a machine's month: the alerts, the incidents, and what fixed steps said."""

    machine: str
    alerts: list[Alert]
    incidents: list[Incident]
    steps: list["Step"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """An event of fixed steps: its kind, and when it lasted."""

    kind: str
    begin_s: float
    end_s: float


class Found(NamedTuple):
    """Whether and when an incident was found: seconds since it began, infinite when it was not."""

    incident: Incident
    after_s: float

    @property
    def late(self) -> bool:
        return self.incident.begin_s + self.after_s > self.incident.promised_s


def play(index: int, seed: int, days: int, monthly: int | None = None) -> Played:
    """Live through a machine's month and score it."""
    machine = usual(index, seed, days)
    incidents = plant(machine) if monthly is None else plant(machine, monthly)
    return Played(machine=machine.name, alerts=replay(machine), incidents=incidents, steps=list(fixed_steps(machine)))


def true_of(kind: str, begin_s: float, incidents: Iterable[Incident]) -> Incident | None:
    """Return the incident that an alert tells of, or None when it is false."""
    for each in incidents:
        if kind in each.kinds + each.also and each.begin_s <= begin_s <= each.end_s + SLACK_S:
            return each
    return None


def alerts(played: Played, *, information: bool = False) -> list[Alert]:
    """Return what called for somebody, or what was only for information: that is never a toast."""
    return [alert for alert in played.alerts if (alert.severity == "info") is information]


def false_alerts(played: Played, *, information: bool = False) -> list[Alert]:
    """Return those of them that tell of no incident."""
    told = alerts(played, information=information)
    return [alert for alert in told if true_of(alert.kind, alert.raised_at_s, played.incidents) is None]


def found(played: Played) -> list[Found]:
    """Return of each incident when it was found, by an alert that is promised for it."""
    return [Found(incident, _after_s(incident, played.alerts)) for incident in played.incidents]


def _after_s(incident: Incident, told: Sequence[Alert]) -> float:
    times = [
        max(0.0, alert.raised_at_s - incident.begin_s)
        for alert in told
        if alert.kind in incident.kinds
        and alert.raised_at_s <= incident.end_s + SLACK_S
        and (alert.is_open() or alert.cleared_at_s > incident.begin_s)
    ]
    return min(times, default=math.inf)


def wilson(bad: int, whole: int) -> tuple[float, float]:
    """Return the interval in which a share is with 95 %."""
    if not whole:
        return 0.0, 1.0
    share = bad / whole
    middle = share + Z * Z / (2 * whole)
    wide = Z * math.sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole))
    return max(0.0, (middle - wide) / (1 + Z * Z / whole)), min(1.0, (middle + wide) / (1 + Z * Z / whole))


STEPS: Final = {
    "cpu.used": (70.0, "cpu.used load"),
    "cpu.iowait": (70.0, "io.wait"),
    "memory.used_share": (70.0, "memory.available memory.oom swap.used"),
    "load.per_core": (1.0, "load cpu.used io.wait"),
    "disk.used": (70.0, "disk.used disk.filling"),
    "temperature": (70.0, "temperature"),
}
"""The warning steps of Glances' own glances.conf, judged at each look, and the kinds of ours that they tell of."""


def fixed_steps(machine: Machine) -> Iterable[Step]:
    """Yield each time that a reading was past its fixed step; what is less than a quarter of an hour apart is one."""
    there = np.ones(machine.steps, dtype=bool)
    for begin_s, end_s in machine.away:
        there[max(0, int(begin_s / STEP_S)) : int(end_s / STEP_S)] = False
    for (metric, _), values in machine.now.items():
        name, seen = ("memory.used_share", 100 - values) if metric == "memory.available" else (metric, values)
        if name in STEPS:
            past = np.concatenate([[False], (seen >= STEPS[name][0]) & there, [False]])
            edges = np.flatnonzero(past[1:] != past[:-1])
            begins, ends = edges[::2] * STEP_S, edges[1::2] * STEP_S
            apart = begins[1:] - ends[:-1] > SLACK_S
            if not len(begins):
                continue
            for begin_s, end_s in zip(begins[np.r_[True, apart]], ends[np.r_[apart, True]], strict=True):
                yield Step(kind=name, begin_s=float(begin_s), end_s=float(end_s))


def is_true(step: Step, incidents: Iterable[Incident]) -> bool:
    """Return whether an event of fixed steps overlaps an incident that it may tell of."""
    kinds = set(STEPS[step.kind][1].split())
    return any(
        kinds & {*each.kinds, *each.also} and step.begin_s <= each.end_s + SLACK_S and step.end_s >= each.begin_s
        for each in incidents
    )


def weeks(machines: int, days: int) -> float:
    """Return how many weeks of a machine were lived through."""
    return machines * days * DAY_S / (7 * DAY_S)
