"""One text of a thread as it is drawn: who wrote it and when, its words, and what can be done with it."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from rackside import words
from rackside.kit.cards import Avatar, Badge, Card, column, row
from rackside.kit.markdown import SafeHtml
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel, TapLabel, tooltip
from rackside_protocol.people import Member

LONG_RUN = re.compile(r"(\S{72})(?=\S)")
"""More characters without a break would make a label wider than the pane."""
LINES_A_LABEL = 10


def message(
    author: Member,
    created_ms: int,
    edited_ms: int,
    body: list[QWidget],
    *,
    acts: QHBoxLayout,
    writing: QWidget | None,
    context: Context,
    accepted: bool = False,
) -> QWidget:
    """Make a text with its author above it and what can be done below it; an accepted answer stands on a card."""
    name = TapLabel(author.name, role="strong")
    name.tapped = lambda: context.open_link(f"member:{author.id}")  # type: ignore[method-assign]
    head = row(name, gap=6)
    if author.vendor:
        head.addWidget(Badge("Vendor", "sponsor"))
    elif author.staff:
        head.addWidget(Badge("Staff", "info"))
    when = f"{words.ago(created_ms / 1000)}" + (" · edited" if edited_ms else "")
    standing = f"{author.level_name} {words.count(author.points)} · " if author.points else ""
    note = PlainLabel(standing + when, role="small", tone="dim")
    tooltip(note, words.date_and_time(created_ms / 1000))
    head.addWidget(note)
    if accepted:
        head.addWidget(Badge("Accepted", "ok"))
    head.addStretch(1)
    right = column(head, *body, acts, gap=6)
    if writing is not None:
        right.addWidget(writing)
    made = QFrame()
    layout = row(gap=12)
    layout.addWidget(Avatar(author.name), alignment=Qt.AlignmentFlag.AlignTop)
    layout.addLayout(right, 1)
    made.setLayout(layout)
    if not accepted:
        return made
    card = Card("accepted", lines=False)
    made.setContentsMargins(12, 10, 12, 10)
    card.add(made)
    return card


def text(html: SafeHtml, context: Context) -> QWidget:
    """Make the words of a text, whose links open what they name."""
    browser = SafeBrowser()
    browser.show_html(html)
    browser.link_activated.connect(context.open_link)
    return browser


def context_card(capsule: str) -> QWidget:
    """Make the card of the masked context that came with a question."""
    card = Card("raised", lines=False)
    note = PlainLabel("Context attached by the console; names and addresses were masked.", role="small", tone="dim")
    inside = QWidget()
    inside.setLayout(column(note, code(broken(capsule)), gap=6, margins=(12, 10, 12, 10)))
    card.add(inside)
    return card


def broken(text: str) -> list[str]:
    """Return the lines of a text with long runs broken, so that none is wider than the pane."""
    return LONG_RUN.sub("\\1\n", text).split("\n")


def code(lines: Sequence[str]) -> QWidget:
    """Show lines as a machine wrote them, all of them: a label clips what is too long, so there are several."""
    layout = column(gap=0)
    for first in range(0, len(lines), LINES_A_LABEL):
        label = PlainLabel("\n".join(lines[first : first + LINES_A_LABEL]), role="code", wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(label)
    made = QWidget()
    made.setLayout(layout)
    return made
