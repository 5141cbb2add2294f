"""The one owner of text safety: how text from elsewhere becomes something a widget may show.

Stock Qt rich text opens local files that a process name or a post mentions, so nothing in this program shows text but
through here: labels are plain, tooltips are converted from plain, message boxes say their format. Rich text is
`kit.rich`'s alone.
"""

# ruff: noqa: PLC0415 - a message box is never seen at the first paint

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QLabel, QStyle, QStyleOption, QWidget

from rackside.kit import theme
from rackside.kit.palette import Tone
from rackside.kit.plain import plain
from rackside.kit.theme import Role

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMessageBox


def tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip that is never read as markup."""
    widget.setToolTip(tip(text))


def tip(text: str) -> str:
    """Return text as `QToolTip` takes it: markup that shows exactly these characters."""
    return QtText.convertFromPlainText(plain(text)) if text else ""


class PlainLabel(QLabel):
    """The only label: plain text in one of the theme's fonts and tones."""

    def __init__(
        self,
        text: str = "",
        *,
        role: Role = "body",
        tone: Tone = "ink",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(role))
        self.setWordWrap(wrap)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        if tone != "ink":
            self.setProperty("tone", tone)
        if text:
            self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text, made safe first."""
        safe = plain(text)
        if safe != self.text():
            super().setText(safe)

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().polish(self)


class ElidedLabel(PlainLabel):
    """One line, elided in the middle; the whole text is the tooltip when it does not fit."""

    def __init__(
        self, text: str = "", *, role: Role = "body", tone: Tone = "ink", parent: QWidget | None = None
    ) -> None:
        self._whole = ""
        super().__init__(role=role, tone=tone, parent=parent)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text as far as it fits."""
        self._whole = plain(text).replace("\n", " ")
        self.setAccessibleName(self._whole)
        self._fit()
        self.updateGeometry()

    def whole(self) -> str:
        """Return the text that is elided."""
        return self._whole

    def sizeHint(self) -> QSize:
        """Ask for room for the whole text."""
        metrics = self.fontMetrics()
        margins = self.contentsMargins()
        width = metrics.horizontalAdvance(self._whole) + margins.left() + margins.right() + 2
        return QSize(width, super().sizeHint().height() or metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Accept a few characters."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 4), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Elide anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width() or self.sizeHint().width()
        shown = elide(self.fontMetrics(), self._whole, room)
        QLabel.setText(self, shown)
        tooltip(self, self._whole if shown != self._whole else "")


class TapLabel(ElidedLabel):
    """A label that opens something: a button in the shape of its text, for keyboard and mouse."""

    def __init__(
        self, text: str = "", *, role: Role = "body", tone: Tone = "ink", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role=role, tone=tone, parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def tapped(self) -> None:
        """Do what the label is for; set by whoever makes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open at a click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.tapped()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open at Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.tapped()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Repaint at focus, so that it is always visible."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and a frame when focused."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            option = QStyleOption()
            option.initFrom(self)
            painter.setPen(theme.shape("accent"))
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)
            painter.end()


def elide(metrics: QFontMetrics, text: str, room_px: int) -> str:
    """Return text elided in the middle to fit."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room_px)


def tell(parent: QWidget | None, title: str, sentence: str) -> None:
    """Show a sentence in a box and wait until it was read."""
    _box(parent, title, sentence).exec()


def confirm(parent: QWidget | None, title: str, sentence: str, *, yes: str, no: str = "Cancel") -> bool:
    """Ask before something is done; `yes` is a verb. Escape and Enter both mean no unless `yes` was chosen."""
    from PySide6.QtWidgets import QMessageBox

    box = _box(parent, title, sentence)
    accept = box.addButton(plain(yes), QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(plain(no), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.exec()
    return box.clickedButton() is accept


def _box(parent: QWidget | None, title: str, sentence: str) -> "QMessageBox":
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(plain(title))
    box.setText(plain(sentence))
    return box
