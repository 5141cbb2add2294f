"""The reading pane: one panel at a time under a header of its own, with a way back and forward."""

from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from rackside.kit.cards import StateView, button, column, line, row
from rackside.kit.panel import Panel
from rackside.kit.text import ElidedLabel

MOST_BACK: Final = 100


class Router(Protocol):
    """Finds who shows a link."""

    def build(self, link: str) -> Panel | None:
        """Make the panel for a link, or None when nobody shows that kind."""
        ...


class ReadingPane(QWidget):
    """Shows the panel of a link. `closed` is emitted when the person is done reading."""

    closed = Signal()

    def __init__(self, router: Router, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._router = router
        self._links: list[str] = []
        self._at = -1
        self._panel: Panel | None = None
        self._back = button("", self.back, kind="quiet", icon_name="back", hint="Back (Alt+Left)")
        self._forward = button("", self.forward, kind="quiet", icon_name="forward", hint="Forward (Alt+Right)")
        self._title = ElidedLabel(role="small", tone="dim")
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._actions = row(gap=6)
        close = button("", self.close_pane, kind="quiet", icon_name="close", hint="Close (Esc)")
        header = QWidget()
        header.setObjectName("pane_header")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setLayout(
            row(self._back, self._forward, self._title, self._actions, close, gap=6, margins=(12, 8, 12, 8))
        )
        header.setFixedHeight(48)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._foot: QVBoxLayout = column()
        self.setLayout(column(header, line(), self._scroll, self._foot, gap=0))
        QShortcut("Alt+Left", self, self.back)
        QShortcut("Alt+Right", self, self.forward)

    def open(self, link: str) -> bool:
        """Show a link; False when nobody shows that kind."""
        if self._at >= 0 and self._links[self._at] == link and self._panel is not None:
            return True
        if self._takes(link):
            self._links[self._at] = link
            return True
        if not self._show(link):
            return False
        self._links = [*self._links[: self._at + 1], link][-MOST_BACK:]
        self._at = len(self._links) - 1
        self._enable()
        return True

    def link(self) -> str:
        """Return the link that is shown, empty when none is."""
        return self._links[self._at] if self._at >= 0 else ""

    def back(self) -> None:
        """Show what was shown before."""
        self._step(-1)

    def forward(self) -> None:
        """Show what was shown before going back."""
        self._step(1)

    def close_pane(self) -> None:
        """Forget the way here, and let the window close the pane."""
        self._links, self._at = [], -1
        self._clear()
        self.closed.emit()

    def _takes(self, link: str) -> bool:
        scheme, _, argument = link.partition(":")
        same = self._at >= 0 and self._links[self._at].partition(":")[0] == scheme
        return same and self._panel is not None and self._panel.take(argument)

    def _step(self, by: int) -> None:
        at = self._at + by
        if 0 <= at < len(self._links) and self._show(self._links[at]):
            self._at = at
            self._enable()

    def _enable(self) -> None:
        self._back.setEnabled(self._at > 0)
        self._forward.setEnabled(self._at < len(self._links) - 1)

    def _show(self, link: str) -> bool:
        panel = self._router.build(link)
        if panel is None:
            return False
        self._clear()
        panel.setProperty("page", True)
        panel.retitled.connect(lambda: self._title.setText(panel.title()))
        self._panel = panel
        foot = panel.foot()
        self._scroll.setWidget(panel)
        self._scroll.viewport().setAutoFillBackground(False)
        panel.setAutoFillBackground(False)
        if foot is not None:
            self._foot.addWidget(line())
            self._foot.addWidget(foot)
        for action in panel.actions_shown():
            self._actions.addWidget(action)
        self._title.setText(panel.title())
        self._scroll.verticalScrollBar().setValue(0)
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            panel.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _clear(self) -> None:
        for layout in (self._foot, self._actions):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
        if (panel := self._scroll.takeWidget()) is not None:
            panel.hide()
            panel.deleteLater()
        self._panel = None


class NotHere(Panel):
    """What is shown for a link to something this console does not hold."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.setLayout(column(None, StateView("empty", sentence), None))
