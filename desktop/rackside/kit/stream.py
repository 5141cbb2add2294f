"""A list of any length: rows of one height, painted, read from the store a page at a time.

A stream is as tall as all its rows and sits in a scroll area; only what is exposed is read and drawn, so that 100,000
rows cost what ten cost. QListView lays all rows out.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

import msgspec
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QWidget

from rackside.kit import theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain
from rackside.kit.text import elide, tip

PAGE_ROWS: Final = 50
KEPT_PAGES: Final = 12
ROW_PX: Final = 70
DENSE_PX: Final = 48
"""The height of a row, and of one whose title has one line."""
MAX_ROWS: Final = 16_777_215 // ROW_PX
"""The tallest widget Qt allows, in rows: some 240,000."""
_PAD: Final = 10
_FIGURE_PX: Final = 46
_FIGURE_TALL_PX: Final = 36
_CHIP_GAP: Final = 6
_TITLE_LINES: Final = 2


class Row(msgspec.Struct, frozen=True):
    """One row. `link` is opened; `figure` with `caption` stand at its left, `chips` before `meta` in the last line."""

    link: str
    title: str
    meta: str = ""
    figure: str = ""
    caption: str = ""
    tone: Tone = "dim"
    chips: tuple[str, ...] = ()


class Source(Protocol):
    """Where rows come from."""

    def count(self) -> int:
        """Return how many rows there are."""
        ...

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Return a page of rows."""
        ...


class ListSource:
    """Rows that are all at hand."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def count(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Return some of them."""
        return self._rows[offset : offset + limit]


class QuerySource:
    """Rows of a query: a function that counts and one that returns a page."""

    def __init__(self, count: Callable[[], int], rows: Callable[[int, int], list[Row]]) -> None:
        self._count, self._page = count, rows

    def count(self) -> int:
        """Count."""
        return self._count()

    def rows(self, offset: int, limit: int) -> list[Row]:
        """Read a page."""
        return self._page(offset, limit)


