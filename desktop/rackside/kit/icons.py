"""Our own stroke icons, tinted with the theme. Only files that came with the program are ever read as SVG."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap

from rackside import resources
from rackside.kit import theme
from rackside.kit.palette import Tone

ICON_PX = 16


def icon(name: str, tone: Tone = "ink", size_px: int = ICON_PX) -> QIcon:
    """Return one of `resources/icons` in a tone of the theme in force."""
    made = QIcon(pixmap(name, theme.colour(tone).name(), size_px))
    made.addPixmap(pixmap(name, theme.palette().faint, size_px), QIcon.Mode.Disabled)
    return made


@cache
def pixmap(name: str, colour: str, size_px: int = ICON_PX, badge: str = "") -> QPixmap:
    """Return an icon drawn in a colour, at the screen's scale; `badge` is the colour of a dot in its corner."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - QtSvg is loaded with the first icon, not with the window

    scale = QGuiApplication.primaryScreen().devicePixelRatio() if QGuiApplication.primaryScreen() else 1.0
    source = resources.file(f"icons/{name}.svg").read_bytes().replace(b"currentColor", colour.encode())
    made = QPixmap(QSize(size_px, size_px) * scale)
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, size_px, size_px))
    if badge:
        dot = size_px * 0.42
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(badge))
        painter.drawEllipse(QRectF(size_px - dot, 0, dot, dot))
    painter.end()
    return made


def app_icon() -> QIcon:
    """Return the program's own icon."""
    made = QIcon()
    for size_px in (16, 24, 32, 48, 64, 128):
        made.addPixmap(pixmap("rackside", "#000000", size_px))
    return made
