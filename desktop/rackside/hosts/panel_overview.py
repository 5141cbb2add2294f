"""The page of all machines that are watched: what is wrong first, filtered by words and state, or by group."""

import time
from typing import ClassVar, Final

from PySide6.QtWidgets import QComboBox, QLineEdit

from rackside.hosts import data
from rackside.hosts.data import SIGNS, STATES, TONES, WORDS, HostView, State
from rackside.hosts.pace import Pace
from rackside.kit.cards import Card, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.words import counted

NONE_YET: Final = (
    "No machine is watched yet. Add a check of one, look for what is in your network, or bring the list that another"
    " program keeps."
)


class OverviewPage(Panel):
    """Every machine. Down, J and Enter move through them from the words that are typed."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks"})

    def __init__(self, context: Context, words: str = "") -> None:
        super().__init__()
        self._context = context
        self._rows: list[Row] = []
        self._pace = Pace()
        self._summary = PlainLabel(tone="dim", wrap=True)
        self._words = QLineEdit(words)
        self._words.setPlaceholderText("Filter by name, group or kind of check")
        self._words.setAccessibleName("Filter by name, group or kind of check")
        self._words.setClearButtonEnabled(True)
        self._words.textChanged.connect(self._draw)
        self._words.returnPressed.connect(self._open_first)
        self._state = QComboBox()
        self._state.setAccessibleName("State")
        self._state.addItem("Any state", None)
        for state in STATES:
            self._state.addItem(WORDS[state], state)
        self._state.currentIndexChanged.connect(self._draw)
        self._order = QComboBox()
        self._order.setAccessibleName("Order")
        for label in ("Worst first", "By group"):
            self._order.addItem(label)
        self._order.currentIndexChanged.connect(self._draw)
        self._stream = Stream("Machines", dense=True)
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", NONE_YET)
        link = context.open_link
        acts = row(
            button("Add a check", lambda: link("check:"), kind="primary"),
            button("Look in a network", lambda: link("discover:")),
            button("Bring a list", lambda: link("bring:")),
            button("Heartbeats", lambda: link("heartbeats:")),
            button("Maintenance", lambda: link("maintenance:")),
            button("Event log", lambda: link("events:")),
            None,
        )
        filters = row(self._words, self._state, self._order)
        filters.setStretch(0, 1)
        title = PlainLabel("Machines", role="title")
        parts = (title, self._summary, acts, filters, self._card, self._empty)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Name the page."""
        return "Machines"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show how they stand; while nothing but figures changes, now and then."""
        if self._pace.is_due(topics, self._context.snapshot()):
            self._draw()

    def _draw(self) -> None:
        everything = data.load_hosts(self._context.store, self._context.snapshot())
        state: State | None = self._state.currentData()
        found = data.filtered(everything, self._words.text(), state)
        rows = self._grouped(found) if self._order.currentIndex() else [self._row(each) for each in found]
        if rows != self._rows:
            self._rows = rows
            self._stream.show_source(ListSource(rows))
        self._summary.setText(data.summary(everything).sentence() if everything else "")
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if not rows:
            self._empty.say("No machine is like that. Clear the filter to see all." if everything else NONE_YET)

    def _row(self, each: HostView) -> Row:
        parts = [data.said_of(each, time.time()), counted(len(each.checks), "check")]
        return Row(
            link=f"host:{each.name}",
            title=each.name,
            meta=" · ".join(parts),
            figure=SIGNS[each.state],
            caption=each.figure,
            tone=TONES[each.state],
            chips=(each.group,) if each.group and not self._order.currentIndex() else (),
        )

    def _grouped(self, found: list[HostView]) -> list[Row]:
        rows = []
        for group, held in data.by_group(found):
            about = data.summary(held)
            rows.append(Row(link=f"hosts:{group}", title=group or "Without a group", meta=about.sentence()))
            rows += [self._row(each) for each in held]
        return rows

    def _open_first(self) -> None:
        if self._rows:
            self._context.open_link(self._rows[0].link)
