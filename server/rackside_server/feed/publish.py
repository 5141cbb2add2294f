"""Publishing: a document takes the next version of its channel, in the transaction that changed its row.

Versions are taken at the end of the outermost `announcing` block, with the channel rows locked in the order of their
ids, and the locks are held until the commit. So versions are dense in commit order (invariant 4), two transactions
never wait for each other's channels crosswise, and an object that changes twice in one transaction is sent once.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from django.db import connection, transaction

from rackside_protocol.documents import Document
from rackside_protocol.registry import encode
from rackside_protocol.sync import Position, row_digest
from rackside_server.feed import doorbell
from rackside_server.feed.models import Channel

Key: TypeAlias = tuple[str, str]
"""A channel's name and an object's id."""
TAG_BITS: Final = 63
TAGS_KEPT: Final = 50_000
"""Versions below the head whose tag is kept in any case; see `forget_tags`."""
MAX_MARKS: Final = 1_000
"""Ids in one statement; SQLite takes 32,766 parameters."""
FORGET_EVERY: Final = 1_000
"""Versions between two looks for tags to forget."""

_UPSERT: Final = """
    INSERT INTO feed_feedrow (channel_id, version, object_id, kind, payload, digest) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (channel_id, object_id)
    DO UPDATE SET version = excluded.version, payload = excluded.payload, digest = excluded.digest,
        kind = CASE excluded.kind WHEN '' THEN feed_feedrow.kind ELSE excluded.kind END
"""
_TAG: Final = "INSERT INTO feed_versiontag (channel_id, version, tag) VALUES (%s, %s, %s)"
_DIGESTS: Final = "SELECT object_id, digest FROM feed_feedrow WHERE channel_id = %s AND object_id IN ({marks})"
_HEAD: Final = "UPDATE feed_channel SET head = %s, digest = %s WHERE id = %s"
_FORGET_TAGS: Final = """
    DELETE FROM feed_versiontag WHERE channel_id = %s AND version <= %s AND NOT EXISTS (
        SELECT 1 FROM feed_feedrow AS kept
        WHERE kept.channel_id = feed_versiontag.channel_id AND kept.version = feed_versiontag.version)
"""


class Change(NamedTuple):
    """One object's newest state in a channel; without a payload it is gone."""

    kind: str
    payload: bytes | None


Pending: TypeAlias = Change | Callable[[], Document]
"""A change, or how to make the document when the block ends."""


@dataclass
class Announcement:
    """What a block has to announce, and, once it has been, at which positions."""

    changes: dict[Key, Pending] = field(default_factory=dict)
    positions: dict[Key, Position] = field(default_factory=dict)

    def add(self, key: Key, change: Pending) -> None:
        """Note a change; of several to one object the last one counts, in its own place."""
        self.changes.pop(key, None)
        self.changes[key] = change


_collecting: ContextVar[Announcement | None] = ContextVar("_collecting", default=None)


@contextmanager
def announcing() -> Iterator[Announcement]:
    """Run a transaction whose changes are announced together at its end.

    Within another block it is a savepoint: if it fails, its changes are dropped; if not, the outer block announces.
    """
    outer, mine = _collecting.get(), Announcement()
    token = _collecting.set(mine)
    try:
        with transaction.atomic():
            yield mine
            if outer is None:
                mine.positions.update(_append(_made(mine.changes)))
    finally:
        _collecting.reset(token)
    if outer is not None:
        for key, change in mine.changes.items():
            outer.add(key, change)


def publish(document: Document, channel: str) -> None:
    """Announce a document's newest state in a channel. Call it in the transaction that changed the rows."""
    _announce((channel, document.id), _present(document))


def publish_late(object_id: str, channel: str, make: Callable[[], Document]) -> None:
    """Announce a document that is made once, when the block ends: for one that many acts of a batch change."""
    _announce((channel, object_id), make)


def withdraw(object_id: str, channel: str) -> None:
    """Announce that an object is gone from a channel."""
    _announce((channel, object_id), Change("", None))


def move(document: Document, old_channel: str, new_channel: str) -> None:
    """Announce a document in another channel than before; who reads both never sees it twice."""
    with announcing():
        withdraw(document.id, old_channel)
        publish(document, new_channel)


def forget_tags(channel_id: int, head: int) -> None:
    """Drop the tags of versions that nobody can be asked to go on from: long past, and no row's any more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_TAGS, [channel_id, head - TAGS_KEPT])


def _announce(key: Key, change: Pending) -> None:
    collecting = _collecting.get()
    if collecting is not None:
        collecting.add(key, change)
        return
    with announcing() as alone:
        alone.add(key, change)


def _present(document: Document) -> Change:
    return Change(document.kind, encode(document))


def _made(changes: Mapping[Key, Pending]) -> dict[Key, Change]:
    """Make the documents that were to be made late."""
    return {key: each if isinstance(each, Change) else _present(each()) for key, each in changes.items()}


def _append(changes: Mapping[Key, Change]) -> dict[Key, Position]:
    """Take a version for each change and write it; return where each stands."""
    if not changes:
        return {}
    channels = _lock({name for name, _ in changes})
    before = {name: channel.head for name, channel in channels.items()}
    digests = _digests(channels, changes)
    rows, tags, positions = [], [], {}
    for (name, object_id), change in changes.items():
        channel = channels[name]
        channel.head += 1
        position = Position(channel=name, version=channel.head, tag=secrets.randbits(TAG_BITS))
        digest = row_digest(object_id, change.payload) if change.payload is not None else 0
        channel.digest ^= digests.get((name, object_id), 0) ^ digest
        rows.append((channel.pk, channel.head, object_id, change.kind, change.payload, digest))
        tags.append((channel.pk, channel.head, position.tag))
        positions[name, object_id] = position
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)
        cursor.executemany(_TAG, tags)
        cursor.executemany(_HEAD, [(channel.head, channel.digest, channel.pk) for channel in channels.values()])
    for name, channel in channels.items():
        if channel.head // FORGET_EVERY != before[name] // FORGET_EVERY and channel.head > TAGS_KEPT:
            forget_tags(channel.pk, channel.head)
    heads = {name: channel.head for name, channel in channels.items()}
    transaction.on_commit(partial(doorbell.ring, heads))
    return positions


def _digests(channels: Mapping[str, Channel], changes: Mapping[Key, Change]) -> dict[Key, int]:
    """Return the digests of the rows that the changes replace."""
    found: dict[Key, int] = {}
    with connection.cursor() as cursor:
        for name, channel in channels.items():
            ids = [object_id for each, object_id in changes if each == name]
            for start in range(0, len(ids), MAX_MARKS):
                some = ids[start : start + MAX_MARKS]
                cursor.execute(_DIGESTS.format(marks=", ".join(["%s"] * len(some))), [channel.pk, *some])
                found.update({(name, object_id): digest for object_id, digest in cursor.fetchall()})
    return found


def _lock(names: set[str]) -> dict[str, Channel]:
    """Return the channels, made where missing, locked in the order of their ids until the transaction ends."""
    found = Channel.objects.filter(name__in=names).order_by("pk").select_for_update(no_key=True)
    channels = {channel.name: channel for channel in found}
    if len(channels) < len(names):
        Channel.objects.bulk_create(
            [Channel(name=name) for name in sorted(names - channels.keys())], ignore_conflicts=True
        )
        channels = {channel.name: channel for channel in found.all()}
    return channels
