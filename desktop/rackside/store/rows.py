"""One row of the mirror and its words: what lists are ordered and filtered by, and what is searched, move with it."""

import sqlite3
from collections.abc import Iterable
from zlib import crc32

import msgspec

from rackside.store.schema import SEARCHED
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id
from rackside_protocol.registry import read_document
from rackside_protocol.threads import Thread


def read(payload: bytes) -> Document | None:
    """Read a document; None when it is of a kind, or of a shape, that this version does not know: it is kept."""
    try:
        return read_document(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def put(  # noqa: PLR0917 - one row's columns
    cache: sqlite3.Connection, channel: int, document: Id, kind: str, version: int, payload: bytes | None
) -> None:
    """Write one row and its words, unless what is held is as new; without a payload it is deleted."""
    key = bytes.fromhex(document)
    old = cache.execute(
        "SELECT doc, version, kind, payload FROM documents WHERE id = ? AND channel = ?", (key, channel)
    ).fetchone()
    if old and old["version"] >= version:
        return
    if old:
        unindex(cache, old["doc"], old["kind"], old["payload"])
    if payload is None:
        cache.execute("DELETE FROM documents WHERE id = ? AND channel = ?", (key, channel))
        return
    held = read(payload)
    columns = (
        kind,
        version,
        held.parent if held else "",
        getattr(held, "author", ""),
        held.moment_ms if held else 0,
        isinstance(held, Thread) and not held.replies,
        held.signature.partition("/")[0].strip() if isinstance(held, Thread) else "",
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
    if held and kind in SEARCHED:
        cache.execute(f"INSERT INTO words_{kind} (rowid, title, body, tags) VALUES (?, ?, ?, ?)", (doc, *held.words))  # noqa: S608 - kinds of ours


def unindex(cache: sqlite3.Connection, doc: int, kind: str, payload: bytes) -> None:
    """Take a document's words out of the index, which keeps no copy of them: they must be given as they were."""
    held = read(payload) if kind in SEARCHED else None
    if held:
        cache.execute(
            f"INSERT INTO words_{kind} (words_{kind}, rowid, title, body, tags) VALUES ('delete', ?, ?, ?, ?)",  # noqa: S608 - kinds of ours
            (doc, *held.words),
        )


def forget(cache: sqlite3.Connection, docs: Iterable[int]) -> None:
    """Delete documents by their numbers and merge the index; within the caller's transaction."""
    for doc in docs:
        row = cache.execute("SELECT kind, payload FROM documents WHERE doc = ?", (doc,)).fetchone()
        unindex(cache, doc, row["kind"], row["payload"])
        cache.execute("DELETE FROM documents WHERE doc = ?", (doc,))
    optimize(cache)


def optimize(cache: sqlite3.Connection) -> None:
    """Merge the indexes, so that words that were deleted are gone from them."""
    for kind in SEARCHED:
        cache.execute(f"INSERT INTO words_{kind} (words_{kind}) VALUES ('optimize')")  # noqa: S608 - kinds of ours
