"""Scan a subnet, say what changed since the last time, and remember it."""

from pathlib import Path
from threading import Event as Flag

import msgspec
from msgspec import structs

from rackside.store import Store, devices, events
from rackside.store.database import writing
from rackside.store.devices import Kept
from rackside.store.events import Event
from rackside.watch.discovery.changes import changes, identity, remembered
from rackside.watch.discovery.device import Device, Scan
from rackside.watch.discovery.scan import Progress, scan
from rackside.watch.discovery.snmp import AskSnmp


def look_around(
    store_home: Path,
    subnet: str,
    *,
    credentials: str = "",
    on_progress: Progress | None = None,
    cancelled: Flag | None = None,
    allow_public: bool = False,
    ask_snmp: AskSnmp | None = None,
) -> tuple[Scan, list[Event]]:
    """Scan as `scan` does, then write what changed to the event log and keep the devices for the next time.

    The first look at a subnet makes no events: nobody on it is new. A scan that was stopped, or in which nobody but
    this machine was seen, changes nothing: it is the network here that is away.

    Raises:
        ValueError: as `scan`.
        StoreError: the store cannot be read or written.
    """
    found = scan(
        subnet,
        credentials=credentials,
        on_progress=on_progress,
        cancelled=cancelled,
        allow_public=allow_public,
        ask_snmp=ask_snmp,
    )
    if not found.complete or all(each.local for each in found.devices):
        return found, []
    with Store.open(store_home) as store, writing(store.local):
        before = known(store, found.subnet)
        happened = changes(before, found.devices, found.at_s) if before else []
        events.add(store, happened)
        devices.replace(store, found.subnet, _kept(remembered(before, found.devices)))
    return found, happened


def known(store: Store, subnet: str) -> list[Device]:
    """Return the devices of a subnet as they were seen last, with those that were missed since."""
    return [
        structs.replace(msgspec.json.decode(each.body, type=Device), missed=each.missed)
        for each in devices.load(store, subnet)
    ]


def _kept(held: list[Device]) -> list[Kept]:
    """Return each under its identity; where two share one, as a machine with two addresses does, under both."""
    taken = set[str]()
    kept = []
    for each in held:
        name = identity(each) if identity(each) not in taken else f"{identity(each)} {each.address}"
        taken.add(name)
        body = msgspec.Raw(msgspec.json.encode(structs.replace(each, missed=0)))
        kept.append(Kept(identity=name, body=body, missed=each.missed))
    return kept
