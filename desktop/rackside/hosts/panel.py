"""The machines that are watched, in the sidebar: what is wrong first, and the way to all of them."""

from typing import ClassVar, Final

from rackside.hosts import data
from rackside.hosts.data import TONES, WORDS, HostView
from rackside.hosts.pace import Pace
from rackside.kit.cards import Card, SectionHead, StateView, column
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.state_row import StateRow
from rackside.kit.text import PlainLabel

MOST_SHOWN: Final = 8


class HostsSection(Panel):
    """A few machines; the head leads to the page of all."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "checks"})

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._pace = context, Pace()
        self._head = SectionHead("Machines", action="All", act=lambda: context.open_link("hosts:"))
        self._card = Card()
        self._more = PlainLabel(role="small", tone="dim")
        self._empty = StateView(
            "empty",
            "No other machine is watched yet.",
            action="Watch one",
            act=lambda: context.open_link("hosts:"),
        )
        self._rows: dict[str, StateRow] = {}
        self.setLayout(column(self._head, self._empty, self._card, self._more, gap=6))

    def refresh(self, topics: frozenset[str]) -> None:
        """Show how they stand."""
        snapshot = self._context.snapshot()
        if not self._pace.is_due(topics, snapshot):
            return
        found = data.load_hosts(self._context.store, snapshot)
        shown = found[:MOST_SHOWN]
        if [each.name for each in shown] != list(self._rows):
            self._card.clear()
            self._rows = {each.name: self._row(each) for each in shown}
        for each in shown:
            word = WORDS[each.state] if each.state == "up" else f"{WORDS[each.state]}: {each.said}"
            self._rows[each.name].show_state(TONES[each.state], word, each.figure)
        self._head.note(data.summary(found).trouble())
        hidden = len(found) - len(shown)
        self._more.setText(f"and {hidden:,} more" if hidden else "")
        self._more.setVisible(bool(hidden))
        self._card.setVisible(bool(found))
        self._empty.setVisible(not found)

    def _row(self, each: HostView) -> StateRow:
        made = StateRow(each.name, f"host:{each.name}", self._context.open_link)
        self._card.add(made)
        return made