class Stream(QWidget):
    """The list. J, K, arrows, Home, End, page keys move; Enter and click open."""

    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, dense: bool = False) -> None:
        super().__init__(parent)
        self._name = name
        self._row_px, self._lines = (DENSE_PX, 1) if dense else (ROW_PX, _TITLE_LINES)
        self._source: Source = ListSource([])
        self._count = 0
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._current, self._hovered = -1, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(plain(name))

    def show_source(self, source: Source) -> None:
        """Show rows from a source, or the same one again after it changed; the current row is kept by its link."""
        link = self._row(self._current).link if 0 <= self._current < self._count else ""
        self._source, self._count = source, min(source.count(), MAX_ROWS)
        self._pages.clear()
        self._current = min(self._current, self._count - 1)
        if link and self._current >= 0 and self._row(self._current).link != link:
            self._current = self._find_near(link)
        self.setFixedHeight(self._count * self._row_px)
        self.update()

    def count(self) -> int:
        """Return how many rows are listed."""
        return self._count

    def current(self) -> Row | None:
        """Return the row that Enter would open."""
        return self._row(self._current) if 0 <= self._current < self._count else None

    def go(self, index: int) -> None:
        """Make a row the current one, bring it into view, and say it to a screen reader."""
        if not self._count:
            return
        self._update_row(self._current)
        self._current = max(0, min(index, self._count - 1))
        self._update_row(self._current)
        self._scroll_to(self._current)
        row = self._row(self._current)
        where = f"row {self._current + 1} of {self._count}"
        self.setAccessibleName(plain(f"{row.title}. {row.figure} {row.caption}. {row.meta}. {self._name}, {where}"))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    def sizeHint(self) -> QSize:
        """Ask for all rows."""
        return QSize(300, self._count * self._row_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are exposed."""
        painter = QPainter(self)
        first, last = event.rect().top() // self._row_px, event.rect().bottom() // self._row_px
        for index in range(max(first, 0), min(last + 1, self._count)):
            self._paint_row(painter, index, QRect(0, index * self._row_px, self.width(), self._row_px))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the rows, or open one."""
        page = max(1, self.visibleRegion().boundingRect().height() // self._row_px - 1)
        moves = {
            Qt.Key.Key_J: self._current + 1,
            Qt.Key.Key_Down: self._current + 1,
            Qt.Key.Key_K: self._current - 1,
            Qt.Key.Key_Up: self._current - 1,
            Qt.Key.Key_PageDown: self._current + page,
            Qt.Key.Key_PageUp: self._current - page,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._count - 1,
        }
        key = Qt.Key(event.key())
        if key in moves and event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}:
            self.go(moves[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and (row := self.current()) is not None:
            self.opened.emit(row.link)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the row under the pointer the current one."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.go(int(event.position().y()) // self._row_px)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the row that was pressed."""
        row = self.current()
        if (
            event.button() == Qt.MouseButton.LeftButton
            and row
            and int(event.position().y()) // self._row_px == self._current
        ):
            self.opened.emit(row.link)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show which row would open."""
        self._hover(int(event.position().y()) // self._row_px)

    def leaveEvent(self, event: QEvent) -> None:
        """Show none."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        if self._current < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.go(0)
        self._update_row(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it is elsewhere."""
        super().focusOutEvent(event)
        self._update_row(self._current)

    def event(self, event: QEvent) -> bool:
        """Show a row's whole text in a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = event.pos().y() // self._row_px
            if 0 <= index < self._count:
                row = self._row(index)
                QToolTip.showText(event.globalPos(), tip(f"{row.title}\n{row.meta}"), self)
            return True
        return super().event(event)

    def _row(self, index: int) -> Row:
        number, within = divmod(index, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._source.rows(number * PAGE_ROWS, PAGE_ROWS)
            if len(self._pages) > KEPT_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[within] if within < len(page) else Row(link="", title="")

    def _find_near(self, link: str) -> int:
        page = self._current // PAGE_ROWS
        near = range(max(0, (page - 1) * PAGE_ROWS), min(self._count, (page + 2) * PAGE_ROWS))
        return next((index for index in near if self._row(index).link == link), self._current)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._update_row(self._hovered)
            self._hovered = index
            self._update_row(index)

    def _update_row(self, index: int) -> None:
        if index >= 0:
            self.update(0, index * self._row_px, self.width(), self._row_px)

    def _scroll_to(self, index: int) -> None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None and (page := parent.widget()) is not None:
            top = self.mapTo(page, QPoint(0, index * self._row_px)).y()
            parent.ensureVisible(0, top + self._row_px // 2, 0, self._row_px // 2)

    def _paint_row(self, painter: QPainter, index: int, box: QRect) -> None:
        row = self._row(index)
        if index in {self._hovered, self._current}:
            painter.fillRect(box, theme.ground("raised"))
        if index == self._current and self.hasFocus():
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), theme.shape("accent"))
        if index:
            painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), theme.ground("line"))
        left = box.left() + _PAD
        if row.figure:
            above = (box.height() - _FIGURE_TALL_PX) // 2
            self._paint_figure(painter, row, QRect(left, box.top() + above, _FIGURE_PX, _FIGURE_TALL_PX))
            left += _FIGURE_PX + _PAD
        self._paint_text(painter, row, QRect(left, box.top(), box.right() - _PAD - left, box.height()))

    def _paint_figure(self, painter: QPainter, row: Row, box: QRect) -> None:
        painter.setPen(theme.colour(row.tone))
        painter.setFont(theme.font("strong"))
        alone = box if not row.caption else box.adjusted(0, 0, 0, -18)
        painter.drawText(alone, Qt.AlignmentFlag.AlignCenter, row.figure)
        painter.setPen(theme.colour("dim"))
        painter.setFont(theme.font("badge"))
        painter.drawText(box.adjusted(0, 18, 0, 0), Qt.AlignmentFlag.AlignCenter, row.caption)

    def _paint_text(self, painter: QPainter, row: Row, box: QRect) -> None:
        body, small = theme.font("body"), theme.font("small")
        lines = title_lines(row.title, box.width(), self._lines)
        step = QFontMetrics(body).height() + 1
        top = box.top() + (box.height() - step * len(lines) - 18) // 2
        painter.setPen(theme.colour("ink"))
        painter.setFont(body)
        for text in lines:
            painter.drawText(QRect(box.left(), top, box.width(), step), Qt.AlignmentFlag.AlignVCenter, text)
            top += step
        left = box.left()
        for chip in row.chips:
            left = paint_chip(painter, plain(chip), QPoint(left, top + 1), box.right())
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        rest = QRect(left, top, box.right() - left, 18)
        if rest.width() > 0:
            meta = QFontMetrics(small).elidedText(plain(row.meta), Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, meta)


def paint_chip(painter: QPainter, text: str, at: QPoint, right: int) -> int:
    """Draw a chip if there is room; return where the next thing begins."""
    metrics = QFontMetrics(theme.font("badge"))
    width = metrics.horizontalAdvance(text) + 10
    if at.x() + width > right:
        return at.x()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.ground("raised"))
    box = QRect(at.x(), at.y(), width, 16)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(theme.colour("dim"))
    painter.setFont(theme.font("badge"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return at.x() + width + _CHIP_GAP


@lru_cache(maxsize=512)
def title_lines(title: str, width_px: int, most: int = _TITLE_LINES) -> tuple[str, ...]:
    """Break a title into at most two lines of a width, or one, the last elided in the middle."""
    metrics = QFontMetrics(theme.font("body"))
    words = plain(title).split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= width_px:
            taken += 1
        lines.append(" ".join(words[:taken]) if taken > 1 else elide(metrics, words[0], width_px))
        words = words[taken:]
    if words:
        lines.append(elide(metrics, " ".join(words), width_px))
    return tuple(lines)
