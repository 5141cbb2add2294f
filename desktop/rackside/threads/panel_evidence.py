"""What the machines of others show that have it, too: one line until it is opened, then each on a card."""

from PySide6.QtWidgets import QWidget

from rackside import words
from rackside.kit.cards import Card, button, column, row
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, TapLabel, tooltip
from rackside.threads.data import EvidenceView
from rackside.threads.panel_message import broken, code

LINES_SHOWN = 8
"""Lines of one context before it is folded."""
CARDS_SHOWN = 20


class EvidenceList(QWidget):
    """How many had it, too, and the contexts of their machines below it, newest first, once somebody opens them."""

    def __init__(self, me_too: int, evidence: tuple[EvidenceView, ...], context: Context, *, opened: bool) -> None:
        super().__init__()
        self._evidence, self._context, self.opened = evidence, context, opened
        self._shown = CARDS_SHOWN
        self._label = said(me_too, len(evidence))
        self._head = button("", self._toggle, kind="link")
        self._cards = QWidget()
        self._list = column(gap=8)
        self._cards.setLayout(self._list)
        self.setLayout(column(row(self._head, None), self._cards, gap=6))
        self._show()

    def _toggle(self) -> None:
        self.opened = not self.opened
        self._show()

    def _show(self) -> None:
        self._head.setText(f"{self._label} \N{BULLET} {'hide' if self.opened else 'show what they see'}")
        self._cards.setVisible(self.opened)
        if self.opened and not self._list.count():
            self._fill()

    def _fill(self) -> None:
        first = self._list.count()
        for each in self._evidence[first : self._shown]:
            self._list.addWidget(_card(each, self._context))
        rest = len(self._evidence) - self._shown
        if rest > 0:
            self._more = button(f"Show {min(rest, CARDS_SHOWN)} more of {rest}", self._show_more)
            self._list.addWidget(self._more)

    def _show_more(self) -> None:
        self._list.removeWidget(self._more)
        self._more.deleteLater()
        self._shown += CARDS_SHOWN
        self._fill()


def said(me_too: int, machines: int) -> str:
    """Say how many had it too, and how many of them show their machine."""
    return f"{words.count(me_too)} had it too · {words.count(machines)} {'machine' if machines == 1 else 'machines'}"


def _card(each: EvidenceView, context: Context) -> QWidget:
    author, evidence = each.author, each.evidence
    name = TapLabel(author.name, role="strong")
    name.tapped = lambda: context.open_link(f"member:{author.id}")  # type: ignore[method-assign]
    when = PlainLabel(words.ago(evidence.created_ms / 1000), role="small", tone="dim")
    tooltip(when, words.date_and_time(evidence.created_ms / 1000))
    waiting = PlainLabel("Not sent yet" if each.pending else "", role="small", tone="dim")
    inside = column(row(name, when, waiting, None), gap=6, margins=(12, 10, 12, 10))
    lines = broken(evidence.capsule)
    rest = code(lines[LINES_SHOWN:])
    rest.hide()
    inside.addLayout(column(code(lines[:LINES_SHOWN]), rest, gap=0))
    if len(lines) > LINES_SHOWN:
        unfold = button(f"Show all {len(lines)} lines", lambda: _unfold(rest, unfold), kind="link")
        inside.addLayout(row(unfold, None))
    holder = QWidget()
    holder.setLayout(inside)
    card = Card("raised", lines=False)
    card.add(holder)
    return card


def _unfold(rest: QWidget, unfold: QWidget) -> None:
    rest.show()
    unfold.hide()
