"""Writing: a box with a Markdown preview, whose text is kept at every keystroke, and the fields beside it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from rackside.kit.cards import button, column, disable, row
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import outbox

LINES_AT_REST = 1
LINES_WRITING = 7
CHROME_PX = 22
"""Line, padding and margin of the box, above and below its text."""
MOST_CHARACTERS = 16_000


class Composer(QWidget):
    """A Markdown box with preview. Its text is a draft under `key` from the first keystroke until it is sent."""

    def __init__(self, context: Context, key: str, hint: str, verb: str, send: Callable[[str], bool]) -> None:
        """Build the box; `send` says whether the text went, for it stays when it did not."""
        super().__init__()
        self._context, self._key, self._send = context, key, send
        self._text = _Edit(self._submit)
        self._text.setPlaceholderText(hint)
        self._text.setAccessibleName(hint)
        self._text.setPlainText(outbox.draft(context.store, key))
        self._text.textChanged.connect(self._keep)
        self._preview = SafeBrowser(grows=False)
        self._preview.hide()
        self._look = button("Preview", self._toggle, kind="quiet", hint="Show it as it will look")
        self._look.setCheckable(True)
        self._go = button(verb, self._submit, kind="primary", hint="Ctrl Enter")
        self._count = PlainLabel(role="small", tone="dim")
        self._more = QWidget()
        self._more.setLayout(row(self._look, self._count, None))
        box = column(self._text, self._preview, self._more, gap=6)
        layout = row(box, gap=10, margins=(16, 10, 16, 12))
        layout.addWidget(self._go, alignment=Qt.AlignmentFlag.AlignTop)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._keep()

    def text(self) -> str:
        """Return what is written."""
        return self._text.toPlainText()

    def focus(self) -> None:
        """Put the cursor into the box."""
        self._text.setFocus()

    def answer(self, name: str) -> None:
        """Begin a reply to someone by name."""
        if not self.text().strip():
            self._text.setPlainText(f"@{name} ")
        self._text.moveCursor(self._text.textCursor().MoveOperation.End)
        self.focus()

    def fill(self, text: str) -> None:
        """Put a text into the box unless a draft is there."""
        if not self.text():
            self._text.setPlainText(text)

    def done(self) -> None:
        """Empty the box and forget the draft."""
        self._text.clear()
        outbox.forget_draft(self._context.store, self._key)

    def _keep(self) -> None:
        text = self.text()
        outbox.save_draft(self._context.store, self._key, text)
        self._text.setFixedHeight(
            self._text.fontMetrics().lineSpacing() * (LINES_WRITING if text else LINES_AT_REST) + CHROME_PX
        )
        self._more.setVisible(bool(text))
        over = len(text) - MOST_CHARACTERS
        self._count.setText(f"{over} characters too long" if over > 0 else ("Draft kept" if text.strip() else ""))
        self._count.set_tone("bad" if over > 0 else "dim")
        disable(self._go, "" if text.strip() and over <= 0 else "Write something first." if over <= 0 else "Too long.")

    def _toggle(self) -> None:
        shown = self._look.isChecked()
        if shown:
            self._preview.show_markdown(self.text())
            self._preview.setFixedHeight(self._text.height())
        self._preview.setVisible(shown)
        self._text.setVisible(not shown)

    def _submit(self) -> None:
        if self._go.isEnabled() and self._send(self.text()):
            self.done()
            self._look.setChecked(False)
            self._toggle()


class _Edit(QPlainTextEdit):
    def __init__(self, submit: Callable[[], None]) -> None:
        super().__init__()
        self._submit = submit
        self.setTabChangesFocus(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._submit()
        else:
            super().keyPressEvent(event)


def one_line(hint: str, text: str) -> QLineEdit:
    """Make a field of one line that says what belongs into it."""
    made = QLineEdit(text)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setMaxLength(160)
    return made


def tags_of(text: str) -> list[str]:
    """Return the tags that a line names, as the wire takes them."""
    cleaned = [
        "".join(c for c in word.lower() if c.isalnum() or c in ".+#-").lstrip(".+#-")[:32] for word in text.split()
    ]
    return list(dict.fromkeys(word for word in cleaned if word))[:5]
