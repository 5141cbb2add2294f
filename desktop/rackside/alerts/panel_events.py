"""The event log: alerts, outages, maintenance and changes, newest first, filtered by kind and words."""

import time
from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit

from rackside.alerts.data import told
from rackside.figures import span_of
from rackside.kit.cards import Card, StateView, column, row
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import QuerySource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.store import events
from rackside.store.events import CHANGES, Event, EventKind
from rackside.words import clock

KINDS: Final[tuple[tuple[str, tuple[EventKind, ...]], ...]] = (
    ("Everything", ()),
    ("Alerts", ("alert",)),
    ("Outages", ("state",)),
    ("Maintenance", ("maintenance",)),
    ("Changes", CHANGES),
)
WORDS: Final[Mapping[EventKind, str]] = {
    "alert": "Alert",
    "state": "Down",
    "maintenance": "Maintenance",
    "device": "Network",
    "software": "Software",
    "hardware": "Hardware",
    "service": "Service",
    "account": "Account",
    "port": "Port",
}
LOUD: Final[frozenset[EventKind]] = frozenset({"alert", "state"})
TYPING_MS: Final = 150
NOTHING: Final = "Nothing has happened yet. Alerts, outages and changes are kept here for a year."


class EventsPage(Panel):
    """The log, a page of rows at a time."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"events", "alerts"})

    def __init__(self, context: Context, words: str = "") -> None:
        super().__init__()
        self._context = context
        self._words = QLineEdit(words)
        self._words.setPlaceholderText("Filter by what or whom it was about")
        self._words.setAccessibleName("Filter by what or whom it was about")
        self._words.setClearButtonEnabled(True)
        self._soon = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._soon.timeout.connect(self._show)
        self._words.textChanged.connect(lambda _text: self._soon.start())
        self._kind = QComboBox()
        self._kind.setAccessibleName("Kind")
        for label, _ in KINDS:
            self._kind.addItem(label)
        self._kind.currentIndexChanged.connect(self._show)
        self._stream = Stream("Events")
        self._stream.opened.connect(self._open)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", NOTHING)
        filters = row(self._words, self._kind)
        filters.setStretch(0, 1)
        title = PlainLabel("Event log", role="title")
        self.setLayout(column(title, filters, self._card, self._empty, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Name the page."""
        return "Event log"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show the newest."""
        del topics
        self._show()

    def _show(self) -> None:
        store, kinds, words = self._context.store, KINDS[self._kind.currentIndex()][1], self._words.text().strip()

        def page(offset: int, limit: int) -> list[Row]:
            now_s = time.time()
            return [_row(each, now_s) for each in events.events(store, kinds, words, offset=offset, limit=limit)]

        self._stream.show_source(QuerySource(lambda: events.count(store, kinds, words), page))
        some = bool(self._stream.count())
        self._card.setVisible(some)
        self._empty.setVisible(not some)
        if not some:
            self._empty.say(
                "Nothing like that has happened. Clear the filter to see all." if words or kinds else NOTHING
            )

    def _open(self, link: str) -> None:
        if link:
            self._context.open_link(link)


def _row(each: Event, now_s: float) -> Row:
    lasts = not each.until_s
    length = span_of((now_s if lasts else each.until_s) - each.at_s) if each.until_s != each.at_s else ""
    figure, _, unit = length.partition(" ")
    tone: Tone = "bad" if lasts and each.kind in LOUD else "dim"
    when = clock(each.at_s, now_s)
    span = f"{when}, and lasts" if lasts else f"{when} to {clock(each.until_s, now_s)}" if length else when
    meta = f"{WORDS[each.kind]} · {span}"
    return Row(link=each.link, title=told(each), meta=meta, figure=figure or "\N{MIDDLE DOT}", caption=unit, tone=tone)
