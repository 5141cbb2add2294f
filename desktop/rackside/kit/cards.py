"""The plain parts that sections are built of: heads, cards, chips, badges, avatars, buttons, and drawn states."""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from rackside.kit import theme
from rackside.kit.icons import ICON_PX, icon, pixmap
from rackside.kit.palette import Tone
from rackside.kit.plain import plain
from rackside.kit.text import ElidedLabel, PlainLabel, tooltip

ButtonKind: TypeAlias = Literal["normal", "primary", "link", "quiet", "tab"]
StateKind: TypeAlias = Literal["empty", "loading", "offline", "error", "refused", "notice"]
CardKind: TypeAlias = Literal["true", "raised", "accepted", "sponsor"]
Act: TypeAlias = Callable[[], object]
_Box = TypeVar("_Box", QHBoxLayout, QVBoxLayout)

_STATES: Final[dict[StateKind, tuple[str, Tone]]] = {
    "empty": ("check", "dim"),
    "loading": ("clock", "dim"),
    "offline": ("offline", "warn"),
    "error": ("alert", "bad"),
    "refused": ("close", "warn"),
    "notice": ("help", "info"),
}
_AVATAR_TONES: Final[tuple[Tone, ...]] = ("info", "ok", "warn", "sponsor", "accent")


class _Button(QPushButton):
    """Draws its icon anew in another theme."""

    def __init__(self, label: str, icon_name: str, tone: Tone) -> None:
        super().__init__(label)
        self._icon_name, self._tone = icon_name, tone
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        if self._icon_name:
            self.setIcon(icon(self._icon_name, self._tone))
            self.setIconSize(QSize(ICON_PX, ICON_PX))


class Sign(PlainLabel):
    """One of our icons as a picture of its own, drawn anew in another theme."""

    def __init__(self, icon_name: str, tone: Tone, size_px: int = 20) -> None:
        super().__init__()
        self._icon_name, self._tone, self._size_px = icon_name, tone, size_px
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._icon_name, theme.colour(self._tone).name(), self._size_px))


def button(label: str, act: Act, *, kind: ButtonKind = "normal", icon_name: str = "", hint: str = "") -> QPushButton:
    """Make a push button; one without a label shows its icon and says `hint` to a screen reader."""
    made = _Button(plain(label).replace("&", "&&"), icon_name, "dim" if kind == "quiet" else "ink")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setFont(theme.font("small" if kind in {"link", "tab"} else "button"))
    if kind != "normal":
        made.setProperty("kind", kind)
    if hint:
        tooltip(made, hint)
    if not label:
        made.setAccessibleName(plain(hint))
    made.clicked.connect(lambda: act())  # noqa: PLW0108 - leaves out the signal's argument
    return made


def disable(widget: QWidget, why: str) -> None:
    """Disable a control with a word why, or enable it again when there is no reason any more."""
    widget.setEnabled(not why)
    tooltip(widget, why)


Item: TypeAlias = QWidget | QLayout | None
"""What a row or column holds; None is room that stretches."""


