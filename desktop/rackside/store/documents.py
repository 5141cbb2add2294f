"""The mirror: every document this console may read, as the server last sent it, and how far each channel is.

Only sync writes here. Rows and cursors move in one transaction, so a kill at any instruction loses and repeats nothing.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar
from zlib import crc32

import msgspec

from rackside.store import Store
from rackside.store.database import writing
from rackside.store.schema import SEARCHED
from rackside_protocol.documents import Document, kind_of
from rackside_protocol.ids import Id
from rackside_protocol.registry import DOCUMENTS, read_document
from rackside_protocol.sync import ChannelPage, Cursor, Row
from rackside_protocol.threads import Thread

D = TypeVar("D", bound=Document)
Order: TypeAlias = Literal["newest", "oldest"]
ThreadFilter: TypeAlias = Literal["newest", "unanswered", "mine"]
NULL: Final = b"null"
_ORDERS: Final[dict[Order, str]] = {"newest": "moment_ms DESC, doc DESC", "oldest": "moment_ms, doc"}


@dataclass(frozen=True)
class ChannelState:
    """How much this console holds of a channel, and up to which version."""

    name: str
    version: int
    documents: int
    size_bytes: int
    synced_ms: int


def get(store: Store, document: Id) -> Document | None:
    """Return a document by its id, or None when this console does not hold it."""
    try:
        key = bytes.fromhex(document)
    except ValueError:
        return None
    row = store.cache.execute("SELECT payload FROM documents WHERE id = ? LIMIT 1", (key,)).fetchone()
    return _read(row["payload"]) if row else None


def of_kind(
    store: Store, kind: type[D], *, parent: str | None = None, limit: int = 50, offset: int = 0, order: Order = "newest"
) -> list[D]:
    """Return documents of a kind, a page at a time; with `parent`, those of one thread, group or idea."""
    where, values = "kind = ?", [kind_of(kind)]
    if parent is not None:
        where, values = f"{where} AND parent = ?", [*values, parent]
    return _page(store, kind, where, values, limit, offset, _ORDERS[order])


def by_author(store: Store, kind: type[D], author: Id, *, limit: int = 50) -> list[D]:
    """Return the newest documents of a kind that a member wrote."""
    return _page(store, kind, "kind = ? AND author = ?", [kind_of(kind), author], limit, 0, _ORDERS["newest"])


def threads(store: Store, which: ThreadFilter, *, me: Id, offset: int = 0, limit: int = 50) -> list[Thread]:
    """Return a page of threads: newest activity first, without a reply, or the member's own."""
    where, values = _threads_where(which, me)
    return _page(store, Thread, where, values, limit, offset, _ORDERS["newest"])


def count_threads(store: Store, which: ThreadFilter = "newest", *, me: Id = "") -> int:
    """Return how many threads that is."""
    where, values = _threads_where(which, me)
    row = store.cache.execute(f"SELECT count(*) FROM documents WHERE {where}", values).fetchone()  # noqa: S608 - ours
    return int(row[0])


def with_alert(store: Store, alert: str, *, limit: int = 100) -> list[Thread]:
    """Return the threads whose signature begins with this kind of alert."""
    return _page(store, Thread, "alert = ?", [alert], limit, 0, _ORDERS["newest"])


def channels(store: Store) -> list[ChannelState]:
    """Return the channels that this console holds, by name."""
    rows = store.cache.execute(
        "SELECT name, channels.version, synced_ms, count(doc) AS held, coalesce(sum(length(payload)), 0) AS size"
        " FROM channels LEFT JOIN documents USING (channel) GROUP BY channel ORDER BY name"
    )
    return [ChannelState(row["name"], row["version"], row["held"], row["size"], row["synced_ms"]) for row in rows]


def last_synced_ms(store: Store) -> int:
    """Return when a channel was last brought up to date, 0 if none ever was."""
    return int(store.cache.execute("SELECT coalesce(max(synced_ms), 0) FROM channels").fetchone()[0])


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


