"""The editor of the context that is sent: the very bytes, with what is masked in them marked, shown and restored."""

import re
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from rackside.kit.cards import button, column, row
from rackside.kit.text import PlainLabel
from rackside.threads.offer import MaskedText
from rackside.threads.panel_words import MaskedEdit, Word
from rackside_protocol.threads import MAX_CAPSULE_CHARACTERS

NOTE = (
    "Sent byte for byte as it stands here; empty it to send none. What is masked stays masked unless you restore it. "
    "A draft keeps the masked text only."
)
HEIGHT_PX = 150
PLACEHOLDER = re.compile("<[a-z][a-z0-9]+>")


class CapsuleEditor(QWidget):
    """The box with what can be done to a masked word below it. Tab walks the words, Ctrl R shows one, Ctrl M masks."""

    changed = Signal()

    def __init__(self, mask: Callable[[str], MaskedText]) -> None:
        super().__init__()
        self._box = MaskedEdit(mask)
        self._box.setAccessibleName("Context that is sent, with masked words")
        self._box.setFixedHeight(HEIGHT_PX)
        self._state = PlainLabel(role="small", tone="dim", wrap=True)
        self._state.setAccessibleName("Masked words")
        self._show = button("Show what was masked", self._reveal, kind="quiet", hint="Ctrl R")
        self._one = button("Restore this one", self._restore_one, hint="Put back what stood there. It is sent, then.")
        self._all = button("Restore all of its kind", self._restore_kind)
        self._again = button("Mask again", self._mask_again, kind="quiet", hint="Ctrl M")
        self._over = PlainLabel(role="small", tone="bad", wrap=True)
        self._revealed: Word | None = None
        acts = row(self._show, self._one, self._all, self._again, None)
        note = PlainLabel(NOTE, role="small", tone="dim", wrap=True)
        self.setLayout(column(note, self._box, self._over, self._state, acts, gap=6))
        self._box.asked.connect(self._reveal)
        self._box.textChanged.connect(self._tell)
        self._box.cursorPositionChanged.connect(self._tell_word)
        self._tell_word()

    def fill(self, masked: MaskedText) -> None:
        """Show a text anew."""
        self._box.fill(masked)
        self._tell()

    def text(self) -> str:
        """Return what is shown, which is what is sent."""
        return self._box.toPlainText()

    def masked_text(self) -> str:
        """Return the text with everything masked, for a draft."""
        return self._box.masked_text()

    def over(self) -> int:
        """Return by how many characters the text is too long to be sent."""
        return max(0, len(self.text()) - MAX_CAPSULE_CHARACTERS)

    def box(self) -> MaskedEdit:
        """Return the box itself."""
        return self._box

    def _tell(self) -> None:
        over = self.over()
        said = f"{over:,} characters too long to be sent. Shorten it; nothing is lost." if over else ""
        self._over.setText(said)
        self._over.setVisible(bool(over))
        self._tell_word()
        self.changed.emit()

    def _tell_word(self) -> None:
        words, word = self._box.words(), self._box.current()
        if word is None or word != self._revealed:
            self._revealed = None
        restored = sum(each.restored for each in words)
        masked = word is not None and not word.restored
        self._show.setVisible(masked and self._revealed is None)
        self._one.setVisible(masked and self._revealed is not None)
        kin = [each for each in words if word and each.placeholder == word.placeholder and not each.restored]
        self._all.setText(f"Restore all {len(kin)} {word.placeholder}" if word else "")
        self._all.setVisible(masked and self._revealed is not None and len(kin) > 1)
        self._again.setVisible(word.restored if word is not None else restored > 0)
        self._again.setText("Mask again" if word is not None else "Mask all again")
        self._state.set_tone("warn" if restored else "dim")
        self._state.setText(self._sentence(word, len(words) - restored, restored))

    def _sentence(self, word: Word | None, masked: int, restored: int) -> str:
        if word is not None and self._revealed is not None:
            return f"Behind {word.placeholder} stands: {word.original}"
        if word is not None and word.restored:
            return f"Restored by you, so it is sent: {word.original}"
        if word is not None:
            return f"{word.placeholder} is masked. Only this machine knows what it was."
        if not masked and not restored:
            of_draft = PLACEHOLDER.search(self._box.toPlainText()) is not None
            return "What was masked in a draft cannot be restored any more." if of_draft else "Nothing in it is masked."
        told = f"{masked} {'word is' if masked == 1 else 'words are'} masked"
        told += f", {restored} restored by you and sent" if restored else ""
        return f"{told}. Tab goes from one to the next."

    def _reveal(self) -> None:
        word = self._box.current()
        if word is not None and not word.restored:
            self._revealed = word
            self._tell_word()
            self._one.setFocus()

    def _restore_one(self) -> None:
        word = self._revealed
        if word is not None:
            self._box.restore(word)
            self._box.setFocus()

    def _restore_kind(self) -> None:
        shown = self._revealed
        if shown is not None:
            kin = [each for each in self._box.words() if each.placeholder == shown.placeholder and not each.restored]
            self._box.restore(*kin)
            self._box.setFocus()

    def _mask_again(self) -> None:
        self._box.mask_again()
        self._box.setFocus()
