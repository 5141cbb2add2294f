"""The page of a first-steps card, with the way on to what peers say."""

from PySide6.QtWidgets import QWidget

from rackside.answers.first_steps import first_steps
from rackside.kit.cards import Badge, StateView, button, column, row
from rackside.kit.panel import Panel
from rackside.kit.rich import SafeBrowser
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.watch.model import Alert
from rackside_protocol.answers import alert_kind


class FirstStepsPage(Panel):
    """What a kind of alert means, how to look, and what usually helps."""

    TOPICS = frozenset({"theme"})

    def __init__(self, context: Context, kind: str) -> None:
        super().__init__()
        card = first_steps(kind)
        self._body, self._text = SafeBrowser(), card.body if card else ""
        if card is None:
            none = StateView("empty", "There is no card for this. Ctrl K finds what peers say.")
            self.setLayout(column(none, None, margins=(24, 20, 24, 16)))
            return
        chips = row(Badge("First steps", "info"), PlainLabel("Comes with Rackside", role="small", tone="dim"), None)
        alert = next((each for each in context.snapshot().alerts if alert_kind(each.signature) == kind), None)
        title = PlainLabel(card.title, role="title", wrap=True)
        self.setLayout(
            column(
                title,
                chips,
                self._body,
                row(*_ways_on(card.title, alert, context), None),
                None,
                gap=12,
                margins=(24, 20, 24, 16),
            )
        )

    def title(self) -> str:
        """Name the page."""
        return "First steps"

    def refresh(self, topics: frozenset[str]) -> None:
        """Draw the text in the colours of now."""
        del topics
        self._body.show_markdown(self._text)


def _ways_on(title: str, alert: Alert | None, context: Context) -> list[QWidget]:
    if alert is None:
        return [button("What peers say", lambda: context.open_link(f"search:{title}"), kind="primary")]
    return [
        button("What peers say", lambda: context.open_link(f"answers:{alert.id}"), kind="primary"),
        button("Ask peers with context", lambda: context.open_link(f"ask:alert:{alert.id}")),
    ]
