"""One round of sync: push, pull, apply, drop; and how long to wait before the next.

A kill between any two of the steps is harmless: what was sent is sent again and answered `already`, what was pulled is
pulled again, and an action leaves the outbox only after the mirror has seen all its effects.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final, Protocol

import msgspec

from rackside.store import Store, mirror, outbox, server_clock
from rackside.sync.checks import fault
from rackside.sync.errors import Malformed
from rackside_protocol.sync import MAX_ACTIONS, Cursor, SyncRequest, SyncResponse

MOST_ROUNDS: Final = 10_000
"""Pages in one sync; a server that always has more is broken."""
MOST_RESETS: Final = 3
"""Resets of one channel in one sync; a server that always resets is broken."""
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
    """What a sync did. `changed` holds topics: kinds of documents, and `outbox`."""

    pushed: int = 0
    refused: int = 0
    rows: int = 0
    changed: frozenset[str] = frozenset()
    member: str = ""

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.pushed + other.pushed,
            self.refused + other.refused,
            self.rows + other.rows,
            self.changed | other.changed,
            other.member or self.member,
        )


@dataclass
class _Sync:
    """A sync under way."""

    store: Store
    server: Server
    resets: Counter[str] = field(default_factory=Counter)
    wants_more: bool = True

    def round(self) -> Report:
        """Do one round trip and believe its answer."""
        batch = outbox.take(self.store, MAX_ACTIONS)
        ids = [action for action, _ in batch]
        request = SyncRequest(
            actions=[msgspec.Raw(body) for _, body in batch],
            cursors=_cursors(self.store),
            witnesses=outbox.unseen(self.store),
        )
        answer = self.server.sync(request)
        if wrong := fault(request, ids, answer):
            raise Malformed(f"The server's answer breaks the protocol: {wrong}.")
        server_clock.note(self.store.folder, answer.server_ms)
        outbox.settle(self.store, answer.outcomes, answer.member)
        applied = _apply(self.store, answer, request.cursors)
        self._count_resets(answer, applied)
        self.wants_more = (
            any(page.more or page.state == "reset" for page in answer.channels)
            or bool(applied.differing)
            or bool(outbox.count(self.store, "queued"))
        )
        return Report(
            pushed=len(answer.outcomes),
            refused=sum(outcome.result == "refused" for outcome in answer.outcomes),
            rows=sum(len(page.rows) for page in answer.channels),
            changed=frozenset(applied.kinds | ({"outbox"} if answer.outcomes else set())),
            member=answer.member,
        )

    def _count_resets(self, answer: SyncResponse, applied: mirror.Applied) -> None:
        self.resets.update(applied.differing)
        self.resets.update(page.channel for page in answer.channels if page.state == "reset")
        if any(times > MOST_RESETS for times in self.resets.values()):
            raise Malformed("The server's answer breaks the protocol: it never stops resetting.")


def sync(store: Store, server: Server, *, progress: Callable[[Report], object] | None = None) -> Report:
    """Push everything in the outbox and pull until nothing is left.

    Args:
        store: this thread's store.
        server: where to.
        progress: told after each round trip what it did.

    Raises:
        SyncError: see `errors`; what was applied until then stays, what was not acknowledged is queued again.
    """
    under_way, total = _Sync(store, server), Report()
    try:
        for _ in range(MOST_ROUNDS):
            done = under_way.round()
            total += done
            if progress:
                progress(done)
            if not under_way.wants_more:
                mirror.confirm(store)
                return total
    finally:
        outbox.give_back(store)
    raise Malformed("The server's answer breaks the protocol: it always has more.")


def next_delay(failures: int, random: Random) -> float:
    """Return the seconds to wait after so many failures in a row: doubled each time, with jitter, at most 5 min."""
    delay = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(max(0, failures - 1), 16))
    return delay * (1 - JITTER * random.random())


def _cursors(store: Store) -> list[Cursor]:
    """List every channel that this console holds anything of, acknowledged actions too."""
    held = mirror.cursors(store)
    names = {cursor.channel for cursor in held}
    waiting = {at.channel for at in outbox.unseen(store)} - names
    return held + [Cursor(channel=name) for name in sorted(waiting)]


def _apply(store: Store, answer: SyncResponse, asked: list[Cursor]) -> mirror.Applied:
    """Believe the pages: first what a reset undoes, then rows and cursors, then what is in view leaves the outbox."""
    for page in answer.channels:
        if page.state == "reset":
            outbox.send_again(store, page.channel, answer.member)
    applied = mirror.apply_pages(store, answer.channels, asked)
    gone = [page.channel for page in answer.channels if page.state == "gone"]
    outbox.note_seen(store, mirror.seen(store), gone)
    return applied
