"""Takes the inventory now and then, on a thread of its own: packages and services take longer than the watch may."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rackside.store import Store
from rackside.store.database import StoreError
from rackside.watch.inventory.keeper import look

log = logging.getLogger(__name__)

FIRST_AFTER_S: Final = 20.0
"""The start of the program has enough to do."""
EVERY_S: Final = 600.0


class Taker:
    """Owns the thread. `on_change` is called on it when the event log has news."""

    def __init__(self, home: Path, on_change: Callable[[], object]) -> None:
        self._home, self._on_change = home, on_change
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inventory", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; what it reads just now it reads to its end."""
        self._stop.set()

    def _run(self) -> None:
        wait_s = FIRST_AFTER_S
        while not self._stop.wait(wait_s):
            wait_s = EVERY_S
            try:
                with Store.open(self._home) as store:
                    happened = look(store, time.time())
            except StoreError as error:
                log.info("The inventory cannot be kept now: %s", error)
                continue
            if happened:
                self._on_change()
