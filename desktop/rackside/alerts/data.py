"""What the store holds of alerts: one with its past and what changed before it, all of them, the event log. No Qt."""

from typing import Final, Literal, TypeAlias

import msgspec

from rackside.figures import span_of
from rackside.kit.palette import SEVERITY_TONES
from rackside.store import Store, checks, events, local
from rackside.store.events import Event
from rackside.watch.limits import WATCHED
from rackside.watch.model import Alert
from rackside.words import clock

State: TypeAlias = Literal["ok", "warn", "bad", "dim"]
PAST_SHOWN: Final = 20
CHANGES_WITHIN_S: Final = 24 * 3_600.0
"""How long before an alert a change may explain it."""
SENTENCES: Final[dict[str, str]] = {"critical": "Critical", "warning": "Warning", "info": "For information"}


class EventView(msgspec.Struct, frozen=True):
    """One line of an alert's history."""

    when: str
    what: str


class AlertView(msgspec.Struct, frozen=True):
    """One alert. `check` is the label of the check that raised it, if one did, and `said` what that found last."""

    id: str
    title: str
    kind: str
    component: str
    state: State
    sentence: str
    signature: str
    metric: str
    open: bool
    acknowledged: bool
    snoozed_until: str
    check: str
    said: str
    events: tuple[EventView, ...]
    changes: tuple[EventView, ...]


class AlertRow(msgspec.Struct, frozen=True):
    """One alert in the list."""

    id: str
    title: str
    state: State
    sentence: str


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
    state = SEVERITY_TONES[alert.severity]
    check = checks.one(store, alert.component) if alert.reading.partition(".")[0] in WATCHED else None
    stand = checks.stands(store).get(check.label) if check is not None else None
    return AlertView(
        id=alert.id,
        title=alert.summary,
        kind=alert.kind,
        component=alert.component,
        state=state if alert.is_open() else "dim",
        sentence=_sentence(alert, now_s),
        signature=alert.signature,
        metric=alert.reading,
        open=alert.is_open(),
        acknowledged=bool(alert.acknowledged_at_s),
        snoozed_until=snoozed,
        check=check.label if check is not None else "",
        said=stand.said if stand is not None and alert.is_open() else "",
        events=tuple(_events(alert, now_s)) + tuple(_before(each, now_s) for each in same),
        changes=tuple(
            EventView(clock(each.at_s, now_s), told(each))
            for each in events.before(store, alert.raised_at_s, CHANGES_WITHIN_S)
        ),
    )


def load_alerts(store: Store, now_s: float) -> list[AlertRow]:
    """Load all alerts, open ones first."""
    return [
        AlertRow(
            each.id, each.summary, SEVERITY_TONES[each.severity] if each.is_open() else "dim", _sentence(each, now_s)
        )
        for each in [*local.open_alerts(store), *local.past_alerts(store, limit=PAST_SHOWN)]
    ]


def told(event: Event) -> str:
    """Return an event with its subject, where the sentence does not name that."""
    return (
        event.sentence if not event.subject or event.subject in event.sentence else f"{event.subject}: {event.sentence}"
    )


def _sentence(alert: Alert, now_s: float) -> str:
    severity = SENTENCES[alert.severity]
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
