"""The tab "Questions": threads of the groups she follows, by what is newest, unanswered, or her own."""

from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.kit.cards import Card, StateView, button, column, refill, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import QuerySource, Row, Stream
from rackside.kit.writing import WORDS
from rackside.store import documents
from rackside.store.documents import ThreadFilter
from rackside.threads.data import ThreadRow, load_rows

FILTERS: tuple[tuple[str, ThreadFilter], ...] = (
    ("Newest", "newest"),
    ("Unanswered", "unanswered"),
    ("Yours", "mine"),
    ("Pinned", "pinned"),
)
EMPTY: dict[ThreadFilter, str] = {
    "newest": "No threads yet. They appear with the first sync.",
    "unanswered": "Every question in your groups has a reply.",
    "pinned": "Nothing is pinned. P in a thread keeps it on this machine, whatever its age.",
    "mine": "You have not asked anything yet. Ctrl N asks your peers.",
}


class QuestionsTab(Panel):
    """A list of any length, read a page at a time."""

    TOPICS = frozenset({"thread", "group", "outbox", "pins", "theme"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._which: ThreadFilter = "newest"
        self._filters = {which: self._filter(label, which) for label, which in FILTERS}
        self._stream = Stream("Questions")
        self._stream.opened.connect(context.open_link)
        card = Card(lines=False)
        card.add(self._stream)
        self._empty = QWidget()
        self._empty_layout = column()
        self._empty.setLayout(self._empty_layout)
        ask = button("Ask", lambda: context.open_link("ask:"), kind="link", hint="Ctrl N")
        self.setLayout(column(row(*self._filters.values(), None, ask, gap=4), card, self._empty, gap=6))
        self._card = card
        self._choose("newest")

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the first page again; the rest is read as it is scrolled to."""
        del topics
        store, me = self._context.store, self._context.me()
        self._stream.show_source(
            QuerySource(
                lambda: documents.count_threads(store, self._which, me=me),
                lambda offset, limit: [
                    shown(each) for each in load_rows(store, me, self._which, offset=offset, limit=limit)
                ],
            )
        )
        self._show_empty(not self._stream.count())

    def _filter(self, label: str, which: ThreadFilter) -> QWidget:
        made = button(label, lambda: self._choose(which), kind="tab")
        made.setCheckable(True)
        return made

    def _choose(self, which: ThreadFilter) -> None:
        self._which = which
        for each, control in self._filters.items():
            control.setChecked(each == which)  # type: ignore[attr-defined]
        self.refresh(self.TOPICS)

    def _show_empty(self, empty: bool) -> None:  # noqa: FBT001 - one state
        refill(self._empty_layout, *([StateView("empty", EMPTY[self._which])] if empty else []))
        self._empty.setVisible(empty)
        self._card.setVisible(not empty)


def shown(each: ThreadRow) -> Row:
    """Return a thread as a row: replies or "solved" at the left, group and age below its title."""
    thread = each.thread
    state = WORDS[each.writing.state][0].partition(":")[0] if each.writing.state else ""
    meta = [state, words.ago(thread.moment_ms / 1000), each.author.name]
    return Row(
        link=f"thread:{thread.id}",
        title=thread.title,
        meta=" · ".join(part for part in meta if part),
        figure=words.count(thread.replies),
        caption=words.replied(thread.replies, solved=bool(thread.accepted), how_to=thread.how_to),
        tone="ok" if thread.accepted else "dim",
        chips=(each.group,),
    )
