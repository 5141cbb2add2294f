"""Writing: a box with a Markdown preview whose text is kept at every keystroke, and the page that asks a question."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from rackside.kit import theme
from rackside.kit.cards import Card, SectionHead, StateView, button, column, disable, row
from rackside.kit.panel import Panel
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, tell
from rackside.store import documents, outbox
from rackside.threads.data import load_groups
from rackside_protocol.ids import Id, new_id
from rackside_protocol.threads import Ask, EditPost, EditThread, Post, Thread

LINES_AT_REST = 1
LINES_WRITING = 7
CHROME_PX = 22
"""Line, padding and margin of the box, above and below its text."""
MOST_CHARACTERS = 16_000


class Composer(QWidget):
    """A Markdown box with preview. Its text is a draft under `key` from the first keystroke until it is sent."""

    def __init__(self, context: Context, key: str, hint: str, verb: str, send: Callable[[str], None]) -> None:
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
        if self._go.isEnabled():
            self._send(self.text())
            self.done()
            self._look.setChecked(False)
            self._toggle()


class AskPage(Panel):
    """The page of a new question: group, title, text, tags, the capsule as it will be sent, and similar threads."""

    TOPICS = frozenset({"group", "theme"})

    def __init__(self, context: Context, similar: Callable[[str], list[tuple[str, str]]], capsule: str = "") -> None:
        """Build the page.

        Args:
            context: what every panel has.
            similar: finds links and titles of threads like a text; asked while the title is typed.
            capsule: masked context to offer; its exact bytes are shown and can be edited or removed.
        """
        super().__init__()
        self._context, self._find_similar = context, similar
        store = context.store
        self._group = QComboBox()
        self._group.setAccessibleName("Group")
        self._title = _line("Title: what goes wrong, in one line", outbox.draft(store, "ask.title"))
        self._tags = _line("Tags, separated by spaces (at most five)", outbox.draft(store, "ask.tags"))
        self._title.textChanged.connect(self._keep)
        self._tags.textChanged.connect(self._keep)
        self._capsule = QPlainTextEdit(capsule or outbox.draft(store, "ask.capsule"))
        self._capsule.setFont(theme.font("code"))
        self._capsule.setAccessibleName("Context that is sent with the question")
        self._capsule.setFixedHeight(110)
        self._capsule.textChanged.connect(self._keep)
        self._similar = Card()
        self._similar_head = SectionHead("Asked before?")
        self._body = Composer(
            context, "ask.body", "What you see, what you tried, what you expect. Markdown.", "Ask", self._ask
        )
        capsule_note = "Sent with the question, byte for byte as it stands here. Change it, or empty it to send none."
        self.setLayout(
            column(
                PlainLabel("Ask your peers", role="title"),
                self._group,
                self._title,
                self._similar_head,
                self._similar,
                self._tags,
                SectionHead("Context from this machine"),
                PlainLabel(capsule_note, role="small", tone="dim", wrap=True),
                self._capsule,
                None,
                gap=10,
                margins=(24, 20, 24, 8),
            )
        )
        self._keep()

    def foot(self) -> QWidget:
        """Keep the question's text and the button that sends it below."""
        return self._body

    def title(self) -> str:
        """Name the page."""
        return "New question"

    def refresh(self, topics: frozenset[str]) -> None:
        """Fill in the groups."""
        if "group" in topics:
            chosen = self._group.currentData() or outbox.draft(self._context.store, "ask.group")
            self._group.clear()
            for group in load_groups(self._context.store):
                self._group.addItem(group.name, group.slug)
            self._group.setCurrentIndex(max(0, self._group.findData(chosen)))

    def _keep(self) -> None:
        store = self._context.store
        outbox.save_draft(store, "ask.title", self._title.text())
        outbox.save_draft(store, "ask.tags", self._tags.text())
        outbox.save_draft(store, "ask.capsule", self._capsule.toPlainText())
        self._similar.clear()
        found = self._find_similar(self._title.text()) if len(self._title.text()) > 3 else []  # noqa: PLR2004 - a word
        for link, title in found[:3]:
            opener = button(title, lambda link=link: self._context.open_link(link), kind="link")  # type: ignore[misc]
            opener.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._similar.add(opener)
        self._similar.setVisible(bool(found))
        self._similar_head.setVisible(bool(found))

    def _ask(self, body: str) -> None:
        title, tags = self._title.text().strip(), _tags(self._tags.text())
        if len(title) < 4 or not self._group.currentData():  # noqa: PLR2004 - the wire's least title
            tell(self, "One thing is missing", "Give the question a title of at least four characters, and a group.")
            self._body.fill(body)
            return
        ask = Ask(
            id=new_id(),
            group=self._group.currentData(),
            title=title,
            body=body,
            tags=tags,
            capsule=self._capsule.toPlainText().strip(),
        )
        self._context.act(ask)
        for key in ("ask.title", "ask.tags", "ask.capsule"):
            outbox.forget_draft(self._context.store, key)
        self._context.open_link(f"thread:{ask.id}")


class EditPage(Panel):
    """Changing one's own question or post."""

    def __init__(self, context: Context, item: Id) -> None:
        super().__init__()
        self._context = context
        held = documents.get(context.store, item)
        self._item = held
        if not isinstance(held, (Thread, Post)):
            self.setLayout(column(StateView("empty", "This text is not on this machine any more."), None))
            return
        self._title = _line("Title", held.title if isinstance(held, Thread) else "")
        self._tags = _line("Tags, separated by spaces", " ".join(held.tags) if isinstance(held, Thread) else "")
        composer = Composer(context, f"edit:{item}", "Markdown", "Save", self._save)
        composer.fill(held.body)
        head: list[QWidget] = [PlainLabel("Edit", role="title")]
        head += [self._title, self._tags] if isinstance(held, Thread) else []
        self.setLayout(column(*head, None, composer, gap=10, margins=(24, 20, 8, 0)))

    def title(self) -> str:
        """Name the page."""
        return "Edit"

    def _save(self, body: str) -> None:
        held = self._item
        if isinstance(held, Thread):
            self._context.act(
                EditThread(
                    id=new_id(), thread=held.id, title=self._title.text(), body=body, tags=_tags(self._tags.text())
                )
            )
            self._context.open_link(f"thread:{held.id}")
        elif isinstance(held, Post):
            self._context.act(EditPost(id=new_id(), post=held.id, body=body))
            self._context.open_link(f"thread:{held.thread}")


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


def _line(hint: str, text: str) -> QLineEdit:
    made = QLineEdit(text)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setMaxLength(160)
    return made


def _tags(text: str) -> list[str]:
    cleaned = [
        "".join(c for c in word.lower() if c.isalnum() or c in ".+#-").lstrip(".+#-")[:32] for word in text.split()
    ]
    return list(dict.fromkeys(word for word in cleaned if word))[:5]
