"""The page of this machine's logs: the groups of errors, newest first, and how it stands with each log."""

import time
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from rackside.figures import short
from rackside.kit.cards import Card, SectionHead, StateView, button, column, disable, row
from rackside.kit.palette import Tone
from rackside.kit.panel import Panel
from rackside.kit.plain import plain
from rackside.kit.slices import Context
from rackside.kit.state_row import StateRow
from rackside.kit.stream import ListSource, Row, Stream
from rackside.kit.text import PlainLabel
from rackside.settings import Settings
from rackside.watch.logs.files import wrong_with
from rackside.watch.model import GroupSeen, SourceStatus
from rackside.words import ago, count

CRITICAL: Final = 2
"""A level of syslog up to this one is worse than an error (RFC 5424, §6.2.1)."""
MOST_FILES: Final = 50
NOT_YET: Final = "It is followed from the next look on."
NONE_YET: Final = "No error was logged since these logs are followed."


class LogsPage(Panel):
    """What went wrong on this machine by its own words; a row leads to the answers of peers."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings", "settings"})

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
        self._path = QLineEdit()
        self._path.setPlaceholderText("One more file, such as /var/log/app/error.log")
        self._path.setAccessibleName("Path of a log file")
        self._path.textChanged.connect(self._check)
        self._path.returnPressed.connect(self._follow)
        self._follow_button = button("Follow it", self._follow)
        self._said = PlainLabel(role="small", tone="dim", wrap=True)
        naming = row(self._path, button("Choose…", self._choose), self._follow_button)
        naming.setStretch(0, 1)
        title = PlainLabel("Logs of this machine", role="title")
        followed = SectionHead("What is followed")
        parts = (title, self._words, self._card, self._empty, followed, self._sources, naming, self._said)
        self.setLayout(column(*parts, None, gap=12, margins=(24, 20, 24, 20)))
        self._check()

    def title(self) -> str:
        """Return where one is."""
        return "This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} Logs"

    def refresh(self, topics: frozenset[str]) -> None:
        """Show what was seen last, when there is anything new."""
        del topics
        snapshot, sought = self._context.snapshot(), self._words.text().casefold().split()
        named = self._context.settings().log_files
        shown = snapshot.errors, snapshot.followed, sought, named
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
        waiting = [SourceStatus(name=path, followed=True, sentence=NOT_YET) for path in named]
        found_of = {each.name: each for each in [*waiting, *snapshot.followed]}
        for each in found_of.values():
            self._sources.add(self._source(each, is_named=each.name in named))
        self._check()

    def _source(self, each: SourceStatus, *, is_named: bool) -> QWidget:
        state = StateRow(each.name, "logs:", self._context.open_link)
        state.show_state("ok" if each.followed else "warn", each.sentence, "")
        if not is_named:
            return state
        gone = button("Remove", partial(self._forget, each.name), kind="link")
        gone.setAccessibleName(plain(f"Remove {each.name}"))
        line = row(state, gone, gap=0, margins=(0, 0, 8, 0))
        line.setStretch(0, 1)
        made = QWidget()
        made.setLayout(line)
        return made

    def _check(self) -> None:
        """Say while it is typed what is wrong with a path."""
        typed, named = self._path.text().strip(), self._context.settings().log_files
        problem = wrong_with(Path(typed)) if typed else ""
        if typed in named:
            problem = "It is followed already."
        elif typed and len(named) >= MOST_FILES:
            problem = f"At most {MOST_FILES} files are followed. Remove one first."
        disable(self._follow_button, problem or ("" if typed else "Name a file first."))
        self._said.setText(problem)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Follow a log file", "/var/log")
        if name:
            self._path.setText(name)

    def _follow(self) -> None:
        if self._follow_button.isEnabled():
            self._keep((*self._context.settings().log_files, self._path.text().strip()))
            self._path.clear()

    def _forget(self, path: str) -> None:
        self._keep(tuple(each for each in self._context.settings().log_files if each != path))

    def _keep(self, paths: tuple[str, ...]) -> None:
        now: Settings = self._context.settings()
        now.log_files = paths
        self._context.choose(now)


def _holds(each: GroupSeen, sought: list[str]) -> bool:
    text = f"{each.unit} {each.example}".casefold()
    return all(word in text for word in sought)


def _row(each: GroupSeen, now_s: float) -> Row:
    tone: Tone = "bad" if each.level <= CRITICAL else "warn"
    usual = f"usually {short(each.usual_per_h)} an hour" if each.usual_per_h else "new"
    meta = f"{each.unit} · {ago(each.last_s, now_s)} · {usual}"
    link = f"search:{each.error or each.example}"
    return Row(link=link, title=each.example, meta=meta, figure=count(each.count), caption="times", tone=tone)
