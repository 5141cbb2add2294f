"""A line of the last minutes that costs next to nothing: a pixmap scrolls, and only its newest segment is drawn.

Lines are at most 1.0 px wide: wider antialiased ones go through Qt's slow stroker (13 ms for 30 cards, against 1.4).
"""

import math
from collections import deque
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from rackside.kit import theme
from rackside.kit.palette import Tone

STEP_PX: Final = 2
"""Distance of two values: a whole number, so that scrolling is exact."""
PEN_PX: Final = 1.0
_EDGE_PX: Final = 2


class Trace:
    """The line itself, to be drawn by whichever widget holds it. `top` fixes the scale; 0 lets it follow the values."""

    def __init__(self, tone: Tone = "accent", top: float = 0.0) -> None:
        self.tone: Tone = tone
        self.top = top
        self._scale = top or 1.0
        self._values: deque[float] = deque(maxlen=1_000)
        self._pixmap = QPixmap()
        self._drawn_as: tuple[int, int, float, str, Tone, float] | None = None
        self._undrawn = 0

    def extend(self, values: Iterable[float]) -> None:
        """Take values, oldest first."""
        for value in values:
            self._values.append(value if math.isfinite(value) else 0.0)
            self._undrawn += 1

    def set(self, values: Iterable[float]) -> None:
        """Replace all values."""
        self._values.clear()
        self.extend(values)
        self._drawn_as = None

    def draw(self, painter: QPainter, box: QRect, scale: float) -> None:
        """Draw into a box; `scale` is the device pixel ratio."""
        if box.width() <= 0 or box.height() <= 0:
            return
        top = self._scale_of(box.width() // STEP_PX + 1)
        key = (box.width(), box.height(), scale, theme.palette().name, self.tone, top)
        if key != self._drawn_as or self._undrawn >= box.width() // STEP_PX:
            self._draw_whole(box.size(), scale, top)
            self._drawn_as = key
        elif self._undrawn:
            self._scroll(scale, top)
        self._undrawn = 0
        painter.drawPixmap(box.topLeft(), self._pixmap)

    def _scale_of(self, shown: int) -> float:
        if self.top:
            return self.top
        highest = max(list(self._values)[-shown:], default=0.0)
        if highest > self._scale or highest < self._scale / 4:
            self._scale = _round_up(highest)
        return self._scale

    def _draw_whole(self, size: QSize, scale: float, top: float) -> None:
        self._pixmap = QPixmap(round(size.width() * scale), round(size.height() * scale))
        self._pixmap.setDevicePixelRatio(scale)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        shown = list(self._values)[-(size.width() // STEP_PX + 1) :]
        self._stroke(shown, size, top)

    def _scroll(self, scale: float, top: float) -> None:
        shift = self._undrawn * STEP_PX
        size = QSize(round(self._pixmap.width() / scale), round(self._pixmap.height() / scale))
        device = round(shift * scale)
        self._pixmap.scroll(-device, 0, self._pixmap.rect())
        painter = QPainter(self._pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(size.width() - shift, 0, shift, size.height(), Qt.GlobalColor.transparent)
        painter.end()
        self._stroke(list(self._values)[-(self._undrawn + 1) :], size, top)

    def _stroke(self, values: list[float], size: QSize, top: float) -> None:
        if len(values) < 2:  # noqa: PLR2004 - a line has two ends
            return
        height = size.height() - 2 * _EDGE_PX
        first = size.width() - 1 - (len(values) - 1) * STEP_PX
        points = [
            QPointF(first + i * STEP_PX, _EDGE_PX + height * (1 - min(max(value / top, 0.0), 1.0)))
            for i, value in enumerate(values)
        ]
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.shape(self.tone), PEN_PX))
        painter.drawPolyline(points)
        painter.end()


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10 … that a value fits under."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if value <= step * power)
