"""Faults that are planted to see that a world finds them: each takes one safeguard away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from rackside.store import mirror, outbox, rows
from rackside.sync import engine
from rackside_protocol.sync import Cursor, Position
from rackside_server.feed import handlers, publish, pull
from rackside_server.threads import actions as threads

Plant = Callable[[pytest.MonkeyPatch], None]


@contextmanager
def no_transaction(connection: object) -> Iterator[object]:
    yield connection


def nothing(*_: object, **__: object) -> None:
    """Do not do it."""


def only_the_oldest_state(patch: pytest.MonkeyPatch) -> None:
    usual = outbox.take
    patch.setattr(outbox, "give_back", nothing)
    patch.setattr(
        outbox, "take", lambda store, limit: usual(store, limit) if not outbox.count(store, "sending") else []
    )


def rows_one_further(patch: pytest.MonkeyPatch) -> None:
    usual = pull._rows
    patch.setattr(pull, "_rows", lambda head, after, budget: usual(head, after and after + 1, budget))


def without(patch: pytest.MonkeyPatch, condition: str) -> None:
    """Have the server overlook one reason to reset."""
    usual = pull._must_reset

    def overlooking(head: pull.ChannelHead, cursor: Cursor, witnesses: list[Position]) -> bool:
        if condition == "witness":
            witnesses = []
        if condition == "floor":
            head = head._replace(floor=0)
        if condition == "time-line":
            return bool(cursor.version == 0 and cursor.epoch not in {"", head.epoch})
        return usual(head, cursor, witnesses)

    patch.setattr(pull, "_must_reset", overlooking)


BUGS: Final[dict[str, Plant]] = {
    "an action is dropped when it is acknowledged": lambda patch: patch.setattr(
        outbox,
        "note_seen",
        lambda store, *_, **__: store.outbox.execute("DELETE FROM actions WHERE state = 'sent'"),
    ),
    "what was being sent is not sent again": only_the_oldest_state,
    "a new time-line does not send again": lambda patch: patch.setattr(outbox, "send_again", nothing),
    "no witness": lambda patch: without(patch, "witness"),
    "the time-line is not compared": lambda patch: without(patch, "time-line"),
    "deletions under the floor are overlooked": lambda patch: without(patch, "floor"),
    "a page begins one row too late": rows_one_further,
    "rows and cursor in no common transaction": lambda patch: patch.setattr(mirror, "writing", no_transaction),
    "a lost channel is not purged": lambda patch: patch.setattr(mirror, "_purge", lambda *_: set()),
    "a reset adds to what is held": lambda patch: patch.setattr(mirror, "_delete_all", lambda *_: set()),
    "a trimmed document leaves no digest": lambda patch: patch.setattr(rows, "_take", lambda *_: 0),
    "outcomes are not remembered": lambda patch: patch.setattr(handlers, "_remember", nothing),
    "a deletion is not announced": lambda patch: patch.setattr(threads, "withdraw", nothing),
    "only the first channel is asked for": lambda patch: patch.setattr(
        engine, "_cursors", lambda store: mirror.cursors(store)[:1]
    ),
    "a channel's digest is not moved on": lambda patch: patch.setattr(publish, "_digests", lambda *_: {}),
}
