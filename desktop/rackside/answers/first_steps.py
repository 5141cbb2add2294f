"""First-steps cards: for each kind of alert what it means, how to look, and what usually helps.

A card comes with Rackside. It is a how-to that nobody wrote in a group: it is ranked among the threads, and for its own
alert it stands above them.
"""

from functools import cache

from rackside import resources
from rackside_protocol.answers import ALERT_KINDS
from rackside_protocol.ids import Id
from rackside_protocol.threads import Thread

PREFIX = "first:"
"""What a card's id begins with; the rest is its kind of alert. It is its link, too."""


def is_first_steps(thread: Thread) -> bool:
    """Say whether a thread is a card of ours."""
    return thread.id.startswith(PREFIX)


@cache
def first_steps(kind: str) -> Thread | None:
    """Return the card of a kind of alert; None for what is no kind, and where there is no card."""
    path = resources.file(f"first_steps/{kind}.md") if kind in ALERT_KINDS else None
    if path is None or not path.is_file():
        return None
    title, _, body = path.read_text(encoding="utf-8").partition("\n")
    return Thread(
        id=PREFIX + kind,
        group="",
        author="",
        title=title.removeprefix("# ").strip(),
        body=body.strip(),
        tags=kind.split("."),
        created_ms=0,
        signature=kind,
        how_to=True,
    )


@cache
def every_card() -> dict[Id, Thread]:
    """Return all cards by their ids."""
    return {card.id: card for kind in sorted(ALERT_KINDS) if (card := first_steps(kind)) is not None}
