"""A text box in which each masked word is a word of its own: seen, restored by hand, undone, and masked again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from rackside.kit import theme
from rackside.kit.plain import seen
from rackside.threads.offer import MaskedText

_WORD: Final = QTextCharFormat.Property.UserProperty + 1
"""The number of a masked word, on its placeholder or on what was restored."""
_RESTORED: Final = QTextCharFormat.Property.UserProperty + 2


@dataclass(frozen=True)
class Word:
    """A masked word as it stands in the box; `restored` when its original is shown, and would be sent."""

    number: int
    start: int
    end: int
    restored: bool
    placeholder: str
    original: str


class MaskedEdit(QPlainTextEdit):
    """The box. Originals are in memory only. What is pasted is masked; no character that cannot be seen gets in."""

    asked = Signal()
    """Somebody wants to see what is behind the word at the cursor."""

    def __init__(self, mask: Callable[[str], MaskedText]) -> None:
        super().__init__()
        self._mask = mask
        self._known: list[tuple[str, str]] = []
        self.setFont(theme.font("code"))
        self.setTabChangesFocus(True)
        self.cursorPositionChanged.connect(self._write_plainly)
        self.textChanged.connect(self._changed)

    def fill(self, masked: MaskedText) -> None:
        """Show a text anew, with nothing to undo."""
        self.setPlainText("")
        self._insert(self.textCursor(), masked)
        self.document().clearUndoRedoStacks()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def masked_text(self) -> str:
        """Return the text with every restored word masked again: what may be written to a disk."""
        text = self.toPlainText()
        for number, restored, start, shown in reversed(list(self._marked())):
            if restored:  # edited or not
                text = text[:start] + self._known[number][0] + text[start + len(shown) :]
        return text

    def words(self) -> list[Word]:
        """Return the masked and restored words in order."""
        found: list[Word] = []
        for number, restored, start, text in self._marked():
            placeholder, original = self._known[number]
            if text == (original if restored else placeholder):
                found.append(Word(number, start, start + len(text), restored, placeholder, original))
        return found

    def current(self) -> Word | None:
        """Return the masked or restored word that the cursor is on or that is selected."""
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        return next((word for word in self.words() if word.start <= first and last <= word.end), None)

    def restore(self, *words: Word) -> None:
        """Put back what stood there; can be undone."""
        self._replace([(word, word.original, True) for word in words])

    def mask_again(self) -> None:
        """Mask the restored word at the cursor, or, when it is on none, all that are restored and all that is found."""
        word = self.current()
        if word is not None:
            self._replace([(word, word.placeholder, False)] if word.restored else [])
            return
        self._replace([(each, each.placeholder, False) for each in self.words() if each.restored])
        self._mask_typed()

    def step(self, *, back: bool = False) -> bool:
        """Select the next masked word, or the one before; False when there is none."""
        cursor, words = self.textCursor(), self.words()
        if back:
            found = next((word for word in reversed(words) if word.end < cursor.selectionEnd()), None)
        else:
            at = cursor.selectionEnd() if cursor.hasSelection() else cursor.position() - 1
            found = next((word for word in words if word.start > at or word.start == at == 0), None)
        if found is not None:
            self._select(found)
        return found is not None

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's
        """Tab goes to the next masked word, and out behind the last."""
        return self.step(back=not next) or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl M masks again, Ctrl R asks what was masked."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_M:
            self.mask_again()
        elif control and event.key() == Qt.Key.Key_R:
            self.asked.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Mask what is pasted or dropped."""
        self._insert(self.textCursor(), self._mask(source.text()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._highlight()

    def _insert(self, cursor: QTextCursor, masked: MaskedText) -> None:
        cursor.beginEditBlock()
        at = 0
        for hidden in masked.hidden:
            cursor.insertText(masked.text[at : hidden.start], QTextCharFormat())
            placeholder = masked.text[hidden.start : hidden.end]
            self._known.append((placeholder, hidden.original))
            cursor.insertText(placeholder, _format(len(self._known) - 1, restored=False))
            at = hidden.end
        cursor.insertText(masked.text[at:], QTextCharFormat())
        cursor.endEditBlock()

    def _mask_typed(self) -> None:
        """Mask what the rules find in the text as it stands, outside what is masked."""
        words, text = self.words(), self.toPlainText()
        masked, at, shift, found = self._mask(text), 0, 0, list[tuple[int, int, str]]()
        for hidden in masked.hidden:
            start = hidden.start + shift
            end = start + len(hidden.original)
            shift += len(hidden.original) - (hidden.end - hidden.start)
            if start >= at and not any(word.start < end and start < word.end for word in words):
                found.append((start, end, masked.text[hidden.start : hidden.end]))
            at = end
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for start, end, placeholder in reversed(found):
            self._known.append((placeholder, text[start:end]))
            self._put(cursor, text, (start, end), placeholder, _format(len(self._known) - 1, restored=False))
        cursor.endEditBlock()

    def _replace(self, changes: list[tuple[Word, str, bool]]) -> None:
        text = self.toPlainText()
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for word, put, restored in sorted(changes, key=lambda change: -change[0].start):
            self._put(cursor, text, (word.start, word.end), put, _format(word.number, restored=restored))
        cursor.endEditBlock()

    def _put(self, cursor: QTextCursor, text: str, span: tuple[int, int], put: str, form: QTextCharFormat) -> None:
        cursor.setPosition(_units(text, span[0]))
        cursor.setPosition(_units(text, span[1]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(put, form)

    def _marked(self) -> Iterator[tuple[int, bool, int, str]]:
        """Yield number, whether restored, start and text of each run that is marked as one word."""
        held: tuple[int, bool, int, str] | None = None
        block, at = self.document().begin(), 0
        while block.isValid():
            for step in block:  # type: ignore[attr-defined]
                fragment = step.fragment()
                form, text = fragment.charFormat(), fragment.text().replace("\u2028", "\n")
                mark = (form.intProperty(_WORD), form.boolProperty(_RESTORED)) if form.hasProperty(_WORD) else None
                if held is not None and mark == held[:2]:
                    held = (*held[:2], held[2], self._between(held, at) + text)
                else:
                    if held is not None:
                        yield held
                    held = (*mark, at, text) if mark is not None else None
                at += len(text)
            at += 1
            block = block.next()
        if held is not None:
            yield held

    def _between(self, held: tuple[int, bool, int, str], at: int) -> str:
        return held[3] + "\n" * (at - held[2] - len(held[3]))

    def _select(self, word: Word) -> None:
        text, cursor = self.toPlainText(), self.textCursor()
        cursor.setPosition(_units(text, word.start))
        cursor.setPosition(_units(text, word.end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _changed(self) -> None:
        text = self.toPlainText()
        if seen(text) != text:
            self._leave_out_unseen(text)
        else:
            self._highlight()

    def _leave_out_unseen(self, text: str) -> None:
        cursor = self.textCursor()
        cursor.joinPreviousEditBlock()
        for at in reversed([at for at, character in enumerate(text) if seen(character) != character]):
            self._put(cursor, text, (at, at + 1), seen(text[at]), QTextCharFormat())
        cursor.endEditBlock()

    def _write_plainly(self) -> None:
        """What is typed beside a masked word is no part of it."""
        if not self.textCursor().hasSelection():
            self.setCurrentCharFormat(QTextCharFormat())

    def _highlight(self) -> None:
        text, shown = self.toPlainText(), []
        for word in self.words():
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document())
            mark.cursor.setPosition(_units(text, word.start))
            mark.cursor.setPosition(_units(text, word.end), QTextCursor.MoveMode.KeepAnchor)
            form = QTextCharFormat()
            form.setBackground(theme.wash("warn" if word.restored else "accent", 0.28))
            form.setFontUnderline(word.restored)
            mark.format = form
            shown.append(mark)
        self.setExtraSelections(shown)


def _format(number: int, *, restored: bool) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setProperty(_WORD, number)
    if restored:
        form.setProperty(_RESTORED, True)
    return form


def _units(text: str, at: int) -> int:
    """Return a place in a text as Qt counts: characters beyond the first 65,536 are two."""
    return at + sum(character > "\uffff" for character in text[:at])
