"""The page on which "I have this too" is said with this machine's context, or without."""

from rackside.kit.cards import SectionHead, StateView, button, column, disable, row
from rackside.kit.panel import Panel
from rackside.kit.slices import Context
from rackside.kit.text import PlainLabel
from rackside.store import documents
from rackside.threads.offer import Offer
from rackside.threads.panel_capsule import CapsuleEditor
from rackside_protocol.ids import Id, new_id
from rackside_protocol.threads import MeToo, Thread

WHY = (
    "What this machine shows helps to find the common cause. It stands in the thread under your name; of each "
    "organisation one is shown, and it goes when you take your word back."
)


class MeTooPage(Panel):
    """Me too, with the context as it will be sent."""

    TOPICS = frozenset({"theme"})

    def __init__(self, context: Context, thread: Id, offer: Offer) -> None:
        super().__init__()
        self._context, self._thread = context, thread
        held = documents.get(context.store, thread)
        if not isinstance(held, Thread):
            gone = "This thread is not on this machine: it was deleted, or it is in a group you do not follow."
            self.setLayout(column(StateView("empty", gone), None, margins=(24, 20, 24, 20)))
            return
        matches = "An open alert here has the same signature." if offer.alert else "No open alert here matches it."
        self._capsule = CapsuleEditor(offer.mask)
        self._with = button("Me too, with this context", self._send_with, kind="primary")
        without = button("Me too, without it", lambda: self._send(""))
        back = button("Back to the thread", lambda: context.open_link(f"thread:{thread}"), kind="link")
        self.setLayout(
            column(
                PlainLabel("I have this too", role="title"),
                PlainLabel(held.title, role="strong", wrap=True),
                PlainLabel(f"{matches} {WHY}", role="small", tone="dim", wrap=True),
                SectionHead("Context from this machine"),
                self._capsule,
                row(self._with, without, back, None),
                None,
                gap=10,
                margins=(24, 20, 24, 20),
            )
        )
        self._capsule.changed.connect(self._enable)
        self._capsule.fill(offer.capsule)

    def title(self) -> str:
        """Name the page."""
        return "Me too"

    def _enable(self) -> None:
        empty = not self._capsule.text().strip()
        disable(self._with, "There is nothing in it." if empty else "Too long." if self._capsule.over() else "")

    def _send_with(self) -> None:
        self._send(self._capsule.text())

    def _send(self, capsule: str) -> None:
        self._context.act(MeToo(id=new_id(), thread=self._thread, on=True, capsule=capsule))
        self._context.open_link(f"thread:{self._thread}")
