"""Taking the inventory: each section by itself, so that one that cannot be read takes no other with it."""

import logging
from typing import Final

from rackside.store.inventory import Inventory
from rackside.watch.inventory import accounts, administrators, hardware, packages, ports, services, system
from rackside.watch.inventory.section import CANNOT_READ, CannotTellError, Section

log = logging.getLogger(__name__)

SECTIONS: Final[tuple[Section, ...]] = (packages, hardware, system, accounts, administrators, ports, services)


def take(at_s: float, before: Inventory | None = None) -> Inventory:
    """Look at all sections; one whose source has not changed since `before` is taken over from there.

    Args:
        at_s: now, in seconds since the epoch.
        before: what was taken last.
    """
    taken = Inventory(at_s=at_s)
    for section in SECTIONS:
        name = section.NAME
        try:
            stamp = section.stamp()
            known = before is not None and bool(stamp) and before.stamps.get(name) == stamp
            taken.sections[name] = before.sections[name] if before is not None and known else section.read()
            taken.stamps[name] = stamp
        except CannotTellError as error:
            taken.missing[name] = str(error)
        except (OSError, ValueError, KeyError, IndexError) as error:
            log.info("The section %s of the inventory cannot be read now: %s", name, error)
            taken.missing[name] = CANNOT_READ.format(what=f"The section {name}", error=error)
    return taken
