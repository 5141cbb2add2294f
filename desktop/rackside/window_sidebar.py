"""The sidebar: header, what is wrong and what is measured, the peers' tabs, and the box to ask or search."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QSizePolicy, QWidget

from rackside.kit.cards import Badge, button, column, line, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context, Slice, Tab

SEARCH_AFTER_MS: Final = 150
"""How long after the last key the search follows what is typed."""
_MARGIN: Final = 12
SCROLLBAR_PX: Final = 8
"""As the style sheet has it; it stands in the margin, always, so that nothing moves when it is needed."""


class Sidebar(QWidget):
    """Everything in one column; all but header and box scrolls."""

    def __init__(self, slices: Sequence[Slice], context: Context, logo: QWidget) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.ask = AskBox(context.open_link)
        self.tabs = Tabs(sorted((tab for each in slices for tab in each.tabs), key=lambda tab: tab.place), context)
        sections = sorted((part for each in slices for part in each.sections), key=lambda part: part.place)
        page = _Page()
        page.setProperty("page", True)
        self._context = context
        self._late = [(place, section) for place, section in enumerate(sections) if section.late]
        self._column = column(
            *(section.build(context) for section in sections if not section.late),
            self.tabs,
            None,
            gap=12,
            margins=(_MARGIN, 8, _MARGIN - SCROLLBAR_PX, _MARGIN),
        )
        page.setLayout(self._column)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(page)
        page.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        layout = column(gap=0)
        headers: list[QWidget | None] = [each.header(context) for each in slices if each.header is not None]
        header = QWidget()
        header.setLayout(row(logo, *(headers[:1] or [None]), gap=6, margins=(8, 8, _MARGIN, 8)))
        layout.addWidget(header)
        layout.addWidget(line())
        layout.addWidget(self.area, 1)
        layout.addWidget(line())
        layout.addWidget(self.ask)
        self.setLayout(layout)

    def build_late(self) -> None:
        """Build the sections that the first paint did without, each in its place."""
        for place, section in self._late:
            self._column.insertWidget(place, section.build(self._context))
        self._late = []


class _Page(QWidget):
    """Never wider than what is seen of it: a column that scrolls one way."""

    def minimumSizeHint(self) -> QSize:
        """Ask for height only."""
        return QSize(0, super().minimumSizeHint().height())


class Tabs(QWidget):
    """A bar of tabs and the panel of the chosen one; a panel is made when its tab is first chosen."""

    chosen = Signal(int)

    def __init__(self, tabs: Sequence[Tab], context: Context) -> None:
        super().__init__()
        self._tabs, self._context = tabs, context
        self._panels: dict[int, Panel] = {}
        self._current = -1
        bar = QFrame()
        bar.setObjectName("tabs")
        layout = row(gap=2, margins=(3, 3, 3, 3))
        self._buttons = []
        for index, tab in enumerate(tabs):
            made = button(tab.title, partial(self.choose, index), kind="tab")
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._buttons.append(made)
            layout.addWidget(made)
        bar.setLayout(layout)
        bar.setVisible(bool(tabs))
        self._below = column(gap=0)
        self.setLayout(column(bar, self._below, gap=8))

    def count(self) -> int:
        """Return how many tabs there are."""
        return len(self._tabs)

    def choose(self, index: int) -> None:
        """Show a tab's panel."""
        if not 0 <= index < len(self._tabs):
            return
        self._buttons[index].setChecked(True)
        if index == self._current:
            return
        if self._current in self._panels:
            self._panels[self._current].hide()
        self._current = index
        if index not in self._panels:
            self._panels[index] = self._tabs[index].build(self._context)
            self._below.addWidget(self._panels[index])
        self._panels[index].show()
        self.chosen.emit(index)


class AskBox(QWidget):
    """One box to ask peers and to search everything that is cached; what is typed is a `search:` link."""

    def __init__(self, open_link: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("foot")
        self._open_link = open_link
        self._soon = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._soon.timeout.connect(self._search)
        self.edit = QLineEdit(placeholderText="Ask or search…")
        self.edit.setAccessibleName("Ask or search")
        self.edit.setMaxLength(500)
        self.edit.textEdited.connect(self._typed)
        self.edit.returnPressed.connect(self._search)
        key = Badge("Ctrl K")
        self.setLayout(row(self.edit, key, gap=8, margins=(_MARGIN, 10, _MARGIN, 10)))

    def _typed(self, text: str) -> None:
        if text.strip():
            self._soon.start()
        else:
            self._soon.stop()

    def _search(self) -> None:
        self._soon.stop()
        if text := self.edit.text().strip():
            self._open_link(f"search:{text}")


class Grip(QWidget):
    """The sidebar's inner edge, to be dragged; Left and Right move it as well."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(5)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._from: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say how far it was dragged since the last time."""
        if self._from is not None:
            at = event.globalPosition().toPoint()
            self.moved.emit(at.x() - self._from.x())
            self._from = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._from = None
