"""The event log: what happened here and for how long, alerts among it. Beside what this machine saw; never leaves."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.store import Store
from rackside.store.database import writing
from rackside_protocol.ids import new_id

EventKind: TypeAlias = Literal[
    "alert", "state", "maintenance", "device", "software", "hardware", "service", "account", "port"
]
DAY_S: Final = 86_400
KEPT_S: Final = 366 * DAY_S
CHANGES: Final[tuple[EventKind, ...]] = ("software", "hardware", "service", "account", "port", "device")
"""The kinds that may explain an alert that came after them."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to `subject`, a machine's, package's or device's name, said in a sentence.

    Times are seconds since the epoch; `until_s` is 0 while it lasts, and `at_s` for what has no duration.
    """

    at_s: float
    kind: EventKind
    subject: str
    sentence: str
    until_s: float = 0.0
    link: str = ""
    id: str = msgspec.field(default_factory=new_id)


def add(store: Store, events: Iterable[Event]) -> None:
    """Write events, and forget those that are older than a year."""
    with writing(store.local) as local:
        for each in events:
            local.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " until_s = excluded.until_s, sentence = excluded.sentence",
                (each.id, each.at_s, each.until_s, each.kind, each.subject, each.sentence, each.link),
            )
            local.execute("DELETE FROM events WHERE at_s < ?", (each.at_s - KEPT_S,))


def end(store: Store, kind: EventKind, subject: str, at_s: float) -> None:
    """Say that what lasts of a kind on a subject is over."""
    with writing(store.local) as local:
        local.execute(
            "UPDATE events SET until_s = ? WHERE kind = ? AND subject = ? AND until_s = 0", (at_s, kind, subject)
        )


def lasts(store: Store, kind: EventKind, subject: str) -> bool:
    """Return whether something of a kind lasts on a subject."""
    found = store.local.execute("SELECT 1 FROM events WHERE kind = ? AND subject = ? AND until_s = 0", (kind, subject))
    return found.fetchone() is not None


def count(store: Store, kinds: Iterable[EventKind] = (), words: str = "") -> int:
    """Count the events of some kinds, or of all, that hold these words."""
    where, given = _where(kinds, words)
    return int(store.local.execute(f"SELECT count(*) FROM events {where}", given).fetchone()[0])  # noqa: S608 - our words


def events(
    store: Store, kinds: Iterable[EventKind] = (), words: str = "", *, offset: int = 0, limit: int = 100
) -> list[Event]:
    """Return a page of the events of some kinds, or of all, that hold these words, newest first."""
    where, given = _where(kinds, words)
    rows = store.local.execute(
        f"SELECT * FROM events {where} ORDER BY at_s DESC, id DESC LIMIT ? OFFSET ?",  # noqa: S608 - our words
        (*given, limit, offset),
    )
    return [msgspec.convert(dict(row), Event) for row in rows]


def of(store: Store, subjects: Sequence[str], limit: int = 20) -> list[Event]:
    """Return what happened to some subjects, newest first."""
    rows = store.local.execute(
        f"SELECT * FROM events WHERE subject IN ({_marks(tuple(subjects))}) ORDER BY at_s DESC LIMIT ?",  # noqa: S608 - marks only
        (*subjects, limit),
    )
    return [msgspec.convert(dict(row), Event) for row in rows]


def before(store: Store, at_s: float, within_s: float, limit: int = 20) -> list[Event]:
    """Return what changed before a moment, newest first: what may explain an alert that was raised then."""
    rows = store.local.execute(
        f"SELECT * FROM events WHERE kind IN ({_marks(CHANGES)}) AND at_s BETWEEN ? AND ? ORDER BY at_s DESC LIMIT ?",  # noqa: S608 - marks only
        (*CHANGES, at_s - within_s, at_s, limit),
    )
    return [msgspec.convert(dict(row), Event) for row in rows]


def _where(kinds: Iterable[EventKind], words: str) -> tuple[str, tuple[str, ...]]:
    """Return the condition and what it is given; `%` and `_` in the words stand for themselves."""
    given: tuple[str, ...] = tuple(kinds)
    parts = [f"kind IN ({_marks(given)})"] if given else []
    if words:
        parts.append("(subject LIKE ? ESCAPE '\\' OR sentence LIKE ? ESCAPE '\\')")
        sought = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        given = (*given, sought, sought)
    return ("WHERE " + " AND ".join(parts) if parts else ""), given


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))
