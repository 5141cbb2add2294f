"""The glyph in the tray, where there is a tray: the state of alerts, and a way back to the window."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from rackside.kit import icons, theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain

GLYPH_PX: Final = 22
MOST_TITLE: Final = 120
MOST_BODY: Final = 400
NO_MARKUP: Final = str.maketrans(
    "<>", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
)
"""Desktops of freedesktop.org read markup in the body of a notification, pictures and links among it."""


class Tray(QObject):
    """A tray icon; there is none where `available()` says so, and then nothing depends on it."""

    _asked = Signal(str, str, str)

    def __init__(
        self,
        window: QWidget,
        show: Callable[[], object],
        leave: Callable[[], object],
        opened: Callable[[str], object] = lambda _: None,
    ) -> None:
        """Show it.

        Args:
            window: what it belongs to.
            show: brings the window to the front.
            leave: ends the program.
            opened: handed the link of a notification that was clicked.
        """
        super().__init__(window)
        self._icon = QSystemTrayIcon(self)
        self._link = ""
        self._can_notify = QSystemTrayIcon.supportsMessages()
        self._asked.connect(self._notify, Qt.ConnectionType.QueuedConnection)
        self._icon.messageClicked.connect(lambda: opened(self._link))
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

    def notify(self, title: str, body: str, link: str = "") -> bool:
        """Show a notification soon, from whichever thread; return whether this desktop has any.

        A click hands the link of the newest one on: desktops do not say which was clicked.
        """
        if self._can_notify:
            self._asked.emit(title, body, link)
        return self._can_notify

    @Slot(str, str, str)
    def _notify(self, title: str, body: str, link: str) -> None:
        self._link = link
        shown = (plain(title, MOST_TITLE).translate(NO_MARKUP), plain(body, MOST_BODY).translate(NO_MARKUP))
        self._icon.showMessage(*shown, self._icon.icon())
