"""How far this machine's logs were read, and which errors are known in them. Beside what it saw; never leaves."""

from collections.abc import Iterable, Mapping

import msgspec

from rackside.store import Store
from rackside.store.database import writing


class KeptGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Errors of one signature; the body is JSON, as who groups them reads it. `last_s` is since the epoch."""

    signature: str
    unit: str
    body: bytes
    last_s: float


def positions(store: Store) -> dict[str, bytes]:
    """Return how far each log was read, by its name."""
    return {row["source"]: row["body"] for row in store.local.execute("SELECT source, body FROM log_positions")}


def groups(store: Store) -> list[KeptGroup]:
    """Return all groups, those seen last at the end."""
    rows = store.local.execute("SELECT signature, unit, body, last_s FROM log_groups ORDER BY last_s")
    return [KeptGroup(**dict(row)) for row in rows]


def keep(store: Store, read: Mapping[str, bytes], groups: Iterable[KeptGroup] = (), gone: Iterable[str] = ()) -> None:
    """Write how far logs were read together with what was read: both or neither, whenever the program ends.

    Args:
        store: the store.
        read: the position of each log that was read on.
        groups: those that changed.
        gone: signatures of groups that are forgotten.
    """
    with writing(store.local) as local:
        local.executemany("INSERT OR REPLACE INTO log_positions VALUES (?, ?)", list(read.items()))
        local.executemany(
            "INSERT OR REPLACE INTO log_groups VALUES (?, ?, ?, ?)",
            [(each.signature, each.unit, each.body, each.last_s) for each in groups],
        )
        local.executemany("DELETE FROM log_groups WHERE signature = ?", [(each,) for each in gone])


def forget(store: Store, sources: Iterable[str]) -> None:
    """Forget how far logs were read that are followed no more: to go on there later would be to read what is old."""
    with writing(store.local) as local:
        local.executemany("DELETE FROM log_positions WHERE source = ?", [(each,) for each in sources])
