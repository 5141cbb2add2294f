"""The only thread crossing of the desktop: a task runs on a worker, what follows runs on the GUI thread."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
log = logging.getLogger(__name__)
_waiting: dict["_Answer", "_Work"] = {}
"""What is under way. Kept here, since the thread pool does not hold on to the Python part of a runnable."""


class _Answer(QObject):
    """Lives on the GUI thread and receives what a worker found."""

    done = Signal(object, object)

    def __init__(self, then: Callable[[Any], None], failed: Callable[[Exception], None] | None) -> None:
        super().__init__()
        self._then, self._failed = then, failed
        self.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @Slot(object, object)
    def _deliver(self, value: object, error: Exception | None) -> None:
        _waiting.pop(self, None)
        if error is None:
            _call(self._then, value)
        elif self._failed is not None:
            _call(self._failed, error)
        else:
            log.error("A background task failed.", exc_info=error)


class _Work(QRunnable):
    def __init__(self, task: Callable[[], object], answer: _Answer) -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._task, self._answer = task, answer

    def run(self) -> None:
        try:
            value: object = self._task()
        except Exception as error:  # noqa: BLE001 - whatever a task raises is handed to `failed`, or logged whole
            self._report(None, error)
        else:
            self._report(value, None)

    def _report(self, value: object, error: Exception | None) -> None:
        if isValid(self._answer):
            self._answer.done.emit(value, error)


def run(task: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None) -> None:
    """Run `task` on a worker, then hand its value to `then` on the GUI thread.

    A task must not touch a widget, and opens its own `Store`: connections are per thread. `failed` receives what the
    task raised; without it the error is logged. Neither is called when it is a method of a widget that is gone.
    """
    answer = _Answer(then, failed)
    work = _Work(task, answer)
    _waiting[answer] = work
    QThreadPool.globalInstance().start(work)


def idle() -> bool:
    """Say whether everything that was started has been delivered."""
    return not _waiting


def wait(timeout_ms: int = 5_000) -> bool:
    """Wait until no task runs, as the program must before it ends; False when the time was up first."""
    done = QThreadPool.globalInstance().waitForDone(timeout_ms)
    _waiting.clear()
    return done


def _call(receiver: Callable[[Any], None], value: object) -> None:
    owner = getattr(receiver, "__self__", None)
    if isinstance(owner, QObject) and not isValid(owner):
        return
    receiver(value)
