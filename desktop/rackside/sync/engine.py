"""One round of sync: push, pull, apply, drop; and how long to wait before the next."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, Protocol

import msgspec

from rackside.store import Store, documents, outbox
from rackside_protocol.sync import MAX_ACTIONS, Cursor, SyncRequest, SyncResponse

MOST_ROUNDS: Final = 10_000
"""Pages in one sync; a server that always has more is broken."""
FIRST_RETRY_S: Final = 2.0
LONGEST_RETRY_S: Final = 300.0
JITTER: Final = 0.25


class Server(Protocol):
    """What a round needs of a client."""

    def sync(self, request: SyncRequest) -> SyncResponse:
        """Do one round trip."""
        ...


@dataclass(frozen=True)
class Report:
    """What a sync did."""

    pushed: int
    refused: int
    rows: int
    changed: frozenset[str]
    member: str


def sync(store: Store, server: Server, *, progress: Callable[[int], None] | None = None) -> Report:
    """Push everything in the outbox and pull until nothing is left.

    Args:
        store: this thread's store.
        server: where to.
        progress: told after each page how many rows came so far.

    Raises:
        SyncError: see `errors`; what was applied until then stays, what was not acknowledged is queued again.
    """
    pushed = refused = rows = 0
    changed: set[str] = set()
    member = ""
    try:
        for _ in range(MOST_ROUNDS):
            batch = outbox.take(store, MAX_ACTIONS)
            asked = _cursors(store)
            request = SyncRequest(
                actions=[msgspec.Raw(body) for _, body in batch], cursors=asked, witnesses=outbox.unseen(store)
            )
            answer = server.sync(request)
            member = answer.member
            outbox.settle(store, answer.outcomes)
            pushed += len(answer.outcomes)
            refused += sum(outcome.result == "refused" for outcome in answer.outcomes)
            rows += sum(len(page.rows) for page in answer.channels)
            changed |= _apply(store, answer, asked)
            if progress:
                progress(rows)
            more = any(page.more or page.state == "reset" for page in answer.channels)
            if not more and not outbox.count(store, "queued"):
                break
    finally:
        outbox.give_back(store)
    return Report(pushed, refused, rows, frozenset(changed), member)


def next_delay(failures: int, random: Random) -> float:
    """Return the seconds to wait after so many failures in a row: doubled each time, with jitter, at most 5 min."""
    delay = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** max(0, failures - 1))
    return delay * random.uniform(1 - JITTER, 1 + JITTER)


def _cursors(store: Store) -> list[Cursor]:
    """List every channel that this console holds anything of, acknowledged actions too."""
    held = documents.cursors(store)
    names = {cursor.channel for cursor in held}
    waiting = {at.channel for at in outbox.unseen(store)} - names
    return held + [Cursor(channel=name) for name in sorted(waiting)]


def _apply(store: Store, answer: SyncResponse, asked: list[Cursor]) -> set[str]:
    for page in answer.channels:
        if page.state == "reset":
            outbox.forget_acknowledgement(store, page.channel)
    changed = documents.apply_pages(store, answer.channels, asked)
    gone = [page.channel for page in answer.channels if page.state == "gone"]
    outbox.drop_seen(store, documents.seen(store), gone)
    return changed | ({"outbox"} if answer.outcomes else set())
