"""What the store holds of this machine: the history of a reading, an alert with its past, the sidebar's head. No Qt."""

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from rackside.machine.data import STATES, name_of
from rackside.machine.figures import span_of, written
from rackside.machine.views import AlertRow, AlertView, EventView, HeaderView, HistoryView, PointView, Span, State
from rackside.store import Store, documents, local
from rackside.watch.model import SEVERITIES, Alert, Machine, Reading

if TYPE_CHECKING:
    from rackside.sync.loop import Status

PAST_SHOWN: Final = 20
SENTENCES: Final[dict[State, str]] = {"bad": "Critical", "warn": "Warning", "ok": "For information"}
PHASES: Final = {
    "offline": "Offline",
    "no consent": "Not connected",
    "signed out": "Signed out",
    "trouble": "Sync has trouble",
}
_WHOLE: Final = 100.0


def load_history(store: Store, key: str, span: Span, reading: Reading | None, now_s: float) -> HistoryView:
    """Load a reading over a span that ends now; `reading` is the newest one, if it is read at all just now."""
    unit = reading.unit if reading else ""
    points = tuple(
        PointView(each.at_s, each.low, each.mean, each.high) for each in local.history(store, key, span, now_s)
    )
    view = HistoryView(key, name_of(key), unit, points, _WHOLE if unit == "%" else 0.0, now_s, _text(reading))
    if not points:
        return view
    low, high = min(each.low for each in points), max(each.high for each in points)
    mean = sum(each.mean for each in points) / len(points)
    low_text, mean_text, high_text = (" ".join(written(each, unit)).strip() for each in (low, mean, high))
    return HistoryView(key, view.name, unit, points, view.least_top, now_s, view.now, low_text, mean_text, high_text)


def load_line(store: Store, key: str, now_s: float) -> list[float]:
    """Load what a tile's line begins with: the means of the last hour."""
    return [each.mean for each in local.history(store, key, "hour", now_s)]


def load_alert(store: Store, alert_id: str, now_s: float) -> AlertView | None:
    """Load an alert with what happened to it and to its like, or None when this console does not know it."""
    alert = local.alert(store, alert_id)
    if alert is None:
        return None
    same = [
        each
        for each in local.past_alerts(store, kind=alert.kind, limit=PAST_SHOWN)
        if each.component == alert.component and each.id != alert.id
    ]
    snoozed = clock(alert.snoozed_until_s, now_s) if alert.snoozed_until_s > now_s else ""
    state = STATES[alert.severity]
    return AlertView(
        id=alert.id,
        title=alert.summary,
        state=state if alert.is_open() else "dim",
        sentence=_sentence(alert, now_s),
        signature=alert.signature,
        metric=alert.reading,
        open=alert.is_open(),
        acknowledged=bool(alert.acknowledged_at_s),
        snoozed_until=snoozed,
        events=tuple(_events(alert, now_s)) + tuple(_before(each, now_s) for each in same),
    )


def load_alerts(store: Store, now_s: float) -> list[AlertRow]:
    """Load all alerts, open ones first."""
    return [
        AlertRow(each.id, each.summary, STATES[each.severity] if each.is_open() else "dim", _sentence(each, now_s))
        for each in [*local.open_alerts(store), *local.past_alerts(store, limit=PAST_SHOWN)]
    ]


def load_header(store: Store, machine: Machine, status: "Status | None", now_s: float) -> HeaderView:
    """Load the sidebar's head. Alerts that the person acknowledged or snoozed are not counted."""
    loud = [alert for alert in local.open_alerts(store) if not alert.is_silent(now_s)]
    worst = max((alert.severity for alert in loud), key=SEVERITIES.index, default="info")
    threads = documents.count_threads(store)
    kept = f"{threads:,} thread{'s' if threads != 1 else ''} offline"
    return HeaderView(
        host=machine.name,
        system=f"{machine.system} · up {span_of(max(0.0, now_s - machine.booted_s))}",
        sync=f"{_sync_words(status, documents.last_synced_ms(store) / 1_000, now_s)} · {kept}",
        trouble=status.remedy if status and status.phase not in {"synced", "syncing", "connecting"} else "",
        alerts=len(loud),
        worst=STATES[worst],
    )


def clock(at_s: float, now_s: float) -> str:
    """Return a moment in local time: the hour today, with the day before that."""
    moment = datetime.fromtimestamp(at_s, UTC).astimezone()
    today = datetime.fromtimestamp(now_s, UTC).astimezone().date()
    return moment.strftime("%H:%M" if moment.date() == today else "%d %b %H:%M")


def now() -> float:
    """Return the seconds since the epoch."""
    return time.time()


def _text(reading: Reading | None) -> str:
    return " ".join(written(reading.value, reading.unit)).strip() if reading else ""


def _sync_words(status: "Status | None", last_s: float, now_s: float) -> str:
    """Say how sync stands; before it began, when it last did."""
    phase = status.phase if status else "connecting"
    if phase in {"synced", "connecting"} and last_s:
        return f"Synced {clock(last_s, now_s)}"
    if status and phase == "syncing":
        return status.sentence.rstrip(".") or "Syncing"
    if phase == "offline" and last_s:
        return f"Offline since {clock(last_s, now_s)}"
    return PHASES.get(phase, "Connecting")


def _sentence(alert: Alert, now_s: float) -> str:
    severity = SENTENCES[STATES[alert.severity]]
    since = clock(alert.raised_at_s, now_s)
    if alert.is_open():
        return f"{severity} since {since}"
    lasted = span_of(alert.cleared_at_s - alert.raised_at_s)
    return f"Cleared at {clock(alert.cleared_at_s, now_s)} after {lasted}"


def _events(alert: Alert, now_s: float) -> list[EventView]:
    moments = [
        (alert.raised_at_s, "Raised"),
        (alert.acknowledged_at_s, "You acknowledged it"),
        (alert.cleared_at_s, "Cleared by itself"),
    ]
    return [EventView(clock(at, now_s), what) for at, what in moments if at]


def _before(alert: Alert, now_s: float) -> EventView:
    lasted = span_of(alert.cleared_at_s - alert.raised_at_s)
    return EventView(clock(alert.raised_at_s, now_s), f"Raised before; cleared after {lasted}")
