"""How the mirror follows the server: pages, resets, purges, and how far each channel is.

Only sync writes here. Rows and cursors move in one transaction, so a kill at any instruction loses and repeats nothing.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from rackside.store import Store, rows, texts
from rackside.store.database import writing
from rackside_protocol.sync import ChannelPage, Cursor, Row

log = logging.getLogger(__name__)
NULL: Final = b"null"
MANY_ROWS: Final = 500
"""A page of so many rows is one of many: a first fill."""
FILL_KIB: Final = 32_000
"""SQLite's page cache in a fill, which takes a sixth less CPU with it than with 2 MB."""
SWAP_ROWS: Final = 1_000
ASK_EVERY_STEPS: Final = 10_000
"""Of SQLite's virtual machine: some tenths of a millisecond."""


class Applied(NamedTuple):
    """What pages changed: kinds of documents, and channels that turned out not to be as the server holds them."""

    kinds: set[str]
    differing: list[str]


def cursors(store: Store) -> list[Cursor]:
    """Return how far this console is in each channel it holds anything of; in a reset, how far the staging is."""
    rows = store.cache.execute(
        "SELECT name, coalesce(s.epoch, c.epoch) AS epoch, coalesce(s.version, c.version) AS version,"
        " coalesce(s.tag, c.tag) AS tag, coalesce(s.floor, c.floor) AS floor"
        " FROM channels AS c LEFT JOIN staging AS s USING (channel) ORDER BY name"
    )
    return [
        Cursor(channel=row["name"], epoch=row["epoch"], version=row["version"], tag=row["tag"], floor=row["floor"])
        for row in rows
    ]


def seen(store: Store) -> dict[str, int]:
    """Return the version of each channel that is in view; in a reset that is of another time-line, and left out."""
    rows = store.cache.execute("SELECT name, version FROM channels WHERE channel NOT IN (SELECT channel FROM staging)")
    return {row["name"]: row["version"] for row in rows}


def digests(store: Store) -> dict[str, int]:
    """Return the digest of each channel that is in view, to be compared with the server's."""
    rows = store.cache.execute("SELECT name, digest FROM channels WHERE channel NOT IN (SELECT channel FROM staging)")
    return {row["name"]: row["digest"] for row in rows}


def resetting(store: Store) -> set[str]:
    """Return the channels that are being fetched anew, beside what is in view."""
    rows = store.cache.execute("SELECT name FROM staging JOIN channels USING (channel)")
    return {row["name"] for row in rows}


