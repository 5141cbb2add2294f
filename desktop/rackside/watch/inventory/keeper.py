"""Keeps the inventory: takes it, compares it with the one before, and writes both it and what changed."""

from rackside.store import Store, events, inventory
from rackside.store.database import writing
from rackside.store.events import Event
from rackside.store.inventory import Inventory
from rackside.watch.inventory.changes import changes
from rackside.watch.inventory.taking import take


def look(store: Store, at_s: float) -> list[Event]:
    """Take the inventory, and return what changed since the last one; the first one changes nothing.

    What changed is in the event log already, in one transaction with the inventory: it is told once, whatever happens.

    Args:
        store: where both are kept.
        at_s: now, in seconds since the epoch.

    Raises:
        StoreError: the store cannot be written now; nothing is lost, the next look finds the same changes.
    """
    before = inventory.newest(store)
    now = take(at_s, before)
    happened = changes(before, now) if before is not None else []
    if before is None or any(_is_new(before, now, section) for section in now.sections):
        with writing(store.local):
            inventory.put(store, now)
            events.add(store, happened)
    return happened


def _is_new(before: Inventory, now: Inventory, section: str) -> bool:
    same = before.sections.get(section) == now.sections[section]
    return not same or before.stamps.get(section) != now.stamps[section]
