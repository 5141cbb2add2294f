"""One thing that is watched, in a line: a dot, its name, a word, and a figure at the end."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QWidget

from rackside.kit.cards import Dot, row
from rackside.kit.palette import Tone
from rackside.kit.text import ElidedLabel, PlainLabel, TapLabel

LEAST_WORD_PX: Final = 110
"""What a long name leaves to the word."""


class StateRow(QWidget):
    """The line; its name opens a link."""

    def __init__(self, name: str, link: str, open_link: Callable[[str], None]) -> None:
        super().__init__()
        self._dot = Dot()
        self._name = TapLabel(name)
        self._name.tapped = lambda: open_link(link)  # type: ignore[method-assign]
        self._word = ElidedLabel(role="small", tone="dim")
        self._figure = PlainLabel(role="small", tone="dim")
        layout = row(self._dot, self._name, self._word, self._figure, margins=(10, 7, 10, 7))
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def show_state(self, tone: Tone, word: str, figure: str) -> None:
        """Show the newest outcome."""
        self._dot.set_tone(tone)
        if self._word.whole() != word:
            self._word.setText(word)
            self._word.setMinimumWidth(min(self._word.sizeHint().width(), LEAST_WORD_PX))
        self._figure.setText(figure)
        self.setAccessibleName(f"{self._name.whole()}: {word} {figure}".rstrip())
