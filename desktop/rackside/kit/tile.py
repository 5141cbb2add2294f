"""A tile: one figure with its unit, a word beside it, and the line of its last minutes, painted by one widget."""

from typing import Final

import msgspec
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from rackside.kit import theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain
from rackside.kit.sparkline import Trace
from rackside.kit.text import elide, tooltip

TILE_PX: Final = 84
_PAD: Final = 10
_LINE_PX: Final = 24


class Figure(msgspec.Struct, frozen=True):
    """What a tile shows: `23` `% · 8 cores` under `CPU`. `tone` colours the figure, `whole` is the tooltip."""

    caption: str
    value: str
    note: str = ""
    tone: Tone = "ink"
    whole: str = ""


class Tile(QWidget):
    """A figure; a click or Enter opens its link."""

    opened = Signal(str)

    def __init__(self, link: str, trace: Trace | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.link = link
        self.trace = trace
        self._calm: Tone = trace.tone if trace else "accent"
        self._figure = Figure("", "")
        self._pressed = False
        self.setFixedHeight(TILE_PX if trace else TILE_PX - _LINE_PX - 4)
        self.setMinimumWidth(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def figure(self) -> Figure:
        """Return what is shown."""
        return self._figure

    def show_figure(self, figure: Figure, newest: list[float] | None = None) -> None:
        """Show a figure, and carry its line on; repaints only what changed."""
        if self.trace is not None and newest:
            self.trace.tone = figure.tone if figure.tone in {"warn", "bad"} else self._calm
            self.trace.extend(newest)
            self.update(self._line_box())
        if figure != self._figure:
            self._figure = figure
            self.setAccessibleName(plain(f"{figure.caption}: {figure.value} {figure.note}"))
            tooltip(self, figure.whole or f"{figure.caption}: {figure.value} {figure.note}")
            self.update(QRect(0, 0, self.width(), self.height() - (_LINE_PX + _PAD if self.trace else 0)))

    def sizeHint(self) -> QSize:
        """Half of a sidebar."""
        return QSize(170, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, the text and the line, as far as exposed."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lively = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(theme.shape("accent") if self.hasFocus() else theme.ground("line"), 1))
        painter.setBrush(theme.ground("raised" if lively else "panel"))
        painter.drawRoundedRect(
            self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS
        )
        line = self._line_box()
        if event.rect().top() < line.top() or self.trace is None:
            self._paint_text(painter)
        if self.trace is not None and event.rect().intersects(line):
            self.trace.draw(painter, line, self.devicePixelRatioF())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the press."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open."""
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.link)
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open at Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self.link)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be opened."""
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def _line_box(self) -> QRect:
        return QRect(_PAD, self.height() - _LINE_PX - _PAD + 2, self.width() - 2 * _PAD, _LINE_PX)

    def _paint_text(self, painter: QPainter) -> None:
        shown = self._figure
        room = self.width() - 2 * _PAD
        small, large = theme.font("small"), theme.font("figure")
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        caption = QRect(_PAD, 7, room, 16)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, elide(QFontMetrics(small), plain(shown.caption), room))
        painter.setFont(large)
        painter.setPen(theme.colour(shown.tone))
        width = QFontMetrics(large).horizontalAdvance(shown.value)
        painter.drawText(QRect(_PAD, 22, width + 2, 26), Qt.AlignmentFlag.AlignVCenter, shown.value)
        painter.setFont(small)
        painter.setPen(theme.colour("dim"))
        note = QRect(_PAD + width + 4, 25, room - width - 4, 23)
        text = elide(QFontMetrics(small), plain(shown.note), note.width())
        painter.drawText(note, Qt.AlignmentFlag.AlignVCenter, text)
