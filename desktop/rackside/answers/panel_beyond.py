"""What the community's server found: the list below one's own answers, and one of them to read."""

from typing import Final

from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.answers.beyond import find_beyond, query_beyond
from rackside.kit import background
from rackside.kit.cards import Card, SectionHead, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.store import documents
from rackside_protocol.ids import Id
from rackside_protocol.queries import FoundAnswer
from rackside_protocol.threads import Thread

_found: Final[dict[Id, FoundAnswer]] = {}
"""What the server found last, by thread, until it is asked again: it is read, and kept nowhere."""


class Beyond(QWidget):
    """Asks the server when it is told to, and shows what it found, that it found nothing, or why it cannot be asked."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._text = context, ""
        self._ask = button("Search the whole community", self._go)
        self._ask.setToolTip("Sends the words, with names, addresses and secrets masked. Nothing of it is kept.")
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        self._stream = Stream("Answers of the whole community")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._head = SectionHead("From the whole community")
        self.setLayout(column(row(self._ask, None), self._said, self._head, self._card, gap=6))
        self.clear("")

    def clear(self, text: str) -> None:
        """Forget what was found for another text."""
        self._text = text
        self._said.setText("")
        self._ask.setVisible(bool(text.strip()))
        for part in (self._said, self._head, self._card):
            part.hide()

    def _go(self) -> None:
        text, home, machine = self._text, self._context.home, self._context.machine()
        self._ask.setEnabled(False)
        self._say("Asking the server.")
        background.run(
            lambda: find_beyond(home, query_beyond(text, machine)),
            lambda found: self._show(text, found),
            lambda error: self._fail(text, error),
        )

    def _show(self, text: str, found: list[FoundAnswer]) -> None:
        self._ask.setEnabled(True)
        if text != self._text:
            return
        _found.clear()
        _found.update({each.answer.thread.id: each for each in found})
        self._stream.show_source(ListSource([self._row(each) for each in found]))
        self._say("" if found else "The whole community has no answer to this yet. Ask it.")
        for part in (self._head, self._card):
            part.setVisible(bool(found))

    def _fail(self, text: str, error: Exception) -> None:
        self._ask.setEnabled(True)
        if text == self._text:
            self._say(str(error))

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))

    def _row(self, found: FoundAnswer) -> Row:
        thread = found.answer.thread
        is_here = isinstance(documents.get(self._context.store, thread.id), Thread)
        return Row(
            link=f"{'thread' if is_here else 'found'}:{thread.id}",
            title=thread.title,
            meta=" · ".join(found.why[1:]) or words.ago(thread.moment_ms / 1000),
            figure=words.count(thread.replies),
            caption=words.replied(thread.replies, solved=bool(thread.accepted), how_to=thread.how_to),
            tone="ok" if thread.accepted else "dim",
            chips=tuple(found.why[:1]),
        )


class FoundPage(Panel):
    """A thread that is not on this machine, as the server gave it: the question and its best posts, to read."""

    TOPICS = frozenset({"theme"})

    def __init__(self, context: Context, thread: Id) -> None:
        super().__init__()
        del context
        found = _found.get(thread)
        if found is None:
            gone = "This answer is not here any more. Search for it again."
            self.setLayout(column(StateView("empty", gone), None, margins=(24, 20, 24, 16)))
            return
        question = found.answer.thread
        where = f"From the group {question.group}, as the server has it now. Follow the group to reply."
        parts: list[QWidget | None] = [
            PlainLabel(question.title, role="title", wrap=True),
            PlainLabel(where, role="small", tone="dim", wrap=True),
            _text(question.body),
        ]
        for post in found.answer.posts:
            head = "Accepted answer" if post.accepted else f"Reply, {words.ago(post.created_ms / 1000)}"
            parts += [SectionHead(head), _text(post.body)]
        self.setLayout(column(*parts, None, gap=10, margins=(24, 20, 24, 16)))

    def title(self) -> str:
        """Name the page."""
        return "Answer"


def _text(body: str) -> SafeBrowser:
    browser = SafeBrowser()
    browser.show_markdown(body)
    return browser
