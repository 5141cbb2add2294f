"""A history: mean as a line, least and most as a band behind it, an axis with units, and what the pointer is at."""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from rackside.kit import theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain

Span: TypeAlias = Literal["hour", "day", "week", "year"]
SPAN_S: Final[dict[Span, float]] = {"hour": 3_600, "day": 86_400, "week": 7 * 86_400, "year": 365 * 86_400}
_LABELS: Final[dict[Span, str]] = {"hour": "%H:%M", "day": "%H:%M", "week": "%a %d", "year": "%b"}
_MARKS: Final[dict[Span, int]] = {"hour": 6, "day": 6, "week": 7, "year": 6}
_LINES: Final = 4
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 22
_GAP_STEPS: Final = 3
"""The line is broken where more than so many usual distances lie between two points."""


@dataclass(frozen=True)
class Point:
    """What was seen around one moment: seconds since the epoch, least, mean and most."""

    at_s: float
    low: float
    mean: float
    high: float


class HistoryChart(QWidget):
    """The chart of one reading over a span of time."""

    def __init__(self, write: Callable[[float], str] = "{:.1f}".format, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._write = write
        self._points: Sequence[Point] = ()
        self._span: Span = "hour"
        self._end_s = 0.0
        self._tone: Tone = "accent"
        self._least_top = 0.0
        self._pointer: int | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_points(
        self, points: Sequence[Point], span: Span, end_s: float, *, tone: Tone = "accent", least_top: float = 0.0
    ) -> None:
        """Show the points of a span that ends at a moment; the scale begins at 0 and reaches `least_top` at least."""
        self._points, self._span, self._end_s = points, span, end_s
        self._tone, self._least_top = tone, least_top
        self._pointer = None
        if points:
            most, least = max(p.high for p in points), min(p.low for p in points)
            self.setAccessibleName(plain(f"Last {span}: between {self._write(least)} and {self._write(most)}"))
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for six marks."""
        return QSize(600, 240)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Find the point the pointer is at."""
        box = self._box()
        at_s = self._end_s - SPAN_S[self._span] * (1 - (event.position().x() - box.left()) / max(box.width(), 1))
        index = bisect_left(self._points, at_s, key=lambda point: point.at_s)
        self._pointer = min(index, len(self._points) - 1) if self._points else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._pointer = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw axis, band, line and pointer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box()
        top = nice_top(max([self._least_top, *(point.high for point in self._points)]))
        self._paint_axis(painter, box, top)
        for run in self._runs():
            self._paint_run(painter, box, top, run)
        if self._pointer is not None:
            self._paint_pointer(painter, box, top, self._points[self._pointer])
        painter.end()

    def _box(self) -> QRect:
        return self.rect().adjusted(_LEFT, _TOP, -_RIGHT, -_BOTTOM)

    def _runs(self) -> list[list[Point]]:
        """Split the points where the machine was off."""
        steps = sorted(b.at_s - a.at_s for a, b in zip(self._points, self._points[1:], strict=False))
        usual = steps[len(steps) // 2] if steps else 0.0
        runs: list[list[Point]] = []
        for point in self._points:
            if not runs or point.at_s - runs[-1][-1].at_s > _GAP_STEPS * usual:
                runs.append([])
            runs[-1].append(point)
        return runs

    def _place(self, box: QRect, top: float, at_s: float, value: float) -> QPointF:
        across = 1 - (self._end_s - at_s) / SPAN_S[self._span]
        return QPointF(box.left() + across * box.width(), box.bottom() - value / top * box.height())

    def _paint_axis(self, painter: QPainter, box: QRect, top: float) -> None:
        small = theme.font("badge")
        painter.setFont(small)
        middle = Qt.AlignmentFlag.AlignVCenter
        for step in range(_LINES + 1):
            y = round(box.bottom() - box.height() * step / _LINES)
            painter.setPen(QPen(theme.ground("line"), 1))
            painter.drawLine(box.left(), y, box.right(), y)
            painter.setPen(theme.colour("dim"))
            label = self._write(top * step / _LINES)
            painter.drawText(QRect(0, y - 8, _LEFT - 6, 16), middle | Qt.AlignmentFlag.AlignRight, label)
        marks = _MARKS[self._span]
        width = box.width() // marks
        for step in range(marks):
            moment = datetime.fromtimestamp(self._end_s - SPAN_S[self._span] * (1 - step / marks), UTC).astimezone()
            text = moment.strftime(_LABELS[self._span])
            painter.drawText(QRect(box.left() + step * width, box.bottom() + 4, width, 16), middle, text)

    def _paint_run(self, painter: QPainter, box: QRect, top: float, run: list[Point]) -> None:
        highs = [self._place(box, top, point.at_s, point.high) for point in run]
        lows = [self._place(box, top, point.at_s, point.low) for point in run]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.wash(self._tone, 0.22))
        painter.drawPolygon(QPolygonF([*highs, *reversed(lows)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.shape(self._tone), 1))
        painter.drawPolyline(QPolygonF([self._place(box, top, point.at_s, point.mean) for point in run]))

    def _paint_pointer(self, painter: QPainter, box: QRect, top: float, point: Point) -> None:
        at = self._place(box, top, point.at_s, point.mean)
        painter.setPen(QPen(theme.shape("dim"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(at.x(), box.top()), QPointF(at.x(), box.bottom()))
        when = datetime.fromtimestamp(point.at_s, UTC).astimezone().strftime("%a %d %b %H:%M:%S")
        low, mean, high = self._write(point.low), self._write(point.mean), self._write(point.high)
        text = f"{when} · {mean}" + (f" · {low} to {high}" if low != high else "")
        metrics = QFontMetrics(theme.font("badge"))
        width = metrics.horizontalAdvance(text) + 16
        left = min(max(at.x() - width / 2, box.left()), box.right() - width)
        card = QRectF(left, box.top(), width, 20)
        painter.setPen(QPen(theme.ground("line"), 1))
        painter.setBrush(theme.ground("raised"))
        painter.drawRoundedRect(card, 4, 4)
        painter.setPen(theme.colour("ink"))
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)


def nice_top(value: float) -> float:
    """Return the end of a scale that four even steps divide well: 1, 2, 4, 5 or 10 times a power of ten."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 4.0, 5.0, 8.0, 10.0) if value <= step * power * (1 + 1e-9))
