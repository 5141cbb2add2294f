"""The tab "Features", an idea with its comments, and the page that proposes one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from rackside import words
from rackside.ideas.data import (
    STATE_WORDS,
    CommentView,
    IdeaRow,
    IdeaView,
    Order,
    load_budget,
    load_idea,
    load_rows,
    similar,
)
from rackside.ideas.overlay import takes_votes
from rackside.kit.cards import Badge, Card, SectionHead, StateView, button, column, disable, refill, row
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel, TapLabel
from rackside.kit.writing import WORDS, WritingLine
from rackside.store import outbox
from rackside_protocol.ideas import CommentIdea, Propose, VoteIdea
from rackside_protocol.ids import Id, new_id

TONES: dict[str, Tone] = {
    "open": "dim",
    "under_review": "info",
    "planned": "info",
    "started": "warn",
    "completed": "ok",
    "declined": "bad",
    "duplicate": "dim",
}
ORDERS: tuple[Order, ...] = ("trending", "newest", "most voted")
LEAST_TITLE = 4
MOST_SIMILAR = 3


class FeaturesTab(Panel):
    """Ideas in the order that is chosen, with the votes that are left."""

    TOPICS = frozenset({"idea", "my_vote", "standing", "outbox", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._order = QComboBox()
        self._order.setAccessibleName("Order of the features")
        for order in ORDERS:
            self._order.addItem(order.capitalize(), order)
        self._order.currentIndexChanged.connect(lambda _index: self.refresh(self.TOPICS))
        self._left = PlainLabel(role="small", tone="dim")
        self._stream = Stream("Features")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", "No features are proposed yet. They appear with the first sync.")
        propose = button("Propose", lambda: context.open_link("propose:"), kind="link")
        self.setLayout(column(row(self._order, self._left, None, propose, gap=8), self._card, self._empty, gap=6))

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the ideas again."""
        del topics
        store, me = self._context.store, self._context.me()
        rows = load_rows(store, me, self._order.currentData())
        self._stream.show_source(ListSource([_row(each) for each in rows]))
        budget = load_budget(store, me)
        self._left.setText(f"{budget.left} of {budget.allowed} votes left" if budget.allowed else "")
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)


