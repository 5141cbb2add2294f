"""The keyboard map: which keys the window binds, and the sheet that shows all of them."""

from typing import Final

from rackside.kit.cards import Badge, Card, SectionHead, column, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel

SHEET: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Anywhere": (
        ("Ctrl K", "Search, or ask"),
        ("Ctrl N", "Ask peers a question"),
        ("Ctrl 1 … 9", "Choose a tab"),
        ("Ctrl B", "Collapse to the rail, and back"),
        ("Ctrl ,", "Settings"),
        ("Ctrl R", "Sync now"),
        ("?", "This sheet"),
        ("Esc", "Close the reading pane"),
        ("Ctrl Q", "Quit"),
    ),
    "Lists": (
        ("J, K", "Next, previous"),
        ("Page Up, Page Down, Home, End", "Move further"),
        ("Enter", "Open"),
    ),
    "Reading": (
        ("Alt Left, Alt Right", "Back, forward"),
        ("V", "Vote"),
        ("R", "Reply"),
        ("P", "Pin: keep it on this machine"),
        ("Ctrl Enter", "Send what you wrote"),
    ),
}


class KeySheet(Panel):
    """All keys, in the reading pane."""

    def __init__(self, _context: Context, _argument: str) -> None:
        super().__init__()
        layout = column(gap=8, margins=(24, 20, 24, 24))
        for head, keys in SHEET.items():
            layout.addWidget(SectionHead(head))
            card = Card()
            for key, act in keys:
                holder = Panel()
                name = Badge(key)
                holder.setLayout(row(PlainLabel(act), None, name, margins=(12, 8, 12, 8)))
                holder.setAccessibleName(f"{key}: {act}")
                card.add(holder)
            layout.addWidget(card)
        layout.addStretch(1)
        self.setLayout(layout)

    def title(self) -> str:
        """Say what it is."""
        return "Keyboard"
