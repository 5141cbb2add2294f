"""Threads that the person pinned: her own choice, kept beside what she wrote, and never trimmed from the mirror."""

import time

from rackside.store import Store
from rackside.store.database import writing
from rackside_protocol.ids import Id


def pin(store: Store, thread: Id, *, on: bool) -> None:
    """Pin a thread, or let go of it, durably; doing either twice changes nothing."""
    with writing(store.outbox) as outbox:
        if on:
            now_ms = time.time_ns() // 1_000_000
            outbox.execute("INSERT INTO pins VALUES (?, ?) ON CONFLICT (thread) DO NOTHING", (thread, now_ms))
        else:
            outbox.execute("DELETE FROM pins WHERE thread = ?", (thread,))


def pinned(store: Store) -> list[Id]:
    """Return the pinned threads, the newest pin first; some may not be held any more."""
    rows = store.outbox.execute("SELECT thread FROM pins ORDER BY pinned_ms DESC, thread")
    return [row["thread"] for row in rows]


def is_pinned(store: Store, thread: Id) -> bool:
    """Say whether a thread is pinned."""
    return store.outbox.execute("SELECT 1 FROM pins WHERE thread = ?", (thread,)).fetchone() is not None
