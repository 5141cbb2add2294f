"""The rail: what is left of the sidebar when it is collapsed, icons with a dot where something is wrong."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QToolButton, QWidget

from rackside.kit import icons, theme
from rackside.kit.cards import column
from rackside.kit.palette import Tone
from rackside.kit.plain import plain
from rackside.kit.text import tooltip

_ICON_PX: Final = 20


class Rail(QWidget):
    """A column of icon buttons; the first one opens the sidebar again."""

    expand = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._buttons: dict[str, QToolButton] = {}
        self._badges: dict[str, Tone] = {}
        self._column = column(None, gap=6, margins=(4, 8, 4, 8))
        self._column.insertWidget(0, self._button("rackside", "Open the sidebar", self.expand.emit))
        self.setLayout(self._column)

    def add(self, icon_name: str, hint: str, act: Callable[[], object]) -> None:
        """Add a button below the others."""
        self._column.insertWidget(self._column.count() - 1, self._button(icon_name, hint, act))

    def mark(self, icon_name: str, tone: Tone, hint: str) -> None:
        """Put a dot of a tone on a button, none for `dim`, and say why in its tooltip."""
        self._badges[icon_name] = tone
        self._draw(icon_name)
        tooltip(self._buttons[icon_name], hint)
        self._buttons[icon_name].setAccessibleName(plain(hint))

    def redraw(self) -> None:
        """Draw all icons in the theme in force."""
        for name in self._buttons:
            self._draw(name)

    def _button(self, icon_name: str, hint: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setProperty("kind", "quiet")
        made.setFixedSize(36, 36)
        made.setIconSize(QSize(_ICON_PX, _ICON_PX))
        made.setAccessibleName(plain(hint))
        tooltip(made, hint)
        made.clicked.connect(lambda: act())  # noqa: PLW0108 - leaves out the signal's argument
        self._buttons[icon_name] = made
        self._draw(icon_name)
        return made

    def _draw(self, icon_name: str) -> None:
        badge = self._badges.get(icon_name, "dim")
        dot = theme.shape(badge).name() if badge in {"warn", "bad"} else ""
        colour = theme.colour("dim").name()
        self._buttons[icon_name].setIcon(QIcon(icons.pixmap(icon_name, colour, _ICON_PX, dot)))
