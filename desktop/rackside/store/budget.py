"""Keeps the mirror within the disk space and the days that the person gave it, by letting go of the oldest threads.

What stays in any case: her own threads, pinned ones, those she is writing in, and those that answer an alert which is
open on this machine. Each stays with its posts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rackside.store import Store, local, outbox, pins
from rackside.store.database import writing
from rackside.store.rows import forget
from rackside_protocol.ids import Id

DAY_MS: Final = 24 * 60 * 60 * 1_000
_THREADS: Final = """
    SELECT doc, id, author, alert, moment_ms, length(payload) AS size FROM documents
    WHERE kind = 'thread' ORDER BY moment_ms
"""
_POSTS: Final = "SELECT doc, length(payload) AS size FROM documents WHERE kind = 'post' AND parent = ?"
_NEWEST: Final = "SELECT max(moment_ms) FROM documents WHERE kind = 'thread'"


@dataclass(frozen=True)
class _Kept:
    """What stays in any case."""

    author: Id
    threads: frozenset[Id]
    alerts: frozenset[str]


def used_bytes(store: Store) -> int:
    """Return the size of the mirror's file without its free pages, which it uses again."""
    pages, free, size = (
        store.cache.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def trim(store: Store, budget_bytes: int, *, keep: Id, days: int = 0) -> int:
    """Delete the oldest threads with their posts until the rest fits; return how many documents went.

    The cursors stay: a thread that changes later comes back, and what asks for one that went finds nothing.

    Args:
        store: this thread's store.
        budget_bytes: what the mirror may use.
        keep: the member whose own threads stay.
        days: how long a thread is kept after its last activity, counted back from the newest one that is held, so
            that a clock that is wrong deletes nothing; 0 keeps all.
    """
    newest_ms = store.cache.execute(_NEWEST).fetchone()[0] or 0
    too_old_ms = newest_ms - days * DAY_MS if days else 0
    going = list(_going(store, _excess(store, budget_bytes), too_old_ms, keep))
    if going:
        with writing(store.cache) as cache:
            forget(cache, going)
    return len(going)


def free_space(store: Store, budget_bytes: int, *, keep: Id, days: int = 0) -> int:
    """Trim, and give the pages that are free back to the disk; return how many bytes that is.

    Raises:
        sqlite3.OperationalError: the disk has no room for the copy that this makes, or another is writing.
    """
    files = [store.folder / f"cache.db{suffix}" for suffix in ("", "-wal")]
    before = sum(file.stat().st_size for file in files if file.exists())
    trim(store, budget_bytes, keep=keep, days=days)
    store.cache.execute("VACUUM")
    store.cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(0, before - sum(file.stat().st_size for file in files if file.exists()))


def _excess(store: Store, budget_bytes: int) -> float:
    """Return how many bytes of payload must go for the file to be within the budget."""
    used = used_bytes(store)
    if used <= budget_bytes:
        return 0.0
    payload = store.cache.execute("SELECT coalesce(sum(length(payload)), 0) FROM documents").fetchone()[0]
    return float(payload * (used - budget_bytes) / used)


def _going(store: Store, to_free: float, too_old_ms: int, keep: Id) -> Iterator[int]:
    """Yield what goes, oldest thread first."""
    kept: _Kept | None = None
    for row in store.cache.execute(_THREADS):
        if to_free <= 0 and row["moment_ms"] >= too_old_ms:
            return
        kept = kept or _kept(store, keep)
        if row["author"] == kept.author or row["id"].hex() in kept.threads or row["alert"] in kept.alerts:
            continue
        posts = store.cache.execute(_POSTS, (row["id"].hex(),)).fetchall()
        yield row["doc"]
        yield from (post["doc"] for post in posts)
        to_free -= row["size"] + sum(post["size"] for post in posts)


def _kept(store: Store, author: Id) -> _Kept:
    writing_in = {name.partition(":")[2] for name in outbox.drafts(store)}
    writing_in |= {entry.action.target for entry in outbox.pending(store)}
    alerts = {alert.signature.partition("/")[0] for alert in local.open_alerts(store)}
    return _Kept(author, frozenset({*pins.pinned(store), *writing_in}), frozenset(alerts - {""}))