class IdeaPage(Panel):
    """One idea: what it is, where it stands, the vote, and what members say. V votes."""

    TOPICS = frozenset({"idea", "idea_comment", "my_vote", "standing", "member", "outbox", "theme"})

    def __init__(self, context: Context, idea: Id) -> None:
        super().__init__()
        self._context, self._idea = context, idea
        self._view: IdeaView | None = None
        self._comment = QLineEdit(outbox.draft(context.store, f"comment:{idea}"))
        self._comment.setPlaceholderText("Comment… saved as a draft, sent when online")
        self._comment.setAccessibleName("Comment on this feature")
        self._comment.textChanged.connect(lambda text: outbox.save_draft(context.store, f"comment:{idea}", text))
        self._comment.returnPressed.connect(self._send_comment)
        send = button("Comment", self._send_comment, kind="primary")
        self._foot = QWidget()
        self._foot.setLayout(row(self._comment, send, margins=(16, 10, 16, 12)))
        self._content = column(None, gap=12, margins=(24, 20, 24, 20))
        self.setLayout(self._content)

    def foot(self) -> QWidget:
        """Keep the comment box below."""
        return self._foot

    def title(self) -> str:
        """Name the page."""
        return "Features"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the idea again."""
        del topics
        view = self._view = load_idea(self._context.store, self._idea, self._context.me())
        self._foot.setVisible(view is not None)
        gone = StateView("empty", "This feature is not on this machine any more.")
        refill(self._content, *(self._parts(view) if view else [gone]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """V votes."""
        if event.key() == Qt.Key.Key_V and self._view and takes_votes(self._view.row.idea):
            self._vote()
        else:
            super().keyPressEvent(event)

    def _parts(self, view: IdeaView) -> list[QWidget]:
        idea = view.row.idea
        body = SafeBrowser()
        body.show_markdown(idea.body)
        body.link_activated.connect(self._context.open_link)
        about = QWidget()
        by = TapLabel(f"Proposed by {view.author.name}", role="small", tone="dim")
        by.tapped = lambda: self._context.open_link(f"member:{view.author.id}")  # type: ignore[method-assign]
        when = PlainLabel(words.ago(idea.created_ms / 1000), role="small", tone="dim")
        about.setLayout(row(Badge(STATE_WORDS[idea.state], TONES[idea.state]), by, when, None, gap=8))
        parts: list[QWidget] = [PlainLabel(idea.title, role="title", wrap=True), about]
        if idea.reason:
            parts.append(PlainLabel(f"Staff: {idea.reason}", tone="dim", wrap=True))
        if view.duplicate_of:
            twin = view.duplicate_of
            parts.append(button(f"See: {twin.title}", lambda: self._context.open_link(f"idea:{twin.id}"), kind="link"))
        parts += [body, self._vote_line(view)]
        if view.row.state:
            parts.append(
                WritingLine(
                    view.row.state,
                    view.row.reason,
                    retry=lambda: self._context.retry(view.row.action),
                    dismiss=lambda: self._context.dismiss(view.row.action),
                )
            )
        parts.append(SectionHead(words.counted(len(view.comments), "comment") if view.comments else "No comments yet"))
        parts += [_comment_view(each) for each in view.comments]
        return parts

    def _vote_line(self, view: IdeaView) -> QWidget:
        idea, voted = view.row.idea, view.row.voted
        made = button(
            "Take my vote back" if voted else "Vote for it", self._vote, kind="normal" if voted else "primary"
        )
        why = ""
        if not takes_votes(idea):
            why = "This feature is closed; its votes were given back."
        elif not voted and view.votes_left <= 0:
            why = "All your votes are in use. Take one back from another feature first."
        disable(made, why)
        line = QWidget()
        left = PlainLabel(why or words.counted(view.votes_left, "vote") + " left", role="small", tone="dim", wrap=True)
        layout = row(PlainLabel(words.count(idea.votes), role="figure"), PlainLabel("votes", tone="dim"), made, left)
        layout.setStretch(3, 1)
        line.setLayout(layout)
        return line

    def _vote(self) -> None:
        if self._view:
            self._context.act(VoteIdea(id=new_id(), idea=self._idea, on=not self._view.row.voted))

    def _send_comment(self) -> None:
        text = self._comment.text().strip()
        if text:
            self._context.act(CommentIdea(id=new_id(), idea=self._idea, body=text))
            self._comment.clear()
            outbox.forget_draft(self._context.store, f"comment:{self._idea}")


class ProposePage(Panel):
    """Proposing a feature; similar ones are shown while the title is typed, so that votes gather instead of split."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        store = context.store
        self._title = QLineEdit(outbox.draft(store, "propose.title"))
        self._title.setPlaceholderText("Title: what Rackside should do")
        self._title.setAccessibleName("Title of the feature")
        self._title.setMaxLength(100)
        self._body = QPlainTextEdit(outbox.draft(store, "propose.body"))
        self._body.setPlaceholderText("Why, for whom, and how you would notice that it works. Markdown.")
        self._body.setAccessibleName("Description of the feature")
        self._body.setTabChangesFocus(True)
        self._similar = Card()
        self._send: QPushButton = button("Propose", self._propose, kind="primary")
        self._title.textChanged.connect(self._keep)
        self._body.textChanged.connect(self._keep)
        note = "Your own vote is on it at once, if you have one left."
        foot = row(PlainLabel(note, role="small", tone="dim", wrap=True), self._send)
        foot.setStretch(0, 1)
        head = PlainLabel("Propose a feature", role="title")
        self.setLayout(column(head, self._title, self._similar, self._body, foot, gap=10, margins=(24, 20, 24, 16)))
        self._keep()

    def title(self) -> str:
        """Name the page."""
        return "New feature"

    def _keep(self) -> None:
        store, title, body = self._context.store, self._title.text(), self._body.toPlainText()
        outbox.save_draft(store, "propose.title", title)
        outbox.save_draft(store, "propose.body", body)
        found = similar(store, title)[:MOST_SIMILAR]
        self._similar.clear()
        for idea in found:
            label = f"{words.count(idea.votes)} votes · {idea.title}"
            self._similar.add(
                button(label, lambda idea=idea: self._context.open_link(f"idea:{idea.id}"), kind="link")  # type: ignore[misc]
            )
        self._similar.setVisible(bool(found))
        short = len(title.strip()) < LEAST_TITLE or not body.strip()
        disable(self._send, "Give it a title and say why." if short else "")

    def _propose(self) -> None:
        propose = Propose(id=new_id(), title=self._title.text().strip(), body=self._body.toPlainText())
        self._context.act(propose)
        outbox.forget_draft(self._context.store, "propose.title")
        outbox.forget_draft(self._context.store, "propose.body")
        self._context.open_link(f"idea:{propose.id}")


def _comment_view(each: CommentView) -> QWidget:
    body = SafeBrowser()
    body.show_markdown(each.comment.body)
    made = QWidget()
    state = PlainLabel(WORDS[each.state][0] if each.state else "", role="small", tone="info")
    made.setLayout(column(row(PlainLabel(each.author.name, role="strong"), state, None), body, gap=4))
    return made


def _row(each: IdeaRow) -> Row:
    idea = each.idea
    state = WORDS[each.state][0].partition(":")[0] if each.state else ""
    comments = words.counted(idea.comments, "comment") if idea.comments else ""
    mine = "your vote is on it" if each.voted else ""
    return Row(
        link=f"idea:{idea.id}",
        title=idea.title,
        meta=" · ".join(part for part in (state, mine, comments) if part),
        figure=words.count(idea.votes),
        caption="votes",
        tone="accent" if each.voted else TONES[idea.state],
        chips=(STATE_WORDS[idea.state],),
    )
