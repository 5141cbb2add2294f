"""From readings to alerts. Pure: the state goes in with the readings, and nothing here knows a clock or a disk."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, TypeAlias

from rackside import words
from rackside.watch import limits
from rackside.watch.limits import Level, Rule
from rackside.watch.model import SEVERITIES, Alert, Reading, Severity
from rackside.watch.signals import Finding, Signal, State
from rackside.watch.signature import signature
from rackside.watch.trends import Filling, Usual, Window
from rackside_protocol.ids import new_id

WATCHED_KINDS: Final = frozenset(
    {"rtt"} | {rule.kind for rule in limits.RULES if rule.metric.partition(".")[0] in limits.WATCHED}
)
Seen: TypeAlias = dict[str, list[Reading]]
"""What was read at one moment, by metric."""
Key: TypeAlias = tuple[str, str]
"""A metric or a kind of alert, and a component."""


class Judge:
    """Judges readings one look after another. Feed it every look; it remembers what it needs."""

    def __init__(self, alerts: Iterable[Alert] = ()) -> None:
        """Begin, with the alerts that were open when the program ended and those that cleared not long before."""
        self._signals: defaultdict[Key, Signal] = defaultdict(Signal)
        self._last_s: float | None = None
        self._settled_at_s = -math.inf
        self._windows: dict[Key, Window] = {}
        self._filling: defaultdict[Key, Filling] = defaultdict(Filling)
        self._trips: defaultdict[Key, Usual] = defaultdict(lambda: Usual(limits.RTT_LEARNED))
        self._linked: set[str] = set()
        for alert in alerts:
            self._signals[alert.kind, alert.component].recall(alert)
            if alert.kind == "nic.link" and alert.is_open():
                self._linked.add(alert.component)

    def look(
        self, readings: Iterable[Reading], at_s: float, uptime_s: float = math.inf, quiet: Collection[str] = ()
    ) -> tuple[Alert, ...]:
        """Judge one look; return the alerts that were raised, changed their severity or cleared.

        Args:
            readings: everything read at this moment; what is missing keeps its alert for a while.
            at_s: seconds since the epoch.
            uptime_s: seconds since boot.
            quiet: the labels of watched machines of which nothing counts now: what is open of them stays as it is.
        """
        self._notice_gap(at_s)
        for (kind, component), signal in self._signals.items():
            if component in quiet and kind in WATCHED_KINDS:
                signal.pause(at_s)
        seen: Seen = {}
        for reading in readings:
            if math.isfinite(reading.value):
                seen.setdefault(reading.metric, []).append(reading)
        self._learn(seen, at_s)
        if at_s < self._settled_at_s or uptime_s < limits.SETTLE_S:
            return ()
        judged = [*self._judge_levels(seen, at_s), *self._judge_filling(seen, at_s), *self._judge_trips(seen, at_s)]
        judged += [signal.expire(at_s) for signal in self._signals.values() if signal.alert is not None]
        return tuple(alert for alert in judged if alert is not None)

    def open(self) -> list[Alert]:
        """Return the open alerts, worst first, then oldest first."""
        found = [each.alert for each in self._signals.values() if each.alert is not None]
        return sorted(found, key=lambda alert: (-SEVERITIES.index(alert.severity), alert.raised_at_s))

    def mark(self, alert: Alert) -> None:
        """Take over what the person said of an open alert."""
        signal = self._signals[alert.kind, alert.component]
        if signal.alert is not None and signal.alert.id == alert.id:
            signal.alert = replace(
                signal.alert, acknowledged_at_s=alert.acknowledged_at_s, snoozed_until_s=alert.snoozed_until_s
            )

    def recall(
        self,
        metric: str,
        component: str,
        points: Iterable[tuple[float, float]],
        before: Iterable[tuple[float, float]] = (),
    ) -> None:
        """Take over history of before the program started: (seconds since the epoch, value), oldest first.

        Args:
            metric: of which reading.
            component: of which of them.
            points: its values, of what fills up those of the last hours.
            before: the highest values of the last week, of what fills up.
        """
        if metric in (each for _, each, _ in limits.FILLING):
            self._filling[metric, component] = Filling(points, before)
        elif metric in (each for each, *_ in limits.TRIPS):
            for _, value in points:
                self._trips[metric, component].add(value)

    def full_in_s(self, disk: Reading) -> float | None:
        """Return in how many seconds a file system is full if it goes on as in the last hours, or None."""
        filling = self._filling.get((disk.metric, disk.component))
        return filling.full_in_s(disk.value) if filling is not None else None

    def _notice_gap(self, at_s: float) -> None:
        """After a sleep or a jump of the clock, what was running up does not count, and all settles first."""
        last, self._last_s = self._last_s, at_s
        if last is None or abs(at_s - last) <= limits.GAP_S:
            return
        self._settled_at_s = at_s + limits.SETTLE_S
        self._windows.clear()
        if at_s < last:
            self._filling.clear()
        for signal in self._signals.values():
            signal.pause(at_s)

    def _learn(self, seen: Seen, at_s: float) -> None:
        for _, metric, _ in limits.FILLING:
            for reading in seen.get(metric, ()):
                self._filling[metric, reading.component].add(at_s, reading.value)
        links = seen.get("nic.link", [])
        self._linked.update(reading.component for reading in links if reading.value)
        self._linked -= _given_up(links)

    def _judge_levels(self, seen: Seen, at_s: float) -> Iterator[Alert | None]:
        for rule in limits.RULES:
            found = seen.get(rule.metric)
            if found is None:
                continue
            silent = _any_down(limits.PARENTS.get(rule.kind, ()), seen)
            for reading in found:
                signal = self._signals[rule.kind, reading.component]
                if silent:
                    signal.pause(at_s)
                elif rule.kind != "nic.link" or reading.component in self._linked:
                    yield self._judge(rule, _levels(rule, reading, seen), reading, at_s)

    def _judge(self, rule: Rule, levels: Iterable[Level], reading: Reading, at_s: float) -> Alert | None:
        value: float | None = reading.value
        if rule.mean_s or rule.sum_s:
            key = (rule.kind, reading.component)
            window = self._windows.get(key) or self._windows.setdefault(key, Window(rule.mean_s or rule.sum_s))
            window.add(at_s, reading.value)
            value = window.mean() if rule.mean_s else window.total()
        signal = self._signals[rule.kind, reading.component]
        if value is None:
            signal.seen_s = at_s
            return None
        if rule.steadily and value >= min(level.raise_at for level in levels):
            least = self._windows[rule.kind, reading.component].least()
            levels = [replace(each, raise_at=math.inf) if least < each.clear_at else each for each in levels]
        findings = [Finding(level.severity, level.for_s, _state(rule, level, value)) for level in levels]
        return signal.look(findings, at_s, partial(_alert, rule, reading, value, at_s))

    def _judge_filling(self, seen: Seen, at_s: float) -> Iterator[Alert | None]:
        for kind, metric, sentence in limits.FILLING:
            for reading in seen.get(metric, ()):
                left_s = self.full_in_s(reading)
                usual = self._filling[metric, reading.component].is_usual(reading.value)
                findings = [
                    Finding(severity, for_s, "bad" if soon and 100.0 - reading.value < free else "good")
                    for severity, free, within_s, for_s in limits.FILL_LEVELS
                    for soon in [left_s is not None and left_s < within_s and not usual]
                ]
                rule = Rule(kind, metric, (), sentence=sentence.replace("{span}", words.span(left_s or 0.0)))
                make = partial(_alert, rule, reading, reading.value, at_s)
                yield self._signals[kind, reading.component].look(findings, at_s, make)

    def _judge_trips(self, seen: Seen, at_s: float) -> Iterator[Alert | None]:
        for metric, never_below_ms, sentence in limits.TRIPS:
            for reading in seen.get(metric, ()):
                trips = self._trips[metric, reading.component]
                if len(trips) >= limits.RTT_LEAST_LEARNED:
                    top = max(never_below_ms, limits.RTT_TIMES_MEDIAN * trips.median())
                    levels = (Level("warning", top, top, limits.RTT_FOR_S),)
                    yield self._judge(Rule("rtt", metric, levels, sentence=sentence), levels, reading, at_s)
                trips.add(reading.value)


def _any_down(metrics: Iterable[str], seen: Seen) -> bool:
    return any(reading.value > 0 for metric in metrics for reading in seen.get(metric, ()))


def _levels(rule: Rule, reading: Reading, seen: Seen) -> tuple[Level, ...]:
    """Return the levels of a rule for one component, where they depend on more than the reading."""
    if rule.kind == "disk.used":
        free = _same("disk.free", reading, seen, 0.0)
        if free >= limits.DISK_LEAST_FREE_BYTES:
            return tuple(level for level in rule.levels if level.severity != "critical")
    if rule.kind == "nic.drops" and reading.kind == "wireless":
        raise_at, clear_at = limits.WIRELESS_DROPS
        return tuple(replace(level, raise_at=raise_at, clear_at=clear_at) for level in rule.levels)
    if rule.kind == "nic.link" and any(each.kind == "wireless" for each in seen["nic.link"]):
        return tuple(replace(level, for_s=limits.WIRELESS_LINK_S) for level in rule.levels)
    if rule.least_bad:
        times = f"{rule.metric.partition('.')[0]}.bad_times"
        if _same(times, reading, seen, rule.least_bad) < rule.least_bad:
            return tuple(replace(level, raise_at=math.inf) for level in rule.levels)
    return rule.levels


def _same(metric: str, reading: Reading, seen: Seen, unknown: float) -> float:
    """Return what another reading says of the same component."""
    return next((each.value for each in seen.get(metric, ()) if each.component == reading.component), unknown)


def _given_up(links: list[Reading]) -> set[str]:
    """Return the interfaces that are not used: the machine went from its wire to its radio link, or back."""
    used = [each for each in links if each.value]
    return {
        link.component for link in links for each in used if not link.value and "wireless" in {link.kind, each.kind}
    }


def _state(rule: Rule, level: Level, value: float) -> State:
    if rule.bad == "above":
        return "bad" if value >= level.raise_at else "between" if value >= level.clear_at else "good"
    return "bad" if value < level.raise_at else "between" if value < level.clear_at else "good"


def _alert(rule: Rule, reading: Reading, value: float, at_s: float, severity: Severity) -> Alert:
    component = reading.component
    shown = rule.shown or rule.metric
    return Alert(
        id=new_id(),
        kind=rule.kind,
        component=component,
        severity=severity,
        summary=rule.sentence.format(component=component or "This machine", value=value, unit=reading.unit),
        signature=signature(rule.kind, reading.kind, reading.error),
        reading=f"{shown} {component}".strip(),
        value=value,
        raised_at_s=at_s,
    )