def confirm(store: Store) -> None:
    """Note that the server was asked for every channel, and has said all there is."""
    with writing(store.cache) as cache:
        cache.execute("UPDATE channels SET synced_ms = ?", (time.time_ns() // 1_000_000,))


def apply_pages(store: Store, pages: Sequence[ChannelPage], asked: Iterable[Cursor]) -> Applied:
    """Apply the pages of one answer, rows and cursors in one transaction.

    A channel whose digest is not the server's at the head is begun anew, like one that the server resets: it is
    `resetting` until it has been fetched once more.

    Args:
        store: this thread's store.
        pages: what the server sent.
        asked: the cursors that the request carried. A page that does not follow on what is held now is passed over: it
            will be asked for again, so applying twice or out of order ends in the same state.
    """
    if sum(len(page.rows) for page in pages) >= MANY_ROWS:
        store.cache.execute(f"PRAGMA cache_size = -{FILL_KIB}")
    since = {cursor.channel: cursor for cursor in asked}
    applied = Applied(set(), [])
    gone = [page.channel for page in pages if page.state == "gone"]
    with writing(store.cache) as cache:
        held = {cursor.channel: cursor for cursor in cursors(store)}
        for page in pages:
            if page.state == "gone":
                applied.kinds.update(_purge(cache, page.channel))
            elif page.state != "retry" and _place(held.get(page.channel)) == _place(since.get(page.channel)):
                applied.kinds.update(_follow(cache, page))
                if _differs(cache, page):
                    log.warning("%s is not as the server holds it; it is fetched anew", page.channel)
                    _stage(cache, ChannelPage(channel=page.channel, state="reset", more=True), fresh=True)
                    applied.differing.append(page.channel)
        if gone:
            rows.optimize(cache)
    if gone:
        flush(store)
    return applied


def purge(store: Store, channel: str) -> set[str]:
    """Delete every byte of a channel, on the disk too; return the kinds that were in it."""
    with writing(store.cache) as cache:
        changed = _purge(cache, channel)
        rows.optimize(cache)
    flush(store)
    return changed


def flush(store: Store) -> None:
    """Leave no fragment of what was deleted in the log: `secure_delete` overwrote it, this moves that to the file."""
    store.cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_intact(store: Store, stopped: Callable[[], bool] = lambda: False) -> bool:
    """Check every byte of the mirror that matters; see `rows.are_intact`. It reads everything: seconds for 100,000.

    Args:
        store: this thread's store.
        stopped: asked now and then; once it says so the check ends, and finds nothing.
    """
    store.cache.set_progress_handler(stopped, ASK_EVERY_STEPS)
    try:
        return rows.are_intact(store.cache)
    except sqlite3.DatabaseError:
        return stopped()
    finally:
        store.cache.set_progress_handler(None, 0)


def _place(cursor: Cursor | None) -> tuple[str, int]:
    return (cursor.epoch, cursor.version) if cursor else ("", 0)


def _payload(row: Row) -> bytes | None:
    """Return the document's bytes, None when it is gone."""
    payload = bytes(row.document) if isinstance(row.document, msgspec.Raw) else NULL
    return None if payload == NULL else payload


def _number(cache: sqlite3.Connection, channel: str) -> int:
    cache.execute("INSERT INTO channels (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (channel,))
    return int(cache.execute("SELECT channel FROM channels WHERE name = ?", (channel,)).fetchone()[0])


def _is_staging(cache: sqlite3.Connection, page: ChannelPage) -> bool:
    statement = "SELECT 1 FROM staging JOIN channels USING (channel) WHERE name = ?"
    return cache.execute(statement, (page.channel,)).fetchone() is not None


def _follow(cache: sqlite3.Connection, page: ChannelPage) -> set[str]:
    """Apply a page to what is in view, or to what is collected beside it."""
    if page.state == "reset":
        return _stage(cache, page, fresh=True)
    return _stage(cache, page, fresh=False) if _is_staging(cache, page) else _apply(cache, page)


def _apply(cache: sqlite3.Connection, page: ChannelPage) -> set[str]:
    channel = _number(cache, page.channel)
    rows.put(cache, channel, [rows.Newest(row.id, row.kind, row.version, _payload(row)) for row in page.rows])
    cache.execute(
        "UPDATE channels SET epoch = ?, version = ?, tag = ?, floor = ?, synced_ms = ? WHERE channel = ?",
        (page.epoch, page.next, page.tag, page.floor, time.time_ns() // 1_000_000, channel),
    )
    return {row.kind for row in page.rows}


def _differs(cache: sqlite3.Connection, page: ChannelPage) -> bool:
    """Say whether at the head a channel does not hold what the server's does."""
    held = cache.execute("SELECT digest FROM channels WHERE name = ?", (page.channel,)).fetchone()["digest"]
    return page.digest is not None and page.digest != held


def _stage(cache: sqlite3.Connection, page: ChannelPage, *, fresh: bool) -> set[str]:
    """Collect a reset beside what is in view; at the head, swap the two in this transaction."""
    channel = _number(cache, page.channel)
    if fresh:
        cache.execute("DELETE FROM staged WHERE channel = ?", (channel,))
    for row in page.rows:
        if payload := _payload(row):
            cache.execute(
                "INSERT INTO staged VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel, id) DO UPDATE SET"
                " kind = excluded.kind, version = excluded.version, payload = excluded.payload"
                " WHERE excluded.version > staged.version",
                (channel, bytes.fromhex(row.id), row.kind, row.version, payload),
            )
        else:
            cache.execute("DELETE FROM staged WHERE channel = ? AND id = ?", (channel, bytes.fromhex(row.id)))
    cache.execute(
        "INSERT INTO staging VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE SET epoch = excluded.epoch,"
        " version = excluded.version, tag = excluded.tag, floor = excluded.floor",
        (channel, page.epoch, page.next, page.tag, page.floor),
    )
    return set() if page.more else _swap(cache, channel)


def _swap(cache: sqlite3.Connection, channel: int) -> set[str]:
    changed = _delete_all(cache, channel)
    staged = cache.execute("SELECT id, kind, version, payload FROM staged WHERE channel = ?", (channel,))
    while some := staged.fetchmany(SWAP_ROWS):
        fresh = [rows.Newest(row["id"].hex(), row["kind"], row["version"], row["payload"]) for row in some]
        rows.put(cache, channel, fresh)
        changed.update(row.kind for row in fresh)
    cache.execute(
        "UPDATE channels SET (epoch, version, tag, floor) ="
        " (SELECT epoch, version, tag, floor FROM staging WHERE staging.channel = channels.channel), synced_ms = ?"
        " WHERE channel = ?",
        (time.time_ns() // 1_000_000, channel),
    )
    cache.execute("DELETE FROM staging WHERE channel = ?", (channel,))
    cache.execute("DELETE FROM staged WHERE channel = ?", (channel,))
    return changed


def _delete_all(cache: sqlite3.Connection, channel: int) -> set[str]:
    kinds = {row["kind"] for row in cache.execute("SELECT DISTINCT kind FROM documents WHERE channel = ?", (channel,))}
    rows.unindex(cache, cache.execute("SELECT doc, kind, payload FROM documents WHERE channel = ?", (channel,)))
    texts.drop_segments_of(cache, channel)
    cache.execute("DELETE FROM documents WHERE channel = ?", (channel,))
    cache.execute("DELETE FROM trimmed WHERE channel = ?", (channel,))
    cache.execute("UPDATE channels SET digest = 0 WHERE channel = ?", (channel,))
    return kinds


def _purge(cache: sqlite3.Connection, channel: str) -> set[str]:
    number = _number(cache, channel)
    changed = _delete_all(cache, number)
    for table in ("channels", "staging", "staged"):
        cache.execute(f"DELETE FROM {table} WHERE channel = ?", (number,))  # noqa: S608 - the three names above
    return changed
