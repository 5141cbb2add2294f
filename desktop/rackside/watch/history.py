"""What the watch keeps: readings in batches, alerts as they change, and what it recalls of both when it starts."""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from rackside.store import Store, ballast, checks, events, local
from rackside.store.events import Event, EventKind
from rackside.watch.limits import FILL_FIT_S, FILLING, LONGEST_CLEAR_WAIT_S, TRIPS
from rackside.watch.model import Alert, CheckState, Reading, Stand
from rackside.watch.probing import CHECKS
from rackside.watch.rules import Judge

UNKEPT: Final = frozenset(
    {
        *("uptime", "disk.size", "nic.speed", "nic.link", "cpu.core", "cpu.steal"),
        *("memory.oom", "swap.out_share", "temperature.margin", "ping.down", "dns.down", "internet.down"),
        *("log.new", "log.burst", "log.critical"),
        *("ping.bad_times", "host.bad_times", "dns.bad_times", "internet.bad_times"),
    }
)
"""Readings without a history of their own: they hardly change, or another one says it."""
EVENTS: Final[Mapping[CheckState, EventKind]] = {"down": "state", "maintenance": "maintenance"}
"""The states of a check that the event log tells."""
PRUNE_EVERY_S: Final = 3_600.0
MOST_WAITING: Final = 600
"""Values of one reading that wait for a store that cannot be written, such as one on a full disk."""


class Keeper:
    """Gathers, and writes when asked. A store that cannot be written makes it wait, not fail."""

    def __init__(self) -> None:
        self._values: dict[str, list[tuple[float, float]]] = {}
        self._alerts: dict[str, Alert] = {}
        self._prune_at_s = 0.0

    def add(self, at_s: float, readings: Iterable[Reading]) -> None:
        """Take readings; at most some minutes of them wait."""
        for reading in readings:
            if reading.metric not in UNKEPT:
                values = self._values.setdefault(reading.key, [])
                values.append((at_s, reading.value))
                del values[:-MOST_WAITING]

    def changed(self, store: Store, alerts: Iterable[Alert]) -> None:
        """Write alerts that were raised, changed or cleared, and those that could not be written before.

        Raises:
            StoreError: the store cannot be written now; they are kept for the next time.
        """
        self._alerts.update({alert.id: alert for alert in alerts})
        for alert in list(self._alerts.values()):
            local.record(store, alert)
            events.add(store, [_event(alert)])
            del self._alerts[alert.id]

    def flush(self, store: Store) -> None:
        """Write what was gathered in one transaction, and now and then forget what is old.

        Raises:
            StoreError: the store cannot be written now; what was gathered waits.
        """
        if not ballast.keep(store.folder):
            raise ballast.NoRoom(ballast.SENTENCE)
        if self._values:
            local.add_readings(store, self._values)
            self._values = {}
        if time.monotonic() >= self._prune_at_s:
            local.prune(store, time.time())
            self._prune_at_s = time.monotonic() + PRUNE_EVERY_S


def note(store: Store, stood: Iterable[Stand]) -> None:
    """Write which states were taken, and into the event log what was down or in maintenance, with its duration.

    Raises:
        StoreError: the store cannot be written now.
    """
    for each in stood:
        if each.state != "maintenance":
            events.end(store, "maintenance", each.label, each.since_s)
        if each.state in {"up", "maintenance"}:
            events.end(store, "state", each.label, each.since_s)
        kind = EVENTS.get(each.state)
        if kind is not None and not events.lasts(store, kind, each.label):
            link = f"check:{each.label}"
            events.add(store, [Event(at_s=each.since_s, kind=kind, subject=each.label, sentence=each.said, link=link)])
    checks.note(store, stood)


def recall(store: Store, now_s: float) -> Judge:
    """Return a judge that knows the open alerts, those that cleared not long ago, and what it learned before."""
    cleared = [alert for alert in local.past_alerts(store) if alert.cleared_at_s >= now_s - LONGEST_CLEAR_WAIT_S]
    judge = Judge([*local.open_alerts(store), *cleared])
    filling, trips = {metric for _, metric, _ in FILLING}, {metric for metric, *_ in TRIPS}
    for key in local.metrics(store):
        metric, _, component = key.partition(" ")
        if metric in filling | trips:
            since = now_s - FILL_FIT_S if metric in filling else 0.0
            points = local.history(store, key, "day", now_s)
            week = local.history(store, key, "week", now_s) if metric in filling else []
            judge.recall(
                metric,
                component,
                [(point.at_s, point.mean) for point in points if point.at_s >= since],
                [(point.at_s, point.high) for point in week],
            )
    return judge


def _event(alert: Alert) -> Event:
    return Event(
        id=alert.id,
        at_s=alert.raised_at_s,
        until_s=alert.cleared_at_s,
        kind="alert",
        subject=alert.component,
        sentence=alert.summary,
        link=f"alert:{alert.id}",
    )


def answered(store: Store) -> set[str]:
    """Return the names of the checks that have answered on this machine before."""
    return {name for name in CHECKS if f"{name}.ms" in local.metrics(store)}
