"""Sponsored panels as this console holds them: the catalogue, what became of each, and the receipt that is owed."""

import time
from datetime import UTC, datetime

from rackside.sponsors.choose import Event
from rackside.store import Store, documents, local, outbox
from rackside_protocol.ids import Id, new_id
from rackside_protocol.sponsors import (
    MAX_SERVINGS_A_DAY,
    Campaign,
    ReceiptOutcome,
    SendReceipt,
    Serving,
    ServingKey,
    sign_serving,
)
from rackside_protocol.standing import Standing, standing_id

MOST_CAMPAIGNS = 2_000


def load_catalogue(store: Store) -> list[Campaign]:
    """Load every campaign there is, the same for everybody."""
    return documents.of_kind(store, Campaign, limit=MOST_CAMPAIGNS)


def load_history(store: Store) -> list[Event]:
    """Load what became of earlier panels on this machine."""
    return [Event(event.creative, event.outcome, event.at_s) for event in local.panel_events(store)]


def note(store: Store, campaign: Id, outcome: str) -> None:
    """Remember on this machine what became of a panel."""
    local.add_panel_event(store, campaign, outcome, time.time())


def owe_receipt(store: Store, campaign: Id, outcome: ReceiptOutcome, serial: int) -> bool:
    """Put a receipt in the outbox; False when no serving key is held or the day's servings are used up.

    Args:
        store: this thread's store.
        campaign: the campaign that was shown.
        outcome: what became of it.
        serial: which showing of the day on this console, from 1; all outcomes of one showing share it.
    """
    day = datetime.now(UTC).date().isoformat()
    key = next(
        (key for key in documents.of_kind(store, ServingKey, limit=12) if key.first_day <= day <= key.last_day), None
    )
    if key is None or serial > MAX_SERVINGS_A_DAY:
        return False
    token = sign_serving(key.secret, Serving(key.id, campaign, day, serial))
    outbox.put(store, SendReceipt(id=new_id(), token=token, day=day, outcome=outcome))
    return True


def showings_today(history: list[Event]) -> int:
    """Return how many panels were shown on this UTC day."""
    today = datetime.now(UTC).date()
    return sum(
        1 for event in history if event.outcome == "shown" and datetime.fromtimestamp(event.at_s, UTC).date() == today
    )


def trust_level(store: Store, me: Id) -> int:
    """Return the member's trust level, 0 as long as the mirror does not know it."""
    standing = documents.get(store, standing_id(me))
    return standing.trust_level if isinstance(standing, Standing) else 0
