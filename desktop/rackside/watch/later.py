"""What takes long is done on a thread of its own, seldom, and what it said last is held."""

import logging
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
FIRST_AFTER_S: Final = 60.0
"""A program that has just started, or that gives one reading and ends, begins nothing that takes long."""


class Later(Generic[T]):
    """Does `act` at most every so many seconds, first a minute after it was asked first."""

    def __init__(self, act: Callable[[], T], nothing: T, every_s: float) -> None:
        """Prepare; nothing is begun before it was asked twice.

        Args:
            act: what takes long.
            nothing: what is held until it was done.
            every_s: from one beginning to the next.
        """
        self._act, self._said, self._every_s = act, nothing, every_s
        self._due_s: float | None = None
        self._worker: threading.Thread | None = None

    def said(self, now_s: float) -> T:
        """Return what it said last, and begin again when it is due. `now_s` is monotonic."""
        if self._due_s is None:
            self._due_s = now_s + FIRST_AFTER_S
        if now_s >= self._due_s and (self._worker is None or not self._worker.is_alive()):
            self._due_s = now_s + self._every_s
            self._worker = threading.Thread(target=self._do, name="later", daemon=True)
            self._worker.start()
        return self._said

    def _do(self) -> None:
        try:
            self._said = self._act()
        except (OSError, ValueError) as error:
            log.info("What takes long does not work on this machine: %s", error)
