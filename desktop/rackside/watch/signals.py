"""One signal of one component: from what is bad now to an alert that is raised, grows worse, eases and clears. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from rackside.watch.limits import CLEAR_WAIT_S, FLAP_FACTOR, LONGEST_CLEAR_WAIT_S
from rackside.watch.model import SEVERITIES, Alert, Severity

SEVERAL: Final = 64
"""Flaps beyond this make no difference, and no overflow."""
State: TypeAlias = Literal["bad", "between", "good"]
"""Past the level that raises, past the one that clears, or between the two, where what is stays."""


class Finding(NamedTuple):
    """What one level of a rule says now; it has to be bad for `for_s` to count."""

    severity: Severity
    for_s: float
    state: State


@dataclass
class _Held:
    """What is remembered of one level."""

    active: bool = False
    bad_since_s: float | None = None
    good_since_s: float | None = None


@dataclass
class Signal:
    """Remembers since when each level has held, the alert that is open, and the one before."""

    seen_s: float | None = None
    alert: Alert | None = None
    last: Alert | None = None
    _levels: dict[Severity, _Held] = field(default_factory=dict)

    def recall(self, alert: Alert) -> None:
        """Take over an alert of before the program started, open or cleared."""
        if not alert.is_open():
            self.last = alert if self.last is None or alert.cleared_at_s > self.last.cleared_at_s else self.last
            return
        self.alert = alert
        for severity in SEVERITIES[: SEVERITIES.index(alert.severity) + 1]:
            self._levels[severity] = _Held(active=True)

    def pause(self, at_s: float) -> None:
        """Forget what was running up: there is a gap in what is known."""
        self.seen_s = at_s
        for held in self._levels.values():
            held.bad_since_s = held.good_since_s = None

    def look(self, findings: Iterable[Finding], at_s: float, make: Callable[[Severity], Alert]) -> Alert | None:
        """Take what the levels say now; return the alert if it was raised, changed its severity or cleared.

        Args:
            findings: one of each level; an active level that has none is let go like a good one.
            at_s: seconds since the epoch.
            make: makes the alert of a severity.
        """
        self.seen_s = at_s
        said = {finding.severity: finding for finding in findings}
        for severity in {*said, *self._levels}:
            held = self._levels.setdefault(severity, _Held())
            self._hold(held, said.get(severity, Finding(severity, 0.0, "good")), at_s)
        active = [severity for severity, held in self._levels.items() if held.active]
        if not active:
            return self._clear(at_s)
        worst = max(active, key=SEVERITIES.index)
        return self._raise(worst, at_s, make)

    def expire(self, at_s: float) -> Alert | None:
        """Clear an alert of what is not read any more, such as a disk that was taken out."""
        if self.seen_s is None:
            self.seen_s = at_s
        if self.alert is None or at_s - self.seen_s < self.clear_wait_s():
            return None
        self._levels.clear()
        return self._clear(at_s)

    def clear_wait_s(self) -> float:
        """Return how long it has to be good to clear; each flap makes it longer."""
        flaps = self.alert.flaps if self.alert is not None else 0
        return float(min(LONGEST_CLEAR_WAIT_S, CLEAR_WAIT_S * FLAP_FACTOR ** min(flaps, SEVERAL)))

    def _hold(self, held: _Held, finding: Finding, at_s: float) -> None:
        if finding.state == "bad":
            held.good_since_s = None
            held.bad_since_s = at_s if held.bad_since_s is None else held.bad_since_s
            held.active = held.active or at_s - held.bad_since_s >= finding.for_s
            return
        held.bad_since_s = None
        if finding.state == "between" or not held.active:
            held.good_since_s = None
            return
        held.good_since_s = at_s if held.good_since_s is None else held.good_since_s
        if at_s - held.good_since_s >= self.clear_wait_s():
            held.active, held.good_since_s = False, None

    def _raise(self, severity: Severity, at_s: float, make: Callable[[Severity], Alert]) -> Alert | None:
        before = self.alert
        if before is None:
            self.alert = self._again(make(severity), at_s)
        elif severity != before.severity:
            now = make(severity)
            self.alert = replace(before, severity=severity, summary=now.summary, value=now.value)
            if SEVERITIES.index(severity) > SEVERITIES.index(before.severity):
                self.alert = replace(self.alert, acknowledged_at_s=0.0, snoozed_until_s=0.0)
        return self.alert if self.alert is not before else None

    def _again(self, alert: Alert, at_s: float) -> Alert:
        """Carry over what still holds of an alert that cleared not long ago."""
        if self.last is None or at_s - self.last.cleared_at_s > LONGEST_CLEAR_WAIT_S:
            return alert
        snoozed = self.last.snoozed_until_s if self.last.snoozed_until_s > at_s else 0.0
        return replace(alert, flaps=self.last.flaps + 1, snoozed_until_s=snoozed)

    def _clear(self, at_s: float) -> Alert | None:
        if self.alert is None:
            return None
        self.last, self.alert = replace(self.alert, cleared_at_s=at_s), None
        return self.last
