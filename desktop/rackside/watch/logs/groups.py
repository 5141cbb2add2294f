"""Errors by what they say: which are new in this log, and which are ten times as many as they use to be. Pure."""

import math
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.watch.limits import HOUR_S, MINUTE_S
from rackside.watch.logs import limits
from rackside.watch.logs.line import CRITICAL, ERROR, Line
from rackside.watch.logs.wording import error_of, unit_class
from rackside.watch.model import Reading, Severity
from rackside.watch.signature import signature

KIND: Final = "log.error"
Why: TypeAlias = Literal["new", "burst"]
WINDOW_MIN: Final = int(limits.WINDOW_S / MINUTE_S)


class Group(msgspec.Struct, kw_only=True):
    """Errors of one signature: when they were seen, how many, how many usually.

    `minutes` counts the lines of the last ten minutes, `usual` those of before, each weighing less the older it is;
    `loudest` holds the most lines in ten minutes of each half day. `judged` counts those that were not of a boot.
    """

    signature: str
    unit: str
    error: str
    example: str
    level: int
    first_s: float
    last_s: float
    new_until_s: float = 0.0
    count: int = 0
    judged: int = 0
    minutes: dict[int, int] = {}
    usual: float = 0.0
    usual_at_s: float = 0.0
    loudest: dict[int, int] = {}
    alerted_s: float = 0.0
    why: Why = "new"

    def add(self, line: Line, *, judged: bool) -> None:
        """Count a line."""
        self.count += 1
        self.last_s = max(self.last_s, line.at_s)
        self.level = min(self.level, line.level)
        self.example = line.text[: limits.EXAMPLE_LETTERS]
        if judged:
            self.judged += 1
            minute = int(line.at_s // MINUTE_S)
            if self.minutes and minute not in self.minutes:
                self.settle(max(self.minutes) * MINUTE_S)  # how loud it was by then, as a backlog comes at once
            self.minutes[minute] = self.minutes.get(minute, 0) + 1

    def settle(self, at_s: float) -> None:
        """Move what is older than the window to the usual, so that a burst is not measured by itself."""
        newest = int(at_s // MINUTE_S)
        recent = sum(number for minute, number in self.minutes.items() if minute > newest - WINDOW_MIN)
        period = int(max(self.minutes, default=newest) * MINUTE_S // limits.LOUD_PERIOD_S)
        self.loudest[period] = max(self.loudest.get(period, 0), recent)
        for minute in [each for each in self.minutes if each <= newest - WINDOW_MIN]:
            self._learn(minute * MINUTE_S, self.minutes.pop(minute))
        oldest = (at_s - limits.LOUD_FOR_S) // limits.LOUD_PERIOD_S
        self.loudest = {each: most for each, most in self.loudest.items() if each >= oldest}

    def recent(self, at_s: float) -> int:
        """Return how many lines there were in the last ten minutes."""
        oldest = int(at_s // MINUTE_S) - WINDOW_MIN
        return sum(number for minute, number in self.minutes.items() if minute > oldest)

    def usual_per_h(self, at_s: float) -> float:
        """Return how many lines an hour are usual, as learned over days."""
        age_s = max(at_s - self.first_s, limits.LEARN_S)
        weighed_s = limits.USUAL_S * (1 - math.exp(-age_s / limits.USUAL_S))
        return self.usual * math.exp(min(0.0, self.usual_at_s - at_s) / limits.USUAL_S) / weighed_s * HOUR_S

    def is_burst(self, at_s: float) -> bool:
        """Whether the last ten minutes are out of what is usual; not known before a day has been learned."""
        recent = self.recent(at_s)
        if at_s - self.first_s < limits.LEARN_S or recent < limits.LEAST_BURST:
            return False
        before = (at_s - limits.LOUD_AFTER_S) // limits.LOUD_PERIOD_S
        loudest = max((most for period, most in self.loudest.items() if period < before), default=0)
        usual = self.usual_per_h(at_s) * limits.WINDOW_S / HOUR_S
        return recent >= limits.BURST_TIMES * usual and recent > limits.LOUDEST_TIMES * loudest

    def _learn(self, at_s: float, number: int) -> None:
        weight = math.exp(-abs(at_s - self.usual_at_s) / limits.USUAL_S)
        if at_s >= self.usual_at_s:
            self.usual, self.usual_at_s = self.usual * weight + number, at_s
        else:
            self.usual += number * weight


class GroupFinding(msgspec.Struct, frozen=True, kw_only=True):
    """An error that is to be known of. `lines` are of the last ten minutes; the example stays on this machine."""

    signature: str
    unit: str
    error: str
    example: str
    severity: Severity
    why: Why
    lines: int
    usual_per_h: float

    @property
    def component(self) -> str:
        """What it is called: who wrote it, and in short what."""
        return f"{self.unit or 'log'}: {self.error[: limits.SHOWN_LETTERS] or 'other errors'}"

    def reading(self) -> Reading:
        """Return it as what the rules judge; only the words of the error go into the signature."""
        metric = "log.critical" if self.severity == "critical" else f"log.{self.why}"
        return Reading(metric, float(max(1, self.lines)), "/10 min", self.component, self.unit, self.error)


class Groups:
    """All groups, the one seen last at the end. `booted_s` is when this machine was started."""

    def __init__(self, groups: Iterable[Group] = (), booted_s: float = -math.inf) -> None:
        """Begin with what was learned before."""
        held = sorted(groups, key=lambda group: group.last_s)
        self._groups = {group.signature: group for group in held}
        self._of_unit: dict[str, int] = {}
        for group in held:
            self._of_unit[group.unit] = self._of_unit.get(group.unit, 0) + 1
        self._booted_s = booted_s
        self.changed: set[str] = set()
        """Signatures of groups that are not as they were last kept; those that are not in here any more are gone."""
        self.withheld = 0
        """How many new errors raised no alert, since there were too many at once."""

    def take(self, lines: Iterable[Line], at_s: float, *, learning: bool = False) -> list[GroupFinding]:
        """Take lines; return the groups among them that are new, or out of what is usual.

        Args:
            lines: those of one log; what is not of error level is left out.
            at_s: now, in seconds since the epoch.
            learning: whether this log is not known for a day yet: nothing in it is new then.
        """
        touched: dict[str, Group] = {}
        for line in lines:
            if line.level <= ERROR:
                group = self._group(line, learning=learning)
                judged = not 0 <= line.at_s - self._booted_s < limits.AFTER_BOOT_S
                group.add(line, judged=judged)
                if judged and at_s - line.at_s < limits.LATE_S:
                    touched[group.signature] = group
        found = [finding for group in touched.values() if (finding := self._judge(group, at_s, learning=learning))]
        return sorted(found, key=lambda finding: (finding.severity != "critical", -finding.lines))

    def alerting(self, at_s: float, within_s: float) -> list[GroupFinding]:
        """Return what was found within a time, as it may not have been heard of before the program ended."""
        return [
            _finding(group, at_s, group.why)
            for group in self._groups.values()
            if group.alerted_s and 0 <= at_s - group.alerted_s < within_s
        ]

    def newest(self, limit: int = limits.MOST_SHOWN) -> list[Group]:
        """Return the groups that were seen last, newest first."""
        return sorted(self._groups.values(), key=lambda group: -group.last_s)[:limit]

    def recent(self, at_s: float) -> int:
        """Return how many lines of error level there were in the last ten minutes."""
        return sum(group.recent(at_s) for group in self._groups.values())

    def get(self, signature_: str) -> Group | None:
        """Return a group by its signature, if it is kept."""
        return self._groups.get(signature_)

    def _group(self, line: Line, *, learning: bool) -> Group:
        unit, error = unit_class(line.unit), error_of(line.text)
        key = signature(KIND, unit, error)
        if key not in self._groups and self._of_unit.get(unit, 0) >= limits.MOST_OF_A_UNIT:
            key, error = signature(KIND, unit), ""
        group = self._groups.pop(key, None)
        if group is None:
            new_until_s = 0.0 if learning else line.at_s + limits.NEW_FOR_S
            group = Group(
                signature=key,
                unit=unit,
                error=error,
                example="",
                level=line.level,
                first_s=line.at_s,
                last_s=line.at_s,
                usual_at_s=line.at_s,
                new_until_s=new_until_s,
            )
            self._of_unit[unit] = self._of_unit.get(unit, 0) + 1
            if len(self._groups) >= limits.MOST_GROUPS:
                self._forget(next(iter(self._groups)))
        self._groups[key] = group
        self.changed.add(key)
        return group

    def _forget(self, key: str) -> None:
        unit = self._groups.pop(key).unit
        self._of_unit[unit] -= 1
        if not self._of_unit[unit]:
            del self._of_unit[unit]
        self.changed.add(key)

    def _judge(self, group: Group, at_s: float, *, learning: bool) -> GroupFinding | None:
        group.settle(at_s)
        why: Why | None = None
        if at_s < group.new_until_s and (group.judged >= limits.LEAST_NEW or group.level <= CRITICAL):
            why = "new" if self._is_heard(group, at_s) else None
        elif not learning and group.is_burst(at_s):
            why = "burst"
        if why is None:
            return None
        group.alerted_s, group.why = at_s, why
        return _finding(group, at_s, why)

    def _is_heard(self, group: Group, at_s: float) -> bool:
        """Whether a new error may raise an alert; those beyond what a person reads in a day are learned quietly."""
        if group.alerted_s:
            return True
        severe = group.level <= CRITICAL
        told = sum(
            each.why == "new" and at_s - each.alerted_s < limits.NEW_FOR_S and (each.level <= CRITICAL) == severe
            for each in self._groups.values()
            if each.alerted_s
        )
        if told < limits.MOST_ALERTS:
            return True
        group.new_until_s = 0.0
        self.withheld += 1
        return False


def _finding(group: Group, at_s: float, why: Why) -> GroupFinding:
    return GroupFinding(
        signature=group.signature,
        unit=group.unit,
        error=group.error,
        example=group.example,
        severity="critical" if group.level <= CRITICAL else "warning",
        why=why,
        lines=group.recent(at_s),
        usual_per_h=group.usual_per_h(at_s),
    )
