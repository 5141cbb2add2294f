"""The thread of each process that looks every few minutes whether tidying is due; one process then does it for all."""

import logging
import threading
from typing import Final

from django.db import connections

from rackside_server.operating.tidy import tidy_if_due

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 300.0
FIRST_LOOK_S: Final = 20.0
"""A start is busy enough, and consoles begin with what they want."""


class Housekeeper:
    """Tidies while the server runs."""

    def __init__(self, first_look_s: float = FIRST_LOOK_S, look_every_s: float = LOOK_EVERY_S) -> None:
        self._first_look_s, self._look_every_s = first_look_s, look_every_s
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. What is under way goes on to its end, or ends with the process, which does no harm."""
        self._ending.set()

    def _run(self) -> None:
        wait_s = self._first_look_s
        while not self._ending.wait(wait_s):
            wait_s = self._look_every_s
            try:
                did = tidy_if_due()
            except Exception:  # whatever fails, the next hour must come
                log.exception("Tidying failed; it is tried again")
            else:
                if did is not None:
                    log.info("tidied", extra={"facts": did})
            finally:
                connections.close_all()
