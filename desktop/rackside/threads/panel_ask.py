"""The page that asks a question: what was asked before first, then the words, then the context as it is sent."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QWidget

from rackside.kit.cards import Card, SectionHead, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, TapLabel, tell
from rackside.store import outbox
from rackside.threads.data import load_groups
from rackside.threads.offer import Offer, Plain
from rackside.threads.panel_capsule import CapsuleEditor
from rackside.threads.panel_composer import Composer, one_line, tags_of
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask

SIMILAR_SHOWN = 3
LEAST_TITLE = 4
"""Characters; the wire takes no less."""
DRAFTS = ("ask.title", "ask.tags", "ask.capsule", "ask.signature", "ask.alert", "ask.how_to")


class AskPage(Panel):
    """The page of a new question: group, title, similar threads, tags, the context as it will be sent, the text."""

    TOPICS = frozenset({"group", "theme"})

    def __init__(self, context: Context, similar: Callable[[str], list[tuple[str, str]]], offer: Offer) -> None:
        """Build the page.

        Args:
            context: what every panel has.
            similar: finds links and titles of threads like the alert and the title; asked before a title is typed.
            offer: what may be sent along; its exact bytes are shown and can be edited or removed.
        """
        super().__init__()
        self._context, self._find_similar, self._offer = context, similar, offer
        store = context.store
        fresh = bool(offer.alert) and outbox.draft(store, "ask.alert") != offer.alert
        self._group = QComboBox()
        self._group.setAccessibleName("Group")
        self._alert = offer.alert or outbox.draft(store, "ask.alert")
        title = offer.title if fresh else outbox.draft(store, "ask.title")
        self._title = one_line("Title: what goes wrong, in one line", title)
        self._tags = one_line("Tags, separated by spaces (at most five)", outbox.draft(store, "ask.tags"))
        self._signature = offer.signature if fresh else outbox.draft(store, "ask.signature")
        self._how_to = QCheckBox("A how-to: it says how something is done, and asks nothing")
        self._how_to.setChecked(bool(outbox.draft(store, "ask.how_to")) and not offer.alert)
        self._capsule = CapsuleEditor(offer.mask)
        drafted = Plain(outbox.draft(store, "ask.capsule"))
        self._capsule.fill(offer.capsule if fresh or drafted.text == offer.capsule.text else drafted)
        self._similar = Card()
        self._similar_head = SectionHead("Asked before?")
        self._body = Composer(
            context, "ask.body", "What you see, what you tried, what you expect. Markdown.", "Ask", self._ask
        )
        self._lay_out()
        for edited in (self._title.textChanged, self._tags.textChanged, self._capsule.changed):
            edited.connect(self._keep)
        self._how_to.toggled.connect(lambda *_: self._keep())
        self._title.textChanged.connect(self._show_similar)
        self._keep()
        self._show_similar()

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

    def _lay_out(self) -> None:
        self._joined = QWidget()
        name = PlainLabel(
            f"Signature {self._signature}: joins it to others with the same alert.", role="small", wrap=True
        )
        leave_out = button("Leave it out", self._leave_out, kind="link")
        line = row(name, leave_out)
        line.setStretch(0, 1)
        self._joined.setLayout(line)
        self._joined.setVisible(bool(self._signature))
        self.setLayout(
            column(
                PlainLabel("Ask your peers", role="title"),
                self._group,
                self._how_to,
                self._title,
                self._similar_head,
                self._similar,
                self._tags,
                SectionHead("Context from this machine"),
                self._capsule,
                self._joined,
                None,
                gap=10,
                margins=(24, 20, 24, 8),
            )
        )

    def _leave_out(self) -> None:
        self._signature = ""
        self._joined.hide()
        self._keep()

    def _keep(self) -> None:
        how_to = "yes" if self._how_to.isChecked() else ""
        kept = (
            self._title.text(),
            self._tags.text(),
            self._capsule.masked_text(),
            self._signature,
            self._alert,
            how_to,
        )
        for key, text in zip(DRAFTS, kept, strict=True):
            outbox.save_draft(self._context.store, key, text)

    def _show_similar(self) -> None:
        self._similar.clear()
        title = self._title.text()
        found = self._find_similar(title) if self._offer.alert or len(title) >= LEAST_TITLE else []
        for link, text in found[:SIMILAR_SHOWN]:
            self._similar.add(self._similar_line(link, text))
        self._similar.setVisible(bool(found))
        self._similar_head.setVisible(bool(found))

    def _similar_line(self, link: str, title: str) -> QWidget:
        opener = TapLabel(title, tone="accent")
        opener.tapped = lambda: self._context.open_link(link)  # type: ignore[method-assign]
        opener.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        this = link.removeprefix("thread:")
        same = button("This is it: me too", lambda: self._context.open_link(f"metoo:{this}"), kind="quiet")
        same.setAccessibleName(f"This is it, me too: {title}")
        holder = QWidget()
        line = row(opener, same, margins=(12, 4, 12, 4))
        line.setStretch(0, 1)
        holder.setLayout(line)
        return holder

    def _ask(self, body: str) -> bool:
        title = self._title.text().strip()
        problem = self._problem(title)
        if problem:
            tell(self, "Not sent yet", problem)
            return False
        capsule = self._capsule.text()
        ask = Ask(
            id=new_id(),
            group=self._group.currentData(),
            title=title,
            body=body,
            tags=tags_of(self._tags.text()),
            signature=self._signature,
            capsule=capsule if capsule.strip() else "",
            how_to=self._how_to.isChecked(),
        )
        self._context.act(ask)
        for key in DRAFTS:
            outbox.forget_draft(self._context.store, key)
        self._context.open_link(f"thread:{ask.id}")
        return True

    def _problem(self, title: str) -> str:
        if len(title) < LEAST_TITLE or not self._group.currentData():
            return "Give the question a title of at least four characters, and a group."
        if self._capsule.over():
            return f"The context is {self._capsule.over():,} characters too long. Shorten it; nothing is lost."
        return ""
