"""The newest inventory of this machine: what is installed, built in, open and running. Beside what this machine saw."""

from typing import Final

import msgspec

from rackside.store import Store
from rackside.store.database import writing

MOST_ITEMS: Final = 20_000
"""Of a section."""
MOST_LETTERS: Final = 64 * 1024
"""Of a field."""


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """What is on a machine at a moment, in seconds since the epoch.

    `sections` holds a value for each item; `missing` says why a section cannot be told on this machine. `stamps` tells
    when a section's source was changed last: with the same stamp it need not be read again.
    """

    at_s: float
    sections: dict[str, dict[str, str]] = {}
    missing: dict[str, str] = {}
    stamps: dict[str, str] = {}


class _Body(msgspec.Struct, frozen=True):
    stamp: str
    items: dict[str, str]


def put(store: Store, taken: Inventory) -> None:
    """Keep the sections that were read; one that could not be read stays as it was when it was read last."""
    with writing(store.local) as local:
        for section, items in taken.sections.items():
            body = msgspec.json.encode(_Body(taken.stamps.get(section, ""), items))
            local.execute(
                "INSERT INTO inventory VALUES (?, ?, ?) ON CONFLICT (section) DO UPDATE SET body = excluded.body,"
                " at_s = excluded.at_s",
                (section, body, taken.at_s),
            )


def newest(store: Store) -> Inventory | None:
    """Return what was kept, as of when it was taken last; None before anything was."""
    rows = store.local.execute("SELECT section, body, at_s FROM inventory ORDER BY section").fetchall()
    if not rows:
        return None
    bodies = {row["section"]: msgspec.json.decode(row["body"], type=_Body) for row in rows}
    return Inventory(
        at_s=max(row["at_s"] for row in rows),
        sections={section: body.items for section, body in bodies.items()},
        stamps={section: body.stamp for section, body in bodies.items()},
    )
