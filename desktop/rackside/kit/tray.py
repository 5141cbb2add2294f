"""The glyph in the tray, where there is a tray: the state of alerts, and a way back to the window."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from rackside.kit import icons, theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain

GLYPH_PX: Final = 22


class Tray(QObject):
    """A tray icon; there is none where `available()` says so, and then nothing depends on it."""

    def __init__(self, window: QWidget, show: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__(window)
        self._icon = QSystemTrayIcon(self)
        menu = QMenu(window)
        menu.addAction("Show Rackside", show)
        menu.addSeparator()
        menu.addAction("Quit", leave)
        self._icon.setContextMenu(menu)
        self._icon.activated.connect(lambda _reason: show())
        self.state("dim", "Rackside")
        self._icon.show()

    @staticmethod
    def available() -> bool:
        """Say whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def state(self, tone: Tone, sentence: str) -> None:
        """Show a state: a dot of a tone on the glyph, none when all is well, and a sentence in the tooltip."""
        badge = theme.shape(tone).name() if tone in {"warn", "bad"} else ""
        self._icon.setIcon(QIcon(icons.pixmap("rackside", "#000000", GLYPH_PX, badge)))
        self._icon.setToolTip(plain(sentence))
