"""What this machine saw: readings with their history, alerts, and what became of sponsored panels. Never leaves.

History is kept as seconds for an hour, minutes for a week and hours for a year; minutes and hours hold the lowest, the
mean and the highest value with their count.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.store import Store
from rackside.store.database import writing
from rackside.watch.model import Alert

Span: TypeAlias = Literal["hour", "day", "week", "year"]
MINUTE_S: Final = 60
HOUR_S: Final = 3_600
DAY_S: Final = 86_400
KEPT_S: Final = {"seconds": HOUR_S, "minutes": 7 * DAY_S, "hours": 366 * DAY_S}
KEPT_ALERTS_S: Final = 90 * DAY_S
KEPT_PANELS_S: Final = 400 * DAY_S
SPANS: Final[dict[Span, tuple[str, int, int]]] = {
    "hour": ("seconds", HOUR_S, 10),
    "day": ("minutes", DAY_S, 4 * MINUTE_S),
    "week": ("minutes", 7 * DAY_S, 30 * MINUTE_S),
    "year": ("hours", 365 * DAY_S, DAY_S),
}
"""Each span: the table it is read from, its length, and the seconds of one point; some 360 points each."""


@dataclass(frozen=True)
class Point:
    """What was seen around one moment."""

    at_s: float
    low: float
    mean: float
    high: float


@dataclass(frozen=True)
class PanelEvent:
    """What became of a sponsored panel."""

    creative: str
    outcome: str
    at_s: float


def add_readings(store: Store, batch: Mapping[str, Sequence[tuple[float, float]]]) -> None:
    """Write a batch, (seconds since the epoch, value) by key, in one transaction."""
    with writing(store.local) as local:
        for key, values in batch.items():
            metric = _metric(local, key)
            local.executemany(
                "INSERT INTO seconds VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(metric, int(at), value) for at, value in values],
            )
            for table, step in (("minutes", MINUTE_S), ("hours", HOUR_S)):
                _merge(local, table, metric, values, step)


def prune(store: Store, now_s: float) -> None:
    """Forget what is older than it is kept for, and the readings of which nothing is left."""
    with writing(store.local) as local:
        held = [row["metric"] for row in local.execute("SELECT metric FROM metrics")]
        for table, kept in KEPT_S.items():
            before = int(now_s - kept)
            local.executemany(f"DELETE FROM {table} WHERE metric = ? AND at < ?", [(each, before) for each in held])  # noqa: S608 - our tables
        local.execute("DELETE FROM metrics WHERE NOT EXISTS (SELECT 1 FROM hours WHERE hours.metric = metrics.metric)")


def history(store: Store, key: str, span: Span, now_s: float) -> list[Point]:
    """Return a reading over a span that ends now, oldest first, at most some 400 points."""
    table, length, step = SPANS[span]
    low, mean, high, count = ("value",) * 3 + ("1",) if table == "seconds" else ("low", "mean", "high", "count")
    rows = store.local.execute(
        f"SELECT at / ? * ? AS moment, min({low}) AS low, sum({mean} * {count}) / sum({count}) AS mean,"  # noqa: S608 - ours
        f" max({high}) AS high FROM {table} JOIN metrics USING (metric)"
        " WHERE name = ? AND at >= ? AND at <= ? GROUP BY moment ORDER BY moment",
        (step, step, key, int(now_s - length), int(now_s)),
    )
    return [Point(row["moment"], row["low"], row["mean"], row["high"]) for row in rows]


def metrics(store: Store) -> list[str]:
    """Return the keys of every reading that has a history."""
    return [row["name"] for row in store.local.execute("SELECT name FROM metrics ORDER BY name")]


def put_alert(store: Store, alert: Alert) -> None:
    """Write an alert as it is now; what cleared 90 days ago is forgotten."""
    with writing(store.local) as local:
        local.execute(
            "INSERT INTO alerts VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET cleared_s = excluded.cleared_s,"
            " body = excluded.body",
            (alert.id, alert.raised_at_s, alert.cleared_at_s, msgspec.json.encode(alert)),
        )
        local.execute(
            "DELETE FROM alerts WHERE cleared_s > 0 AND cleared_s < ?",
            (max(alert.raised_at_s, alert.cleared_at_s) - KEPT_ALERTS_S,),
        )


def record(store: Store, alert: Alert) -> None:
    """Write what the watch judged; what the person said of the alert meanwhile stays, unless it grew worse."""
    with writing(store.local):
        held = _held(store, alert.id)
        if held is not None and held.severity == alert.severity:
            said = {"acknowledged_at_s": held.acknowledged_at_s, "snoozed_until_s": held.snoozed_until_s}
            alert = replace(alert, **said)  # type: ignore[arg-type]
        put_alert(store, alert)


def alert(store: Store, alert_id: str) -> Alert | None:
    """Return an alert by its id, open or cleared."""
    return _held(store, alert_id)


def open_alerts(store: Store) -> list[Alert]:
    """Return the open alerts, worst first, then oldest first."""
    rows = store.local.execute("SELECT body FROM alerts WHERE cleared_s = 0 ORDER BY raised_s")
    found = [msgspec.json.decode(row["body"], type=Alert) for row in rows]
    return sorted(found, key=lambda each: ("critical", "warning", "info").index(each.severity))


def past_alerts(store: Store, *, kind: str = "", limit: int = 100) -> list[Alert]:
    """Return cleared alerts, newest first; with `kind` only those."""
    rows = store.local.execute("SELECT body FROM alerts WHERE cleared_s > 0 ORDER BY cleared_s DESC LIMIT ?", (limit,))
    found = (msgspec.json.decode(row["body"], type=Alert) for row in rows)
    return [each for each in found if not kind or each.kind == kind]


def acknowledge(store: Store, alert_id: str, at_s: float) -> Alert | None:
    """Note that the person knows of an alert; 0 takes it back."""
    return _change(store, alert_id, acknowledged_at_s=at_s)


def snooze(store: Store, alert_id: str, until_s: float) -> Alert | None:
    """Keep an alert quiet until a time; 0 wakes it."""
    return _change(store, alert_id, snoozed_until_s=until_s)


def add_panel_event(store: Store, creative: str, outcome: str, at_s: float) -> None:
    """Remember what became of a sponsored panel."""
    with writing(store.local) as local:
        local.execute("INSERT INTO panels VALUES (?, ?, ?)", (creative, outcome, at_s))
        local.execute("DELETE FROM panels WHERE at_s < ? AND outcome <> 'reported'", (at_s - KEPT_PANELS_S,))


def panel_events(store: Store) -> list[PanelEvent]:
    """Return what became of sponsored panels here, oldest first."""
    rows = store.local.execute("SELECT creative, outcome, at_s FROM panels ORDER BY at_s")
    return [PanelEvent(row["creative"], row["outcome"], row["at_s"]) for row in rows]


def _change(store: Store, alert_id: str, **what: float) -> Alert | None:
    with writing(store.local):
        held = _held(store, alert_id)
        if held is None:
            return None
        changed = replace(held, **what)  # type: ignore[arg-type]
        put_alert(store, changed)
        return changed


def _held(store: Store, alert_id: str) -> Alert | None:
    row = store.local.execute("SELECT body FROM alerts WHERE id = ?", (alert_id,)).fetchone()
    return msgspec.json.decode(row["body"], type=Alert) if row else None


def _metric(local: sqlite3.Connection, key: str) -> int:
    local.execute("INSERT INTO metrics (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (key,))
    return int(local.execute("SELECT metric FROM metrics WHERE name = ?", (key,)).fetchone()[0])


def _merge(
    local: sqlite3.Connection, table: str, metric: int, values: Iterable[tuple[float, float]], step: int
) -> None:
    buckets: dict[int, list[float]] = {}
    for at, value in values:
        buckets.setdefault(int(at) // step * step, []).append(value)
    local.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (metric, at) DO UPDATE SET"  # noqa: S608 - our tables
        " low = min(low, excluded.low), high = max(high, excluded.high),"
        " mean = (mean * count + excluded.mean * excluded.count) / (count + excluded.count),"
        " count = count + excluded.count",
        [(metric, at, min(each), sum(each) / len(each), max(each), len(each)) for at, each in buckets.items()],
    )