def apply_pages(store: Store, pages: Sequence[ChannelPage], asked: Iterable[Cursor]) -> set[str]:
    """Apply the pages of one answer, rows and cursors in one transaction; return the kinds that changed.

    Args:
        store: this thread's store.
        pages: what the server sent.
        asked: the cursors that the request carried. A page that does not follow on what is held now is passed over: it
            will be asked for again, so applying twice or out of order ends in the same state.
    """
    since = {cursor.channel: cursor for cursor in asked}
    changed: set[str] = set()
    gone = [page.channel for page in pages if page.state == "gone"]
    with writing(store.cache) as cache:
        held = {cursor.channel: cursor for cursor in cursors(store)}
        for page in pages:
            if page.state == "gone":
                changed |= _purge(cache, page.channel)
            elif _place(held.get(page.channel)) != _place(since.get(page.channel)):
                continue
            elif page.state == "reset":
                changed |= _stage(cache, page, fresh=True)
            elif page.state == "rows":
                changed |= _stage(cache, page, fresh=False) if _is_staging(cache, page) else _apply(cache, page)
    if gone:
        _scrub(store.cache)
    return changed


def purge(store: Store, channel: str) -> set[str]:
    """Delete every byte of a channel, on the disk too; return the kinds that were in it."""
    with writing(store.cache) as cache:
        changed = _purge(cache, channel)
    _scrub(store.cache)
    return changed


def forget(cache: sqlite3.Connection, docs: Iterable[int]) -> None:
    """Delete documents by their numbers and merge the index; within the caller's transaction."""
    for doc in docs:
        row = cache.execute("SELECT kind, payload FROM documents WHERE doc = ?", (doc,)).fetchone()
        _unindex(cache, doc, row["kind"], row["payload"])
        cache.execute("DELETE FROM documents WHERE doc = ?", (doc,))
    _optimize(cache)


def _place(cursor: Cursor | None) -> tuple[str, int]:
    return (cursor.epoch, cursor.version) if cursor else ("", 0)