def column(*items: Item, gap: int = 4, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Make a column with `gap` px between its items."""
    return _filled(QVBoxLayout(), items, gap, margins)


def row(*items: Item, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Make a row with `gap` px between its items."""
    return _filled(QHBoxLayout(), items, gap, margins)


def _filled(layout: _Box, items: tuple[Item, ...], gap: int, margins: tuple[int, int, int, int]) -> _Box:
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
    return layout


def refill(layout: QLayout, *widgets: QWidget) -> None:
    """Take everything out of a column, delete it, and put other widgets in, with room that stretches below them."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for widget in widgets:
        layout.addWidget(widget)
    if isinstance(layout, QVBoxLayout):
        layout.addStretch(1)


class SectionHead(QWidget):
    """The head of a section: capitals, a note beside it, and at most one action at its end."""

    def __init__(self, title: str, *, action: str = "", act: Act | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(plain(title))
        self._note = ElidedLabel(role="head", tone="dim")
        self._note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = row(PlainLabel(title.upper(), role="head", tone="dim"), self._note, gap=10, margins=(2, 2, 0, 2))
        layout.setStretch(1, 1)
        if act is not None:
            layout.addWidget(button(action, act, kind="link"))
        self.setLayout(layout)

    def note(self, text: str) -> None:
        """Show a word beside the title, such as `14 UP · 1 DOWN`."""
        self._note.setText(text.upper())


class Card(QFrame):
    """A raised ground with a line round it; rows are added with thin lines between."""

    def __init__(self, kind: CardKind = "true", *, lines: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", kind)
        self._lines = lines
        self._layout = column(gap=0, margins=(1, 1, 1, 1))
        self.setLayout(self._layout)

    def add(self, widget: QWidget) -> None:
        """Add a row."""
        if self._lines and self._layout.count():
            self._layout.addWidget(line())
        self._layout.addWidget(widget)

    def clear(self) -> None:
        """Take all rows out and delete them."""
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def line() -> QFrame:
    """Make a line of one px across."""
    made = QFrame()
    made.setFixedHeight(1)
    made.setProperty("line", True)
    return made


class Badge(PlainLabel):
    """A word on a thin wash of a tone: Solved, Vendor, Planned; also a tag."""

    def __init__(self, text: str, tone: Tone = "dim", parent: QWidget | None = None) -> None:
        super().__init__(text, role="badge", parent=parent)
        self.setProperty("badge", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def show_state(self, text: str, tone: Tone) -> None:
        """Change word and tone."""
        self.setText(text)
        if self.property("badge") != tone:
            self.setProperty("badge", tone)
            self.style().polish(self)


class Avatar(QWidget):
    """A member's initials on a ground that her name alone decides."""

    def __init__(self, name: str, size_px: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters = initials(name)
        self._tone = _AVATAR_TONES[sum(name.encode()) % len(_AVATAR_TONES)]
        self.setFixedSize(size_px, size_px)
        self.setAccessibleName(plain(name))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the disc and the letters."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.wash(self._tone, 0.28))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.colour("ink"))
        painter.setFont(theme.font("head"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letters)
        painter.end()


def initials(name: str) -> str:
    """Return one or two letters for a name."""
    words = [word for word in plain(name).replace("-", " ").replace("_", " ").split() if word[0].isalnum()]
    letters = words[0][0] + words[1][0] if len(words) > 1 else (words[0][:2] if words else "?")
    return letters.upper()


class Dot(QWidget):
    """A state as a dot with a shape of its own: disc ok, triangle warning, square bad, ring unknown."""

    def __init__(self, tone: Tone = "dim", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setFixedSize(10, 10)

    def set_tone(self, tone: Tone) -> None:
        """Change the state."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape of the state."""
        painter = QPainter(self)
        draw_dot(painter, self._tone, 1, 1)
        painter.end()


def draw_dot(painter: QPainter, tone: Tone, left: int, top: int) -> None:
    """Draw a state's shape, 8 px wide."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    colour: QColor = theme.shape(tone)
    painter.setBrush(colour)
    if tone == "warn":
        from PySide6.QtCore import QPoint  # noqa: PLC0415 - used by this shape alone
        from PySide6.QtGui import QPolygon  # noqa: PLC0415 - as above

        painter.drawPolygon(QPolygon([QPoint(left + 4, top), QPoint(left + 8, top + 8), QPoint(left, top + 8)]))
    elif tone == "bad":
        painter.drawRoundedRect(left, top, 8, 8, 1.5, 1.5)
    elif tone in {"dim", "faint"}:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(colour)
        painter.drawEllipse(left + 1, top + 1, 6, 6)
    else:
        painter.drawEllipse(left, top, 8, 8)


class StateView(QWidget):
    """Nothing to show, and why: one sentence and one thing to do."""

    def __init__(
        self, kind: StateKind, sentence: str, *, action: str = "", act: Act | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name, tone = _STATES[kind]
        self._sign = Sign(name, tone)
        self._sentence = PlainLabel(sentence, tone="dim", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(gap=8, margins=(20, 16, 20, 16))
        layout.addWidget(self._sign, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence)
        if act is not None:
            layout.addWidget(button(action, act), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(layout)
        self.setAccessibleName(plain(sentence))

    def say(self, sentence: str) -> None:
        """Say why in other words."""
        self._sentence.setText(sentence)
        self.setAccessibleName(plain(sentence))
