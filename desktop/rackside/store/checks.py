"""The checks that the person has this console do: what, of which target, how often. Beside what this machine saw."""

import msgspec

from rackside.store import Store
from rackside.store.database import writing


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """A check that is done every so many seconds, under a label of its own; `check` is JSON, as its kind reads it."""

    label: str
    check: msgspec.Raw
    every_s: float = 60.0


def watched(store: Store) -> list[Watched]:
    """Return all checks, by label."""
    rows = store.local.execute("SELECT label, body, every_s FROM checks ORDER BY label")
    return [Watched(label=row["label"], check=msgspec.Raw(row["body"]), every_s=row["every_s"]) for row in rows]


def watch(store: Store, each: Watched) -> bool:
    """Add a check; return False, and change nothing, when the label is taken."""
    with writing(store.local) as local:
        added = local.execute(
            "INSERT INTO checks VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (each.label, bytes(each.check), each.every_s)
        )
        return added.rowcount > 0


def unwatch(store: Store, label: str) -> bool:
    """Remove a check; return whether there was one."""
    with writing(store.local) as local:
        return local.execute("DELETE FROM checks WHERE label = ?", (label,)).rowcount > 0