def _read(payload: bytes) -> Document | None:
    """Read a document; None when it is of a kind, or of a shape, that this version does not know: it is kept."""
    try:
        return read_document(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _payload(row: Row) -> bytes | None:
    """Return the document's bytes, None when it is gone."""
    payload = bytes(row.document) if isinstance(row.document, msgspec.Raw) else NULL
    return None if payload == NULL else payload


def _page(  # noqa: PLR0917 - one statement's parts
    store: Store, kind: type[D], where: str, values: Sequence[object], limit: int, offset: int, order: str
) -> list[D]:
    rows = store.cache.execute(
        f"SELECT payload FROM documents WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608 - our own words
        [*values, limit, offset],
    )
    found = (_read(row["payload"]) for row in rows)
    return [each for each in found if isinstance(each, kind)]


def _threads_where(which: ThreadFilter, me: Id) -> tuple[str, list[object]]:
    if which == "unanswered":
        return "kind = 'thread' AND open", []
    if which == "mine":
        return "kind = 'thread' AND author = ?", [me]
    return "kind = 'thread'", []


def _number(cache: sqlite3.Connection, channel: str) -> int:
    cache.execute("INSERT INTO channels (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (channel,))
    return int(cache.execute("SELECT channel FROM channels WHERE name = ?", (channel,)).fetchone()[0])


def _is_staging(cache: sqlite3.Connection, page: ChannelPage) -> bool:
    statement = "SELECT 1 FROM staging JOIN channels USING (channel) WHERE name = ?"
    return cache.execute(statement, (page.channel,)).fetchone() is not None


def _apply(cache: sqlite3.Connection, page: ChannelPage) -> set[str]:
    channel = _number(cache, page.channel)
    for row in page.rows:
        _put(cache, channel, row.id, row.kind, row.version, _payload(row))
    cache.execute(
        "UPDATE channels SET epoch = ?, version = ?, tag = ?, floor = ?, synced_ms = ? WHERE channel = ?",
        (page.epoch, page.next, page.tag, page.floor, time.time_ns() // 1_000_000, channel),
    )
    return {row.kind for row in page.rows}


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
    for row in cache.execute("SELECT * FROM staged WHERE channel = ?", (channel,)):
        changed.add(row["kind"])
        _put(cache, channel, row["id"].hex(), row["kind"], row["version"], row["payload"])
    cache.execute(
        "UPDATE channels SET (epoch, version, tag, floor) ="
        " (SELECT epoch, version, tag, floor FROM staging WHERE staging.channel = channels.channel), synced_ms = ?"
        " WHERE channel = ?",
        (time.time_ns() // 1_000_000, channel),
    )
    cache.execute("DELETE FROM staging WHERE channel = ?", (channel,))
    cache.execute("DELETE FROM staged WHERE channel = ?", (channel,))
    return changed


def _put(  # noqa: PLR0917 - one row's columns
    cache: sqlite3.Connection, channel: int, document: Id, kind: str, version: int, payload: bytes | None
) -> None:
    key = bytes.fromhex(document)
    old = cache.execute(
        "SELECT doc, version, kind, payload FROM documents WHERE id = ? AND channel = ?", (key, channel)
    ).fetchone()
    if old and old["version"] >= version:
        return
    if old:
        _unindex(cache, old["doc"], old["kind"], old["payload"])
    if payload is None:
        cache.execute("DELETE FROM documents WHERE id = ? AND channel = ?", (key, channel))
        return
    read = _read(payload)
    columns = (
        kind,
        version,
        read.parent if read else "",
        getattr(read, "author", ""),
        read.moment_ms if read else 0,
        isinstance(read, Thread) and not read.replies,
        read.signature.partition("/")[0].strip() if isinstance(read, Thread) else "",
        payload,
        crc32(payload),
    )
    doc = cache.execute(
        "INSERT INTO documents (id, channel, kind, version, parent, author, moment_ms, open, alert, payload, digest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, channel) DO UPDATE SET kind = excluded.kind,"
        " version = excluded.version, parent = excluded.parent, author = excluded.author,"
        " moment_ms = excluded.moment_ms, open = excluded.open, alert = excluded.alert, payload = excluded.payload,"
        " digest = excluded.digest"
        " RETURNING doc",
        (key, channel, *columns),
    ).fetchone()["doc"]
    if read and kind in SEARCHED:
        cache.execute(f"INSERT INTO words_{kind} (rowid, title, body, tags) VALUES (?, ?, ?, ?)", (doc, *read.words))  # noqa: S608 - kinds of ours


def _unindex(cache: sqlite3.Connection, doc: int, kind: str, payload: bytes) -> None:
    read = _read(payload) if kind in SEARCHED else None
    if read:
        cache.execute(
            f"INSERT INTO words_{kind} (words_{kind}, rowid, title, body, tags) VALUES ('delete', ?, ?, ?, ?)",  # noqa: S608 - kinds of ours
            (doc, *read.words),
        )


def _delete_all(cache: sqlite3.Connection, channel: int) -> set[str]:
    kinds = set()
    for row in cache.execute("SELECT doc, kind, payload FROM documents WHERE channel = ?", (channel,)):
        kinds.add(row["kind"])
        _unindex(cache, row["doc"], row["kind"], row["payload"])
    cache.execute("DELETE FROM documents WHERE channel = ?", (channel,))
    return kinds


def _purge(cache: sqlite3.Connection, channel: str) -> set[str]:
    number = _number(cache, channel)
    changed = _delete_all(cache, number)
    for table in ("channels", "staging", "staged"):
        cache.execute(f"DELETE FROM {table} WHERE channel = ?", (number,))  # noqa: S608 - the three names above
    return changed


def _scrub(cache: sqlite3.Connection) -> None:
    """Leave no fragment of what was deleted in the files: `secure_delete` overwrites it, these two move it there."""
    _optimize(cache)
    cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _optimize(cache: sqlite3.Connection) -> None:
    for kind in SEARCHED:
        cache.execute(f"INSERT INTO words_{kind} (words_{kind}) VALUES ('optimize')")  # noqa: S608 - kinds of ours


def is_intact(store: Store) -> bool:
    """Check the mirror's structure and each document's digest; `integrity_check` alone saw 10 of 150 bit flips."""
    cache = store.cache
    cache.create_function("crc32", 1, crc32, deterministic=True)
    try:
        whole = cache.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        return whole and cache.execute("SELECT 1 FROM documents WHERE crc32(payload) <> digest").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def everything(store: Store) -> dict[tuple[Id, str], Document | None]:
    """Return every document that is held, by its id and channel; None where this version cannot read it."""
    rows = store.cache.execute("SELECT id, name, payload FROM documents JOIN channels USING (channel)")
    return {(row["id"].hex(), row["name"]): _read(row["payload"]) for row in rows}


def unknown_kinds(store: Store) -> set[str]:
    """Return kinds that a newer server sent and this console keeps without showing them."""
    held = {row["kind"] for row in store.cache.execute("SELECT DISTINCT kind FROM documents")}
    return held - set(DOCUMENTS)
