"""Parts of the page of delivery: a way that is tried and says how it fares, and a secret that is typed, never shown."""

import threading
from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtWidgets import QLineEdit

from rackside import words
from rackside.kit import background
from rackside.kit.cards import button, column, row
from rackside.kit.forms import labelled
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import secrets
from rackside.watch.delivery.model import DeliveryError, Status, Way

TESTS: Final[dict[Way, str]] = {
    "desktop": "Send a test notification",
    "mail": "Send a test e-mail",
    "webhook": "Send a test to the webhook",
}
NOTHING_DELIVERS: Final = "Nothing delivers alerts here."


class Trial(Panel):
    """Sends a test by one way, says what happened, and how the way fares otherwise."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"delivery"})

    def __init__(self, context: Context, way: Way, settle: Callable[[], object] = bool) -> None:
        """Make the button and what stands beside it; `settle` is called on the worker before a test."""
        super().__init__()
        self._context, self._way, self._settle = context, way, settle
        self._button = button(TESTS[way], self._test)
        self._said, self._fares = PlainLabel(wrap=True), PlainLabel(role="small", tone="dim", wrap=True)
        self._said.hide()
        self.setLayout(column(row(self._button, None), self._said, self._fares, gap=6))

    def refresh(self, topics: frozenset[str]) -> None:
        """Say how the way fares now."""
        del topics
        deliverer = self._context.deliverer()
        told = fares(deliverer.status()[self._way], self._said.text()) if deliverer is not None else ""
        self._fares.setText(told)
        self._fares.setVisible(bool(told))

    def _test(self) -> None:
        deliverer = self._context.deliverer()
        if deliverer is None:
            self._say(NOTHING_DELIVERS, "dim")
            return

        def send() -> str:
            self._settle()
            return deliverer.test(self._way)

        self._button.setEnabled(False)
        self._say("Sending. This can take a minute.", "dim")
        background.run(send, self._sent, self._failed)

    def _sent(self, sentence: str) -> None:
        self._button.setEnabled(True)
        self._say(sentence, "ok")

    def _failed(self, error: Exception) -> None:
        self._button.setEnabled(True)
        told = str(error) if isinstance(error, DeliveryError | OSError) else "Something in Rackside failed."
        self._say(told, "bad")

    def _say(self, sentence: str, tone: Tone) -> None:
        self._said.set_tone(tone)
        self._said.setText(sentence)
        self._said.show()


class Secret(Panel):
    """A field for what is never shown again. What was typed goes to the keyring, on a worker: some ask the person."""

    def __init__(self, context: Context, way: Way, name: str) -> None:
        super().__init__()
        self._context, self._way, self._name = context, way, name
        self._lock = threading.Lock()
        self._typed: str | None = None
        self._line = QLineEdit()
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setPlaceholderText("type it to change it")
        self._line.editingFinished.connect(self._keep)
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        self._said.hide()
        forget = button("Forget it", self._forget, kind="link")
        forget.setAccessibleName(f"Forget the {name.lower()}")
        self.setLayout(column(labelled(name, self._line), row(self._said, None, forget), gap=2))

    def settle(self) -> str:
        """Keep what was typed and is not kept yet; return where, in words. For a worker.

        Raises:
            OSError: it can be kept nowhere.
        """
        with self._lock:
            value, self._typed = self._typed, None
            return secrets.keep_secret(self._context.home, self._way, value) if value is not None else ""

    def _keep(self) -> None:
        if self._line.text():
            self._typed = self._line.text()
            self._line.clear()
            background.run(self.settle, self._kept, self._failed)

    def _forget(self) -> None:
        self._line.clear()
        self._typed = ""
        background.run(self.settle, self._kept, self._failed)

    def _kept(self, where: str) -> None:
        deliverer = self._context.deliverer()
        if where:
            self._say("It is forgotten." if where == "nowhere" else f"It is kept {where}.")
        if deliverer is not None:
            deliverer.again()

    def _failed(self, error: Exception) -> None:
        self._say(f"It could not be kept: {error}")

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.show()


def fares(status: Status, said: str = "") -> str:
    """Say how a way fares: when it worked last, what went wrong since unless it is said already, how much waits."""
    parts = []
    if status.success_s:
        parts.append(f"Last message: {words.clock(status.success_s)}.")
    if status.error and status.error != said:
        parts.append(f"Last failure, {words.clock(status.error_s)}: {status.error}")
    if status.waiting:
        parts.append(f"{status.waiting} {'waits' if status.waiting == 1 else 'wait'} to be sent.")
    return " ".join(parts)
