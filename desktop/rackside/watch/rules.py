"""From readings to alerts. Pure: the state goes in with the readings, and nothing here knows a clock or a disk."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from statistics import linear_regression, median

from rackside.watch import limits
from rackside.watch.limits import Level, Rule
from rackside.watch.model import SEVERITIES, Alert, Reading, Severity
from rackside.watch.signature import signature
from rackside_protocol.ids import new_id

LEARN_POINTS = 1_000
LEARN_LEAST = 30
FIT_EVERY_S = 60.0


@dataclass
class _Signal:
    """What is remembered of one rule and component: since when each level has held, and the alert."""

    held_since_s: dict[Severity, float] = field(default_factory=dict)
    good_since_s: float | None = None
    alert: Alert | None = None
    flaps: int = 0


class Judge:
    """Judges readings one look after another. Feed it every look; it remembers what it needs."""

    def __init__(self, open_alerts: Iterable[Alert] = ()) -> None:
        """Begin, with the alerts that were open when the program ended."""
        self._signals: dict[tuple[str, str], _Signal] = {}
        self._last_s: float | None = None
        self._settled_at_s = 0.0
        self._fill: dict[str, deque[tuple[float, float]]] = {}
        self._trips: dict[str, deque[float]] = {}
        self._swapped: deque[tuple[float, float]] = deque()
        self._last_swap_s: float | None = None
        for alert in open_alerts:
            self._signal(alert.kind, alert.component).alert = alert
            self._signal(alert.kind, alert.component).flaps = alert.flaps

    def look(self, readings: Iterable[Reading], at_s: float, uptime_s: float = 1e9) -> tuple[Alert, ...]:
        """Judge one look; return the alerts that were raised, grew worse or cleared.

        Args:
            readings: everything read at this moment; what is missing keeps its alert as it is.
            at_s: seconds since the epoch.
            uptime_s: seconds since boot.
        """
        if self._last_s is None or not 0 <= at_s - self._last_s <= limits.GAP_S:
            self._settled_at_s = at_s + limits.SETTLE_S if self._last_s is not None else 0.0
            for signal in self._signals.values():
                signal.held_since_s.clear()
                signal.good_since_s = None
        self._last_s = at_s
        listed = list(readings)
        listed += self._derived(listed, at_s)
        if at_s < self._settled_at_s or uptime_s < limits.SETTLE_S:
            return ()
        down = {each.component for each in listed if each.metric == "ping.down" and each.value >= 1}
        by_metric: dict[str, list[Reading]] = {}
        for reading in listed:
            by_metric.setdefault(reading.metric, []).append(reading)
        changed = [
            alert
            for rule in limits.RULES
            if limits.SILENCED_BY.get(rule.kind) not in down
            for reading in by_metric.get(rule.metric, ())
            if (alert := self._judge(_for_reading(rule, reading, listed), reading, at_s)) is not None
        ]
        changed += self._judge_filling(by_metric, at_s)
        changed += self._judge_trips(by_metric, at_s)
        return tuple(changed)

    def open(self) -> list[Alert]:
        """Return the open alerts, worst first."""
        found = [each.alert for each in self._signals.values() if each.alert is not None]
        return sorted(found, key=lambda alert: (-SEVERITIES.index(alert.severity), alert.raised_at_s))

    def mark(self, alert: Alert) -> None:
        """Take over what the person said of an open alert."""
        signal = self._signal(alert.kind, alert.component)
        if signal.alert is not None and signal.alert.id == alert.id:
            signal.alert = replace(
                signal.alert, acknowledged_at_s=alert.acknowledged_at_s, snoozed_until_s=alert.snoozed_until_s
            )

    def recall_filling(self, component: str, points: Iterable[tuple[float, float]]) -> None:
        """Take over the history of a file system, (seconds since the epoch, percent used), oldest first."""
        self._fill[component] = deque(points)

    def fills_in_s(self, component: str) -> float | None:
        """Return in how many seconds a file system is full if it goes on as in the last six hours, or None."""
        points = self._fill.get(component)
        if not points or points[-1][0] - points[0][0] < limits.FILL_LEAST_SPAN_S:
            return None
        slope, _ = linear_regression([at for at, _ in points], [used for _, used in points])
        return (100.0 - points[-1][1]) / slope if slope > 0 else None

    def _signal(self, kind: str, component: str) -> _Signal:
        return self._signals.setdefault((kind, component), _Signal())

    def _derived(self, readings: list[Reading], at_s: float) -> list[Reading]:
        for reading in readings:
            if reading.metric == "disk.used":
                points = self._fill.setdefault(reading.component, deque())
                if not points or at_s - points[-1][0] >= FIT_EVERY_S:
                    points.append((at_s, reading.value))
                while points and points[0][0] < at_s - limits.FILL_FIT_S:
                    points.popleft()
        shares = [reading.value for reading in readings if reading.metric == "swap.out_share"]
        if not shares:
            return []
        since = min(limits.GAP_S, at_s - self._last_swap_s) if self._last_swap_s else 0.0
        self._last_swap_s = at_s
        self._swapped.append((at_s, shares[0] * since))
        while self._swapped[0][0] < at_s - limits.SWAP_WINDOW_S:
            self._swapped.popleft()
        return [Reading("swap.out_30min", sum(share for _, share in self._swapped), "%")]

    def _judge_filling(self, by_metric: dict[str, list[Reading]], at_s: float) -> list[Alert]:
        changed = []
        for reading in by_metric.get("disk.used", ()):
            left_s = self.fills_in_s(reading.component)
            levels = tuple(
                Level(severity, 0.5, 0.5, limits.FILL_HOLD_S)
                for severity, free, within_s in limits.FILL_LEVELS
                if left_s is not None and 100.0 - reading.value < free and left_s < within_s
            ) or (Level("warning", 2.0, 0.5),)
            sentence = "{component} will be full in about " + _span(left_s or 0.0)
            rule = Rule("disk.filling", "disk.used", levels, sentence=sentence)
            bad = 1.0 if levels[0].raise_at < 1 else 0.0
            judged = self._judge(rule, replace(reading, value=bad), at_s)
            changed += [judged] if judged else []
        return changed

    def _judge_trips(self, by_metric: dict[str, list[Reading]], at_s: float) -> list[Alert]:
        changed = []
        for reading in by_metric.get("ping.ms", ()):
            trips = self._trips.setdefault(reading.component, deque(maxlen=LEARN_POINTS))
            usual = median(trips) if len(trips) >= LEARN_LEAST else 0.0
            top = max(limits.RTT_NEVER_BELOW_MS, limits.RTT_TIMES_MEDIAN * usual)
            if reading.value < top:
                trips.append(reading.value)
            sentence = "Round trips to the {component} take {value:.0f} ms"
            rule = Rule("rtt", "ping.ms", (Level("warning", top, top, limits.RTT_FOR_S),), sentence=sentence)
            judged = self._judge(rule, reading, at_s)
            changed += [judged] if judged else []
        return changed

    def _judge(self, rule: Rule, reading: Reading, at_s: float) -> Alert | None:
        signal = self._signal(rule.kind, reading.component)
        raised = self._raised(rule, signal, reading.value, at_s)
        before = signal.alert
        if raised is not None:
            signal.good_since_s = None
            if before is None:
                signal.alert = _new_alert(rule, reading, raised, at_s, signal.flaps)
            elif SEVERITIES.index(raised) > SEVERITIES.index(before.severity):
                signal.alert = replace(
                    before,
                    severity=raised,
                    summary=_sentence(rule, reading),
                    value=reading.value,
                    acknowledged_at_s=0.0,
                    snoozed_until_s=0.0,
                )
            return signal.alert if signal.alert is not before else None
        if before is None:
            return None
        return self._maybe_clear(rule, signal, before, reading, at_s)

    def _raised(self, rule: Rule, signal: _Signal, value: float, at_s: float) -> Severity | None:
        raised: Severity | None = None
        for level in rule.levels:
            if _bad(rule, value, level.raise_at):
                since = signal.held_since_s.setdefault(level.severity, at_s)
                if at_s - since >= level.for_s:
                    raised = level.severity
            else:
                signal.held_since_s.pop(level.severity, None)
        return raised

    def _maybe_clear(self, rule: Rule, signal: _Signal, alert: Alert, reading: Reading, at_s: float) -> Alert | None:
        level = next((each for each in rule.levels if each.severity == alert.severity), rule.levels[0])
        if _bad(rule, reading.value, level.clear_at) and level.clear_at != level.raise_at:
            signal.good_since_s = None
            return None
        if signal.good_since_s is None:
            signal.good_since_s = at_s
        wait_s = min(limits.LONGEST_CLEAR_WAIT_S, limits.CLEAR_WAIT_S * limits.FLAP_FACTOR**signal.flaps)
        if at_s - signal.good_since_s < wait_s:
            return None
        signal.alert, signal.good_since_s = None, None
        signal.flaps += 1
        return replace(alert, cleared_at_s=at_s, flaps=signal.flaps)


def _bad(rule: Rule, value: float, limit: float) -> bool:
    return value >= limit if rule.bad == "above" else value < limit


def _for_reading(rule: Rule, reading: Reading, readings: list[Reading]) -> Rule:
    """Adapt the rules that depend on more than one number."""
    if rule.kind == "disk.used":
        free = next((r.value for r in readings if r.metric == "disk.free" and r.component == reading.component), 0.0)
        if free >= limits.DISK_LEAST_FREE_BYTES:
            return replace(rule, levels=tuple(level for level in rule.levels if level.severity != "critical"))
    if rule.kind == "nic.drops" and reading.kind == "wireless":
        levels = tuple(replace(level, raise_at=limits.WIRELESS_DROPS) for level in rule.levels)
        return replace(rule, levels=levels)
    return rule


def _new_alert(rule: Rule, reading: Reading, severity: Severity, at_s: float, flaps: int) -> Alert:
    return Alert(
        id=new_id(),
        kind=rule.kind,
        component=reading.component,
        severity=severity,
        summary=_sentence(rule, reading),
        signature=signature(rule.kind, reading.kind),
        reading=reading.key,
        value=reading.value,
        raised_at_s=at_s,
        flaps=flaps,
    )


def _sentence(rule: Rule, reading: Reading) -> str:
    return rule.sentence.format(component=reading.component or "This machine", value=reading.value, unit=reading.unit)


def _span(seconds: float) -> str:
    hours = seconds / limits.HOUR_S
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} h" if hours >= 1 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - two days
