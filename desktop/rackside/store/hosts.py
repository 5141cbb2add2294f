"""The machines that the person watches, as far as she says more of them than a check does, and their maintenance."""

from typing import Literal, TypeAlias

import msgspec

from rackside.store import Store
from rackside.store.database import writing
from rackside_protocol.ids import new_id

Repeat: TypeAlias = Literal["once", "daily", "weekly"]


class Host(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A machine: in which group it stands, and behind which other it is, which silences it while that one is down.

    `may_sleep_s` is for how long it may not answer before it counts as down, as a laptop does at night.
    """

    name: str
    group: str = ""
    parent: str = ""
    may_sleep_s: float = 0.0
    note: str = ""


class Maintenance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A time in which nothing of a machine, of a group, or with neither of anything, is an alert.

    Seconds since the epoch; one that repeats does so at the local time of its beginning.
    """

    starts_s: float
    ends_s: float
    host: str = ""
    group: str = ""
    repeat: Repeat = "once"
    note: str = ""
    id: str = msgspec.field(default_factory=new_id)


def hosts(store: Store) -> dict[str, Host]:
    """Return the machines of which more is said, by name."""
    found = (msgspec.json.decode(row["body"], type=Host) for row in store.local.execute("SELECT body FROM hosts"))
    return {each.name: each for each in found}


def keep_host(store: Store, host: Host) -> None:
    """Write what is said of a machine."""
    with writing(store.local) as local:
        local.execute(
            "INSERT INTO hosts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
            (host.name, msgspec.json.encode(host)),
        )


def forget_host(store: Store, name: str) -> None:
    """Forget what is said of a machine, and its maintenance."""
    with writing(store.local) as local:
        local.execute("DELETE FROM hosts WHERE name = ?", (name,))
        for each in maintenance(store):
            if each.host == name:
                end_maintenance(store, each.id)


def maintenance(store: Store) -> list[Maintenance]:
    """Return every time of maintenance, the one that begins first at first."""
    rows = store.local.execute("SELECT body FROM maintenance")
    found = [msgspec.json.decode(row["body"], type=Maintenance) for row in rows]
    return sorted(found, key=lambda each: each.starts_s)


def plan_maintenance(store: Store, each: Maintenance) -> None:
    """Write a time of maintenance, and forget those that are over."""
    with writing(store.local) as local:
        local.execute("INSERT INTO maintenance VALUES (?, ?, ?)", (each.id, _over_s(each), msgspec.json.encode(each)))
        local.execute("DELETE FROM maintenance WHERE over_s BETWEEN 1 AND ?", (each.starts_s,))


def end_maintenance(store: Store, maintenance_id: str) -> bool:
    """Remove a time of maintenance; return whether there was one."""
    with writing(store.local) as local:
        return local.execute("DELETE FROM maintenance WHERE id = ?", (maintenance_id,)).rowcount > 0


def _over_s(each: Maintenance) -> float:
    return each.ends_s if each.repeat == "once" else 0.0
