"""When a list of machines is drawn anew: at once when a state or an alert changed, for figures now and then."""

import time
from typing import Final

from rackside.watch.model import Snapshot

FIGURES_EVERY_S: Final = 5.0


class Pace:
    """Remembers what was drawn last. 500 machines take some 10 ms, which is too much once a second."""

    def __init__(self) -> None:
        self._drawn_s = 0.0
        self._seen: object = None

    def is_due(self, topics: frozenset[str], snapshot: Snapshot) -> bool:
        """Return whether to draw now, for these topics and what is known now."""
        now_s = time.monotonic()
        seen = {label: each.state for label, each in snapshot.stands.items()}, snapshot.alerts
        is_due = topics != {"readings"} or seen != self._seen or now_s - self._drawn_s >= FIGURES_EVERY_S
        if is_due:
            self._drawn_s, self._seen = now_s, seen
        return is_due
