"""The devices that scans found, by subnet, until the next scan of it. Beside what this machine saw; never leaves."""

from collections.abc import Iterable

import msgspec

from rackside.store import Store
from rackside.store.database import writing


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A device as JSON, under what it is known again by; `missed` counts the scans in a row that did not see it."""

    identity: str
    body: msgspec.Raw
    missed: int = 0


def load(store: Store, subnet: str) -> list[Kept]:
    """Return the devices of a subnet, by identity."""
    rows = store.local.execute("SELECT * FROM devices WHERE subnet = ? ORDER BY identity", (subnet,))
    return [Kept(identity=row["identity"], body=msgspec.Raw(row["body"]), missed=row["missed"]) for row in rows]


def replace(store: Store, subnet: str, devices: Iterable[Kept]) -> None:
    """Keep these devices of a subnet and no others, in one transaction."""
    with writing(store.local) as local:
        local.execute("DELETE FROM devices WHERE subnet = ?", (subnet,))
        local.executemany(
            "INSERT INTO devices VALUES (?, ?, ?, ?)",
            [(subnet, each.identity, bytes(each.body), each.missed) for each in devices],
        )


def subnets(store: Store) -> list[str]:
    """Return the subnets that were scanned."""
    return [row["subnet"] for row in store.local.execute("SELECT DISTINCT subnet FROM devices ORDER BY subnet")]
