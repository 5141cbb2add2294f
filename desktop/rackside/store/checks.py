"""The checks that the person has this console do: what, of which machine, how often. Beside what this machine saw."""

import sqlite3
import time
from collections.abc import Iterable
from typing import Final

import msgspec

from rackside.store import Store, events
from rackside.store.database import writing
from rackside.watch.model import Stand

RETRIES: Final = 2
"""[Uptime Kuma, with retries]"""
_COLUMNS: Final = "label, body, every_s, host, retries"


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is done every so many seconds, under a label of its own; `check` is JSON, as its kind reads it.

    `host` names the machine that it is of; without, it is of the machine that the check itself names. One that fails is
    tried so many times more before it counts.
    """

    label: str
    check: msgspec.Raw
    every_s: float = 60.0
    host: str = ""
    retries: int = RETRIES


def watched(store: Store) -> list[Watched]:
    """Return all checks, by label."""
    return [_watched(row) for row in store.local.execute(f"SELECT {_COLUMNS} FROM checks ORDER BY label")]  # noqa: S608 - our columns


def one(store: Store, label: str) -> Watched | None:
    """Return the check of a label, or None."""
    row = store.local.execute(f"SELECT {_COLUMNS} FROM checks WHERE label = ?", (label,)).fetchone()  # noqa: S608 - our columns
    return _watched(row) if row else None


def watch(store: Store, each: Watched) -> bool:
    """Add a check; return False, and change nothing, when the label is taken."""
    with writing(store.local) as local:
        added = local.execute(
            f"INSERT INTO checks ({_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",  # noqa: S608 - our columns
            (each.label, bytes(each.check), each.every_s, each.host, each.retries),
        )
        return added.rowcount > 0


def change(store: Store, label: str, each: Watched) -> bool:
    """Put another check, perhaps under another label, in place of one; False when that label is taken or there is none.

    How it stood begins anew.
    """
    with writing(store.local) as local:
        taken = each.label != label and one(store, each.label) is not None
        if taken or one(store, label) is None:
            return False
        _begin_anew(store, label)
        local.execute(
            "UPDATE checks SET label = ?, body = ?, every_s = ?, host = ?, retries = ? WHERE label = ?",
            (each.label, bytes(each.check), each.every_s, each.host, each.retries, label),
        )
        return True


def unwatch(store: Store, label: str) -> bool:
    """Remove a check; return whether there was one."""
    with writing(store.local) as local:
        _begin_anew(store, label)
        return local.execute("DELETE FROM checks WHERE label = ?", (label,)).rowcount > 0


def stands(store: Store) -> dict[str, Stand]:
    """Return how the checks stood when the watch wrote them last, by label."""
    rows = store.local.execute("SELECT label, state, since_s, said FROM stands")
    return {row["label"]: msgspec.convert(dict(row), Stand) for row in rows}


def note(store: Store, found: Iterable[Stand]) -> None:
    """Write how checks stand; what is not watched any more is left out."""
    with writing(store.local) as local:
        for each in found:
            local.execute(
                "INSERT INTO stands SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM checks WHERE label = ?)"
                " ON CONFLICT (label) DO UPDATE SET state = excluded.state, since_s = excluded.since_s,"
                " said = excluded.said",
                (each.label, each.state, each.since_s, each.said, each.label),
            )


def _begin_anew(store: Store, label: str) -> None:
    for kind in ("state", "maintenance"):
        events.end(store, kind, label, time.time())
    store.local.execute("DELETE FROM stands WHERE label = ?", (label,))


def _watched(row: sqlite3.Row) -> Watched:
    return Watched(
        label=row["label"],
        check=msgspec.Raw(row["body"]),
        every_s=row["every_s"],
        host=row["host"],
        retries=row["retries"],
    )
