"""Lets go of what not everybody may read, when the server has not confirmed for 30 days that this member still may.

A laptop that never comes back online holds the words of a private group no longer than that. Contact is a sync that
came to its end (`mirror.confirm`), whether or not it brought anything. The wall clock is the only one that goes on
while a machine is off, and it may be wrong. So the caller tries to sync first, and expires only when that failed: with
a network a clock that is a year ahead costs nothing, and without one it costs a copy, which the next sync brings again.
"""

import math
import time
from typing import Final

from rackside.store import Store, documents, mirror, outbox, schema
from rackside.store.database import writing
from rackside_protocol.groups import Group, group_channel

KEPT_DAYS: Final = 30
DAY_MS: Final = 24 * 60 * 60 * 1_000
FOR_EVERY_MEMBER: Final = ("public", "answers")
OWN: Final = "me:"
MOST_GROUPS: Final = 10_000


def expire(store: Store, now_ms: int | None = None) -> set[str]:
    """Purge each private channel without contact for too long; return the kinds of documents that were in them.

    Call it after an attempt to sync has failed, or when none can be made.

    Args:
        store: this thread's store.
        now_ms: the wall clock, unless it is asked here.
    """
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    _settle_clock(store, now_ms)
    before_ms = now_ms - KEPT_DAYS * DAY_MS
    gone: set[str] = set()
    overdue = _overdue(store, before_ms)
    for channel in overdue:
        gone |= mirror.purge(store, channel)
    outbox.note_seen(store, {}, gone=overdue)
    drop_damaged(store, before_ms)
    return gone


def drop_damaged(store: Store, before_ms: float = math.inf) -> None:
    """Delete a damaged mirror that was put aside before a moment: it holds what was read then, in the clear."""
    aside = store.folder / schema.DAMAGED
    if aside.exists() and aside.stat().st_mtime * 1_000 < before_ms:
        aside.unlink()


def _settle_clock(store: Store, now_ms: int) -> None:
    """Count from now on where contact is not dated, as in a first fill, or dated by a clock that was ahead."""
    undated = "synced_ms = 0 OR synced_ms > ?"
    if store.cache.execute(f"SELECT 1 FROM channels WHERE {undated}", (now_ms,)).fetchone():  # noqa: S608 - our own words
        with writing(store.cache) as cache:
            cache.execute(f"UPDATE channels SET synced_ms = ? WHERE {undated}", (now_ms, now_ms))  # noqa: S608 - as above


def _overdue(store: Store, before_ms: int) -> list[str]:
    rows = store.cache.execute("SELECT name FROM channels WHERE synced_ms < ? ORDER BY name", (before_ms,))
    names = [name for (name,) in rows if name not in FOR_EVERY_MEMBER and not name.startswith(OWN)]
    if not names:
        return []
    groups = documents.of_kind(store, Group, limit=MOST_GROUPS)
    public = {group_channel(group.slug) for group in groups if not group.private}
    return [name for name in names if name not in public]
