"""What waits to be delivered of alerts, and what was told already. Beside what this machine saw."""

from collections.abc import Iterable, Mapping

import msgspec

from rackside.store import Store
from rackside.store.database import writing


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits to go out by a way at `due_s`, seconds since the epoch.

    `said` is the sentence of the last attempt; `body` is JSON, as `watch.delivery` reads it.
    """

    id: str
    way: str
    body: bytes
    due_s: float
    attempts: int = 0
    said: str = ""


def waiting(store: Store) -> list[Waiting]:
    """Return all that waits, what is due first in front."""
    rows = store.local.execute("SELECT id, way, body, due_s, attempts, said FROM deliveries ORDER BY due_s, id")
    return [Waiting(**dict(row)) for row in rows]


def told(store: Store) -> dict[str, bytes]:
    """Return what is remembered of what was told, JSON by name."""
    return {row["name"]: row["body"] for row in store.local.execute("SELECT name, body FROM told")}


def save(
    store: Store, put: Iterable[Waiting], gone: Iterable[str], told: Mapping[str, bytes], forgotten: Iterable[str]
) -> None:
    """Write what changed, all of it or nothing: after a kill nothing is lost, and what went out does not wait any more.

    Args:
        store: where.
        put: what waits, new or changed.
        gone: the ids of what does not wait any more.
        told: what is remembered, new or changed, by name.
        forgotten: the names of what is not remembered any more.

    Raises:
        StoreError: the store cannot be written now; nothing of it is.
    """
    with writing(store.local) as local:
        local.executemany("DELETE FROM deliveries WHERE id = ?", [(each,) for each in gone])
        local.executemany(
            "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body,"
            " due_s = excluded.due_s, attempts = excluded.attempts, said = excluded.said",
            [(each.id, each.way, each.body, each.due_s, each.attempts, each.said) for each in put],
        )
        local.executemany("DELETE FROM told WHERE name = ?", [(each,) for each in forgotten])
        local.executemany(
            "INSERT INTO told VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body", list(told.items())
        )
