"""How far something the person wrote is, as a line under it: queued, sending, sent, or refused with what to do."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from rackside.kit.cards import Badge, button, row
from rackside.kit.palette import Tone
from rackside.kit.text import PlainLabel

WORDS: dict[str, tuple[str, Tone]] = {
    "queued": ("Queued: is sent when the server can be reached", "info"),
    "sending": ("Sending", "info"),
    "sent": ("Sent", "ok"),
    "refused": ("Refused", "bad"),
}
"""What each state of the outbox is called."""


class WritingLine(QWidget):
    """The state of one action. A refused one says why and can be tried again, or taken away."""

    def __init__(self, state: str, reason: str, *, retry: Callable[[], object], dismiss: Callable[[], object]) -> None:
        super().__init__()
        word, tone = WORDS.get(state, (state, "dim"))
        line = row(Badge(word, tone))
        if state == "refused":
            line.addWidget(PlainLabel(reason, role="small", tone="dim", wrap=True), 1)
            line.addWidget(button("Try again", retry, kind="link"))
            line.addWidget(button("Take away", dismiss, kind="link"))
        else:
            line.addStretch(1)
        self.setLayout(line)
