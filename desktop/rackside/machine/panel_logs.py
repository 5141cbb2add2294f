"""The page of this machine's logs: the groups of errors, newest first, and how it stands with each log."""

import time
from typing import ClassVar, Final

from PySide6.QtWidgets import QLineEdit

from rackside.figures import short
from rackside.kit.cards import Card, SectionHead, StateView, column
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.state_row import StateRow
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.watch.model import GroupSeen
from rackside.words import ago, count

CRITICAL: Final = 2
"""A level of syslog up to this one is worse than an error (RFC 5424, §6.2.1)."""
NONE_YET: Final = "No error was logged since these logs are followed."


class LogsPage(Panel):
    """What went wrong on this machine by its own words; a row leads to the answers of peers."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings"})

    def __init__(self, context: Context, words: str = "") -> None:
        super().__init__()
        self._context = context
        self._shown: object = None
        self._words = QLineEdit(words)
        self._words.setPlaceholderText("Filter by service or by what it said")
        self._words.setAccessibleName("Filter by service or by what it said")
        self._words.setClearButtonEnabled(True)
        self._words.textChanged.connect(lambda: self.refresh(self.TOPICS))
        self._stream = Stream("Errors")
        self._stream.opened.connect(context.open_link)
        self._card = Card(lines=False)
        self._card.add(self._stream)
        self._empty = StateView("empty", NONE_YET)
        self._sources = Card()
        title = PlainLabel("Logs of this machine", role="title")
        followed = SectionHead("What is followed")
        parts = (title, self._words, self._card, self._empty, followed, self._sources)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))

    def title(self) -> str:
        """Return where one is."""
        return "This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Logs"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show what was seen last, when there is anything new."""
        del topics
        snapshot, sought = self._context.snapshot(), self._words.text().casefold().split()
        shown = snapshot.errors, snapshot.followed, sought
        if shown == self._shown:
            return
        self._shown = shown
        now_s = time.time()
        found = [each for each in snapshot.errors if _holds(each, sought)]
        self._stream.show_source(ListSource([_row(each, now_s) for each in found]))
        self._card.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._empty.say("No error is like that. Clear the filter to see all." if snapshot.errors else NONE_YET)
        self._sources.clear()
        for each in snapshot.followed:
            made = StateRow(each.name, "logs:", self._context.open_link)
            made.show_state("ok" if each.followed else "warn", each.sentence, "")
            self._sources.add(made)


def _holds(each: GroupSeen, sought: list[str]) -> bool:
    text = f"{each.unit} {each.example}".casefold()
    return all(word in text for word in sought)


def _row(each: GroupSeen, now_s: float) -> Row:
    tone: Tone = "bad" if each.level <= CRITICAL else "warn"
    usual = f"usually {short(each.usual_per_h)} an hour" if each.usual_per_h else "new"
    meta = f"{each.unit} · {ago(each.last_s, now_s)} · {usual}"
    link = f"search:{each.error or each.example}"
    return Row(link=link, title=each.example, meta=meta, figure=count(each.count), caption="times", tone=tone)
