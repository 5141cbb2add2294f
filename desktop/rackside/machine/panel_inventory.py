"""The page of this machine's inventory: what is installed, built in, open and running, and what cannot be told."""

from collections.abc import Mapping
from typing import ClassVar, Final

from PySide6.QtWidgets import QComboBox, QLineEdit

from rackside.kit.cards import Card, SectionHead, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.state_row import StateRow
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.store import Store, inventory
from rackside.store.inventory import Inventory
from rackside.watch.inventory.available import cannot_tell
from rackside.words import clock

SPELT: Final = {"raid": "RAID", "smart": "SMART", "wifi": "Wi-Fi"}
LOADING: Final = "The inventory is read."
NONE_YET: Final = "The inventory is taken for the first time within a minute after the start."


class InventoryPage(Panel):
    """Every item with its value, by section, filtered by words."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"events"})

    def __init__(self, context: Context, words: str = "") -> None:
        super().__init__()
        self._context = context
        self._taken: Inventory | None = None
        self._words = QLineEdit(words)
        self._words.setPlaceholderText("Filter by name or value")
        self._words.setAccessibleName("Filter by name or value")
        self._words.setClearButtonEnabled(True)
        self._words.textChanged.connect(self._draw)
        self._section = QComboBox()
        self._section.setAccessibleName("Section")
        self._section.addItem("Everything", "")
        self._section.currentIndexChanged.connect(self._draw)
        self._when = PlainLabel(tone="dim")
        self._stream = Stream("Inventory")
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("loading", LOADING)
        self._head = SectionHead("What this machine cannot tell")
        self._missing = Card()
        filters = row(self._words, self._section)
        filters.setStretch(0, 1)
        changes = row(self._when, None, button("What changed", lambda: context.open_link("events:")))
        title = PlainLabel("Inventory", role="title")
        parts = (title, changes, filters, self._card, self._empty, self._head, self._missing)
        for each in (self._card, self._head, self._missing):
            each.hide()
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Inventory"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read it again, on a worker."""
        del topics
        self._context.read(_read, self._show)

    def _show(self, read: tuple[Inventory | None, Mapping[str, str]]) -> None:
        self._taken, missing = read
        sections = list(self._taken.sections) if self._taken else []
        if [self._section.itemData(place) for place in range(1, self._section.count())] != sections:
            while self._section.count() > 1:
                self._section.removeItem(1)
            for name in sections:
                self._section.addItem(name.capitalize(), name)
        self._when.setText(f"Taken at {clock(self._taken.at_s)}" if self._taken else "")
        self._missing.clear()
        for name, why in missing.items():
            made = StateRow(SPELT.get(name, name.capitalize()), "inventory:", self._context.open_link)
            made.show_state("dim", why, "")
            self._missing.add(made)
        self._head.setVisible(bool(missing))
        self._missing.setVisible(bool(missing))
        self._draw()

    def _draw(self) -> None:
        rows = list(_rows(self._taken, self._section.currentData(), self._words.text())) if self._taken else []
        self._stream.show_source(ListSource(rows))
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._empty.say("Nothing is like that. Clear the filter to see all." if self._taken else NONE_YET)


def _read(store: Store) -> tuple[Inventory | None, Mapping[str, str]]:
    taken = inventory.newest(store)
    return taken, cannot_tell(taken)


def _rows(taken: Inventory, chosen: str, words: str) -> list[Row]:
    sought = words.casefold().split()
    return [
        Row(link="", title=item, meta=value, chips=(section,))
        for section, items in taken.sections.items()
        if not chosen or section == chosen
        for item, value in items.items()
        if all(word in f"{section} {item} {value}".casefold() for word in sought)
    ]
