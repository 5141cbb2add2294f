"""This machine in the sidebar: tiles, details on demand, and the network below."""

import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from rackside.kit.cards import Card, SectionHead, StateView, button, column, row
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.sparkline import Trace
from rackside.kit.state_row import StateRow
from rackside.kit.text import PlainLabel, TapLabel, tooltip
from rackside.kit.tile import Figure, Tile
from rackside.machine import data, history
from rackside.machine.views import ProcessView, TileView
from rackside.watch.model import Snapshot

COLUMNS: Final = 2
MOST_CARDS: Final = 30
FEW: Final = 60
LOOKED_AWAY_S: Final = 2.5
CALM_STEP_S: Final = 10.0
"""How often a line moves for a person who asked for less motion."""
"""A line that missed more than this is drawn anew from what was seen meanwhile."""
PAGES: Final = (("Logs", "logs:"), ("Inventory", "inventory:"), ("Event log", "events:"))
"""What else there is of this machine."""
_CALM: Final[dict[str, Tone]] = {"memory": "info", "swap": "info"}


class MachineSection(Panel):
    """The tiles. Each opens its history; "Details" shows the rest and the busiest processes."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._open = False
        self._toggle: QPushButton = button("Details", self._toggle_details, kind="link")
        self._first = TileGrid(context)
        self._more = TileGrid(context)
        self._processes = ProcessTable(context)
        self._details = QWidget()
        pages = row(*(button(label, partial(context.open_link, link)) for label, link in PAGES), None)
        self._details.setLayout(column(self._more, self._processes, pages, gap=8))
        self._details.hide()
        head = row(SectionHead("This machine"), self._toggle, gap=0)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._first, self._details, gap=6))

    def refresh(self, topics: frozenset[str]) -> None:
        """Show the newest readings."""
        del topics
        snapshot = self._context.snapshot()
        seen = data.overview(snapshot, self._context.machine())
        self._first.show_tiles(seen.tiles[:MOST_CARDS], snapshot)
        if self._open:
            self._more.show_tiles(seen.more[: MOST_CARDS - len(seen.tiles)], snapshot)
            self._processes.show_rows(seen.processes)

    def _toggle_details(self) -> None:
        self._open = not self._open
        self._toggle.setText("Less" if self._open else "Details")
        self._details.setVisible(self._open)
        self.refresh(self.TOPICS)


class TileGrid(QWidget):
    """Tiles in two columns. A tile stays while its metric does, so that its line goes on."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tiles: dict[str, Tile] = {}
        self._order: tuple[str, ...] = ()
        self._at_s = self._moved_s = 0.0
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.setLayout(self._grid)

    def show_tiles(self, tiles: tuple[TileView, ...], snapshot: Snapshot) -> None:
        """Show readings. A line goes on with the newest value, or is drawn anew after nobody looked for a while."""
        self._arrange(tiles)
        looked_away = snapshot.at_s - self._at_s > LOOKED_AWAY_S
        calm_s = CALM_STEP_S if self._context.settings().reduced_motion else 0.0
        moves = snapshot.at_s != self._at_s and snapshot.at_s - self._moved_s >= calm_s
        if moves:
            self._moved_s = snapshot.at_s
        for view in tiles:
            shown = self._tiles[view.metric]
            if shown.trace is not None:
                shown.trace.top = view.top
                if looked_away:
                    shown.trace.set(self._line(view.metric, snapshot))
            newest = [view.number] if moves else []
            shown.show_figure(Figure(view.caption, view.value, view.note, view.state, view.whole), newest)
        self._at_s = snapshot.at_s

    def _line(self, metric: str, snapshot: Snapshot) -> Sequence[float]:
        """Return the last two minutes, or as long as there is less of them, the last hour from the store."""
        recent = snapshot.recent.get(metric, ())
        if len(recent) >= FEW:
            return recent
        return [*history.load_line(self._context.store, metric, time.time()), *recent]

    def _arrange(self, tiles: tuple[TileView, ...]) -> None:
        order = tuple(view.metric for view in tiles)
        if order == self._order:
            return
        for metric in self._tiles.keys() - set(order):
            gone = self._tiles.pop(metric)
            gone.hide()
            gone.deleteLater()
        for index, view in enumerate(tiles):
            if view.metric not in self._tiles:
                made = Tile(
                    f"reading:{view.metric}", Trace(_CALM.get(view.metric.partition(".")[0], "accent"), view.top)
                )
                made.opened.connect(self._context.open_link)
                self._tiles[view.metric] = made
                self._at_s = 0.0
            self._grid.addWidget(self._tiles[view.metric], index // COLUMNS, index % COLUMNS)
        self._order = order


class ProcessTable(Card):
    """The busiest processes; a name finds answers about it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: list[tuple[TapLabel, PlainLabel, PlainLabel]] = []

    def show_rows(self, processes: tuple[ProcessView, ...]) -> None:
        """Show processes in the rows there are, making more as needed."""
        while len(self._rows) < len(processes):
            self._add()
        for index, (name, cpu, memory) in enumerate(self._rows):
            shown = index < len(processes)
            holder = name.parentWidget()
            if holder is not None:
                holder.setVisible(shown)
            if shown:
                each = processes[index]
                if name.whole() != each.name:
                    name.setText(each.name)
                    tooltip(name, f"{each.whole or each.name}\nFind answers about it")
                cpu.setText(each.cpu)
                memory.setText(each.memory)

    def _add(self) -> None:
        name, cpu, memory = TapLabel(role="small"), PlainLabel(role="small"), PlainLabel(role="small", tone="dim")
        cpu.setMinimumWidth(56)
        memory.setMinimumWidth(64)
        name.tapped = lambda: self._context.open_link(f"search:{name.whole()}")  # type: ignore[method-assign]
        holder = QWidget()
        layout: QHBoxLayout = row(name, cpu, memory, margins=(10, 5, 10, 5))
        layout.setStretch(0, 1)
        holder.setLayout(layout)
        self._rows.append((name, cpu, memory))
        self.add(holder)


class NetworkSection(Panel):
    """The way out: gateway, names, internet, each with a dot, a word and its time."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "settings"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._head = SectionHead("Network")
        self._card = Card()
        self._waiting = StateView("loading", "The network is being checked for the first time.")
        self._asking = StateView(
            "notice",
            "The network is not checked before you agree to it.",
            action="See what is sent",
            act=lambda: context.open_link("welcome:"),
        )
        self._rows: dict[str, StateRow] = {}
        self._card.hide()
        self.setLayout(column(self._head, self._asking, self._waiting, self._card, gap=6))

    def refresh(self, topics: frozenset[str]) -> None:
        """Show the newest checks."""
        del topics
        snapshot = self._context.snapshot()
        views = data.network(snapshot.readings, data.worst_by_reading(snapshot.alerts))
        agreed = self._context.settings().consent
        self._asking.setVisible(not views and not agreed)
        self._waiting.setVisible(not views and agreed)
        self._card.setVisible(bool(views))
        for view in views:
            if view.metric not in self._rows:
                made = StateRow(view.name, f"reading:{view.metric}", self._context.open_link)
                self._rows[view.metric] = made
                self._card.add(made)
            self._rows[view.metric].show_state(view.state, view.word, view.figure)
        down = sum(view.state == "bad" for view in views)
        self._head.note(f"{down} down" if down else "")
