"""The page of one reading: its history, and the way to the answers of peers."""

from typing import ClassVar

from rackside.kit.cards import button, column, row
from rackside.kit.history import HistoryCard
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.watch.names import name_of


class ReadingPanel(Panel):
    """One metric's page."""

    TOPICS: ClassVar[frozenset[str]] = frozenset({"readings"})

    def __init__(self, context: Context, metric: str) -> None:
        super().__init__()
        self._context, self._name = context, name_of(metric)
        self._history = HistoryCard(context, metric)
        find = button("Find answers", self._find, kind="primary")
        name = PlainLabel(self._name, role="title", wrap=True)
        self.setLayout(column(name, self._history, row(find, None), None, gap=12, margins=(24, 20, 24, 24)))

    def title(self) -> str:
        """Return where one is."""
        return f"This machine \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} {self._name}"

    def refresh(self, topics: frozenset[str]) -> None:
        """Read the span again."""
        del topics
        self._history.read()

    def _find(self) -> None:
        self._context.open_link(f"search:{self._name}")
