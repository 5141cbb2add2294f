"""Down: what has changed in a member's channels since her console last looked. Plain SQL over finished payloads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import msgspec
from django.db import connection, transaction

from rackside_protocol.sync import MAX_ROWS, ChannelPage, Cursor, Position, Row
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import followed_by
from rackside_server.feed.publish import TAGS_KEPT

MAX_PAGE_BYTES: Final = 8 * 1024 * 1024
"""Payload in one answer, over all its channels; a single document may exceed it."""
FETCH_ROWS: Final = 200

_CHANNELS: Final = "SELECT id, name, epoch, head, floor, digest FROM feed_channel WHERE name IN ({marks})"
_TAG: Final = "SELECT tag FROM feed_versiontag WHERE channel_id = %s AND version = %s"
_ROWS: Final = """
    SELECT version, object_id, kind, payload FROM feed_feedrow
    WHERE channel_id = %s AND version > %s ORDER BY version LIMIT %s
"""


class ChannelHead(NamedTuple):
    """A channel as it is now. One that holds nothing yet has neither id nor epoch."""

    pk: int
    name: str
    epoch: str
    head: int
    floor: int
    digest: int = 0


class Budget:
    """What one answer may still hold."""

    def __init__(self, rows: int, size_bytes: int) -> None:
        self.rows = rows
        self.size_bytes = size_bytes

    @property
    def is_spent(self) -> bool:
        """Whether nothing more fits."""
        return self.rows <= 0 or self.size_bytes <= 0

    def spend(self, size_bytes: int) -> None:
        """Take a row of a size off."""
        self.rows -= 1
        self.size_bytes -= size_bytes


def pages(member: Member, cursors: Sequence[Cursor], witnesses: Sequence[Position]) -> list[ChannelPage]:
    """Return a page for each channel that has news for a console.

    Args:
        member: whose console it is.
        cursors: every channel the console holds anything of; one it does not follow any more is `gone`.
        witnesses: what was acknowledged to it and not yet seen; one that is not on our time-line resets its channel.
    """
    held = {cursor.channel: cursor for cursor in cursors}
    budget = Budget(MAX_ROWS, MAX_PAGE_BYTES)
    with _snapshot():
        allowed = dict.fromkeys(followed_by(member))
        found = [ChannelPage(channel=name, state="gone") for name in held if name not in allowed]
        heads = _heads(list(allowed))
        for name in allowed:
            cursor = held.get(name) or Cursor(channel=name)
            head = heads.get(name) or ChannelHead(0, name, "", 0, 0)
            page = _page(head, cursor, [each for each in witnesses if each.channel == name], budget)
            if page is not None:
                found.append(page)
    return found


@contextmanager
def _snapshot() -> Iterator[None]:
    """Let every statement within see one moment, so that what moved between channels is in one of them, once."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Django's own transactions are IMMEDIATE, and would make readers wait for writers.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _heads(names: list[str]) -> dict[str, ChannelHead]:
    marks = ", ".join(["%s"] * len(names))
    return {row[1]: ChannelHead(*row) for row in _select(_CHANNELS.format(marks=marks), names)}


def _page(head: ChannelHead, cursor: Cursor, witnesses: list[Position], budget: Budget) -> ChannelPage | None:
    """Return what a console must hear of a channel, None when it has all."""
    if _must_reset(head, cursor, witnesses):
        if _is_standby():
            # What it lacks may not have arrived yet; only the primary knows that it is of another time-line.
            return ChannelPage(channel=head.name, state="retry")
        return ChannelPage(channel=head.name, state="reset", epoch=head.epoch, floor=head.floor, more=head.head > 0)
    if (cursor.epoch, cursor.version) == (head.epoch, head.head):
        return None
    rows = _rows(head, cursor.version, budget)
    behind = bool(rows) and budget.is_spent
    arrived = rows[-1].version if behind else (cursor.version if budget.is_spent else head.head)
    return ChannelPage(
        channel=head.name,
        state="rows",
        epoch=head.epoch,
        rows=rows,
        next=arrived,
        tag=cursor.tag if arrived == cursor.version else _tag(head, arrived) or 0,
        floor=head.floor,
        digest=head.digest if arrived == head.head else None,
        more=arrived < head.head,
    )


def _is_standby() -> bool:
    """Say whether this database follows another one, and so may lag behind it."""
    return connection.vendor == "postgresql" and bool(_select("SELECT pg_is_in_recovery()", [])[0][0])


def _must_reset(head: ChannelHead, cursor: Cursor, witnesses: list[Position]) -> bool:
    """Say whether what a console holds of a channel is not the beginning of what we have."""
    if any(not _bears(head, witness) for witness in witnesses):
        return True
    if cursor.version == 0:
        return cursor.epoch not in {"", head.epoch}
    if cursor.epoch != head.epoch:
        return True
    # Deletions under the floor are forgotten: a pass is whole if it began above it, or under this very floor.
    if cursor.version < head.floor and cursor.floor != head.floor:
        return True
    return _tag(head, cursor.version) != cursor.tag  # above the head there is none


def _bears(head: ChannelHead, witness: Position) -> bool:
    """Say whether a position is on our time-line; one so old that its tag is forgotten gets the benefit of the doubt.

    Else what comes again after a long time, and is answered with its old position, would reset its channel for ever.
    """
    tag = _tag(head, witness.version)
    return tag == witness.tag or (tag is None and witness.version <= head.head - TAGS_KEPT)


def _rows(head: ChannelHead, after: int, budget: Budget) -> list[Row]:
    """Read rows in the order of versions until a budget is spent."""
    rows: list[Row] = []
    while True:
        wanted = max(0, min(FETCH_ROWS, budget.rows))
        chunk = _select(_ROWS, [head.pk, after, wanted])
        for version, object_id, kind, payload in chunk:
            if budget.is_spent:
                return rows
            document = msgspec.Raw(bytes(payload)) if payload is not None else msgspec.UNSET
            rows.append(Row(version=version, id=object_id, kind=kind, document=document))
            budget.spend(len(payload or b""))
        if len(chunk) < FETCH_ROWS:
            return rows
        after = rows[-1].version


def _tag(head: ChannelHead, version: int) -> int | None:
    found = _select(_TAG, [head.pk, version])
    return int(found[0][0]) if found else None


def _select(statement: str, parameters: Sequence[int | str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
