"""What this machine cannot tell, and why: said, not faked."""

import time
from collections.abc import Mapping

from rackside.store.inventory import Inventory
from rackside.watch import collectors
from rackside.watch.inventory.taking import take


def cannot_tell(taken: Inventory | None = None) -> Mapping[str, str]:
    """Return a sentence for each collector and section of the inventory that this machine cannot tell, by its name.

    A collector and a section of one name have one reason, and one sentence.

    Args:
        taken: the newest inventory; without it one is taken.
    """
    said = {}
    for module in collectors.ALL:
        try:
            said[module.NAME] = module.lacking() if hasattr(module, "lacking") else ""
        except OSError as error:
            said[module.NAME] = f"The collector {module.NAME} does not work here: {error}."
    said |= (taken or take(time.time())).missing
    return {name: sentence for name, sentence in said.items() if sentence}
