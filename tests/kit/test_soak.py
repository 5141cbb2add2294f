"""Repainting for hours loses no reference to None: PySide6 6.12 on Python 3.11 does, and aborts in a minute."""

import gc
import sys

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from rackside.kit import theme
from rackside.kit.sparkline import Trace

REPAINTS = 20_000
"""A fifth of the whole soak; what loses one reference at each repaint has lost 20,000 by then."""
NOISE = 500


def test_repainting_keeps_the_references_to_none(qt_app: QApplication) -> None:
    del qt_app
    trace, image = Trace("accent", 100.0), QImage(160, 30, QImage.Format.Format_ARGB32)
    gc.collect()  # else what other tests left is collected meanwhile, with its references
    before = sys.getrefcount(None)
    for number in range(REPAINTS):
        trace.extend([number % 90])
        painter = QPainter(image)
        painter.fillRect(image.rect(), theme.ground("panel"))
        painter.setPen(theme.colour("dim"))
        trace.draw(painter, QRect(0, 0, 160, 30), 1.0)
        painter.end()
    assert sys.getrefcount(None) > before - NOISE
