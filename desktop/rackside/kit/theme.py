"""The theme in force: palette, fonts and the one style sheet, and how a choice of the person becomes them."""

from functools import cache
from string import Template
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from rackside import resources
from rackside.kit import signals
from rackside.kit.palette import DARK, LIGHT, Palette, Tone

Choice: TypeAlias = Literal["auto", "light", "dark"]
Role: TypeAlias = Literal["body", "strong", "small", "head", "figure", "title", "code", "badge", "button"]

CARD_RADIUS: Final = 8
BUTTON_RADIUS: Final = 6
POINTS_PER_INCH: Final = 72
TABULAR_DIGITS: Final = "tnum"
SANS: Final = "Inter"
MONO: Final = "JetBrains Mono"
_FIRST_FONTS: Final = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
_LATER_FONTS: Final = ("Inter-Bold.otf", "JetBrainsMono-Regular.ttf", "JetBrainsMono-Bold.ttf")
_ROLES: Final[dict[Role, tuple[str, float, QFont.Weight]]] = {
    "body": (SANS, 13, QFont.Weight.Normal),
    "strong": (SANS, 13, QFont.Weight.DemiBold),
    "small": (SANS, 11.5, QFont.Weight.Normal),
    "head": (SANS, 11, QFont.Weight.DemiBold),
    "figure": (SANS, 18, QFont.Weight.DemiBold),
    "title": (SANS, 20, QFont.Weight.DemiBold),
    "code": (MONO, 12, QFont.Weight.Normal),
    "badge": (SANS, 11, QFont.Weight.Medium),
    "button": (SANS, 12, QFont.Weight.Medium),
}


class _InForce:
    palette: Palette = DARK
    choice: Choice = "auto"
    system: QObject | None = None


def palette() -> Palette:
    """Return the palette in force."""
    return _InForce.palette


def choice() -> Choice:
    """Return what the person chose."""
    return _InForce.choice


def colour(tone: Tone) -> QColor:
    """Return a tone as text may have it, readable on every ground of the theme."""
    return _colour(_InForce.palette.readable(tone))


def shape(tone: Tone) -> QColor:
    """Return a tone as lines, dots and other shapes have it."""
    return _colour(_InForce.palette.tone(tone))


def ground(name: Literal["background", "panel", "raised", "line"]) -> QColor:
    """Return one of the theme's grounds."""
    value: str = getattr(_InForce.palette, name)
    return _colour(value)


def wash(tone: Tone, strength: float = 0.16) -> QColor:
    """Return a tone laid thinly over a panel."""
    return _colour(_InForce.palette.wash(tone, strength))


@cache
def font(role: Role) -> QFont:
    """Return the font of a role; figures and small text have digits of one width."""
    family, size_px, weight = _ROLES[role]
    made = QFont(family)
    made.setWeight(weight)
    if size_px == int(size_px):
        made.setPixelSize(int(size_px))
    else:
        made.setPointSizeF(size_px * POINTS_PER_INCH / QGuiApplication.primaryScreen().logicalDotsPerInchY())
    if role == "head":
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
    if family == SANS:
        made.setFeature(QFont.Tag.fromString(TABULAR_DIGITS), 1)
    return made


def apply(chosen: Choice) -> None:
    """Put a theme in force for the whole application; `auto` follows the system."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    _InForce.choice = chosen
    if _InForce.system is not app.styleHints():
        _InForce.system = app.styleHints()
        app.styleHints().colorSchemeChanged.connect(_system_changed)
        _load(_FIRST_FONTS)
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font("body"))
    _put_in_force(app, _chosen(chosen))


def load_remaining_fonts() -> None:
    """Load the fonts that the first paint does without."""
    _load(_LATER_FONTS)


def style_sheet(of: Palette) -> str:
    """Return the application's style sheet in the colours of a palette."""
    template = Template(resources.file("style/rackside.qss").read_text("utf-8"))
    grounds = {name: getattr(of, name) for name in ("background", "panel", "raised", "line")}
    tones: tuple[Tone, ...] = ("ink", "dim", "faint", "accent", "ok", "warn", "bad", "info", "sponsor")
    texts = {tone: of.readable(tone) for tone in tones}
    shapes = {f"shape_{tone}": of.tone(tone) for tone in tones}
    badges = {f"badge_{tone}": of.badge_text(tone) for tone in tones}
    washes = {f"wash_{tone}": of.wash(tone) for tone in tones}
    return template.substitute(
        grounds | texts | shapes | washes | badges,
        icons=resources.folder().as_posix() + "/icons",
        theme=of.name,
        fill=of.fill,
        on_accent=of.on_accent,
        card=CARD_RADIUS,
        button=BUTTON_RADIUS,
    )


def _chosen(chosen: Choice) -> Palette:
    if chosen == "auto":
        return LIGHT if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK
    return LIGHT if chosen == "light" else DARK


def _system_changed() -> None:
    app = QApplication.instance()
    if _InForce.choice == "auto" and isinstance(app, QApplication):
        _put_in_force(app, _chosen("auto"))


def _put_in_force(app: QApplication, chosen: Palette) -> None:
    _InForce.palette = chosen
    app.setPalette(_qt_palette(chosen))
    app.setStyleSheet(style_sheet(chosen))
    for widget in app.topLevelWidgets():
        widget.update()
    signals.changed.emit(frozenset({"theme"}))


def _qt_palette(of: Palette) -> QPalette:
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: of.background,
        QPalette.ColorRole.WindowText: of.ink,
        QPalette.ColorRole.Base: of.panel,
        QPalette.ColorRole.AlternateBase: of.raised,
        QPalette.ColorRole.Text: of.ink,
        QPalette.ColorRole.Button: of.raised,
        QPalette.ColorRole.ButtonText: of.ink,
        QPalette.ColorRole.ToolTipBase: of.raised,
        QPalette.ColorRole.ToolTipText: of.ink,
        QPalette.ColorRole.Highlight: of.fill,
        QPalette.ColorRole.HighlightedText: of.on_accent,
        QPalette.ColorRole.Link: of.readable("accent"),
        QPalette.ColorRole.LinkVisited: of.readable("accent"),
        QPalette.ColorRole.PlaceholderText: of.readable("dim"),
        QPalette.ColorRole.Mid: of.line,
        QPalette.ColorRole.Light: of.raised,
        QPalette.ColorRole.Dark: of.line,
    }
    for role, value in roles.items():
        made.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(of.faint))
    return made


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        QFontDatabase.addApplicationFont(str(resources.file(f"fonts/{name}")))


@cache
def _colour(value: str) -> QColor:
    return QColor(value)
