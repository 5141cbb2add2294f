"""Rows of the mirror and their words: what lists are ordered and filtered by, and what is searched, move with them.

A channel's digest moves with them too, so that it can be compared with the server's; see `rackside_protocol.sync`.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from zlib import crc32

import msgspec

from rackside.store import texts
from rackside.store.schema import SEARCHED
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id
from rackside_protocol.registry import read_document
from rackside_protocol.sync import row_digest
from rackside_protocol.threads import Thread

MOST_MARKS: Final = 1_000
"""Ids in one statement."""
_COLUMNS: Final = "kind, version, parent, author, moment_ms, open, alert"
_HELD: Final = f"""
    SELECT doc, id, version, kind, digest, CASE WHEN kind IN {SEARCHED} THEN payload END AS payload
    FROM documents WHERE channel = ? AND id IN ({{marks}})
"""  # noqa: S608 - our own words
_PUT: Final = f"""
    INSERT INTO documents (doc, id, channel, payload, digest, {_COLUMNS}, seal)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (doc) DO UPDATE SET payload = excluded.payload, digest = excluded.digest, kind = excluded.kind,
    version = excluded.version, parent = excluded.parent, author = excluded.author, moment_ms = excluded.moment_ms,
    open = excluded.open, alert = excluded.alert, seal = excluded.seal
"""  # noqa: S608 - our own words
_UNSEALED: Final = f"""
    SELECT 1 FROM documents WHERE digest <> row_digest(id, payload) OR seal <> seal({_COLUMNS}, digest) LIMIT 1
"""  # noqa: S608 - our own words


class Newest(NamedTuple):
    """A document as the server last sent it; without a payload it is gone."""

    id: Id
    kind: str
    version: int
    payload: bytes | None


def read(payload: bytes) -> Document | None:
    """Read a document; None when it is of a kind, or of a shape, that this version does not know: it is kept."""
    try:
        return read_document(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def put(cache: sqlite3.Connection, channel: int, rows: Sequence[Newest]) -> None:
    """Write rows of a channel, their words and its digest; one that is held as new or newer stays as it is."""
    for start in range(0, len(rows), MOST_MARKS):
        _put(cache, channel, rows[start : start + MOST_MARKS])


def _put(cache: sqlite3.Connection, channel: int, rows: Sequence[Newest]) -> None:
    keys = [bytes.fromhex(row.id) for row in rows]
    statement = _HELD.format(marks=", ".join("?" * len(keys)))
    held = {row["id"]: row for row in cache.execute(statement, (channel, *keys))}
    wanted = {
        key: row for key, row in zip(keys, rows, strict=True) if key not in held or held[key]["version"] < row.version
    }
    old = [held[key] for key in wanted if key in held]
    digest = _take(cache, channel, wanted)
    for row in old:
        digest ^= row["digest"]
    unindex(cache, old)
    doc = cache.execute("SELECT coalesce(max(doc), 0) FROM documents").fetchone()[0]
    written, words = [], []
    for key, row in wanted.items():
        if row.payload is None:
            continue
        doc += 1
        number = held[key]["doc"] if key in held else doc
        document = read(row.payload)
        fresh = row_digest(row.id, row.payload)
        digest ^= fresh
        columns = (row.kind, row.version, *_listed(document))
        written.append((number, key, channel, row.payload, fresh, *columns, _seal(*columns, fresh)))
        if document and row.kind in SEARCHED:
            words.append((row.kind, (number, *document.words)))
    gone = [(held[key]["doc"],) for key, row in wanted.items() if row.payload is None and key in held]
    cache.executemany("DELETE FROM documents WHERE doc = ?", gone)
    cache.executemany(_PUT, written)
    for kind in SEARCHED:
        cache.executemany(
            f"INSERT INTO words_{kind} (rowid, title, body, tags) VALUES (?, ?, ?, ?)",  # noqa: S608 - kinds of ours
            [each for about, each in words if about == kind],
        )
    _move_digest(cache, channel, digest)


def _listed(document: Document | None) -> tuple[str, str, int, int, str]:
    """Return what lists go by: parent, author, moment, whether nobody replied, and the kind of alert."""
    thread = document if isinstance(document, Thread) else None
    return (
        document.parent if document else "",
        getattr(document, "author", ""),
        document.moment_ms if document else 0,
        int(thread is not None and not thread.replies and not thread.how_to),
        thread.signature.partition("/")[0].strip() if thread else "",
    )


def _take(cache: sqlite3.Connection, channel: int, keys: Iterable[bytes]) -> int:
    """Return the digest of what was trimmed of these documents, which are trimmed no longer."""
    digest = 0
    if cache.execute("SELECT 1 FROM trimmed WHERE channel = ? LIMIT 1", (channel,)).fetchone():
        for key in keys:
            statement = "DELETE FROM trimmed WHERE channel = ? AND id = ? RETURNING digest"
            for row in cache.execute(statement, (channel, key)).fetchall():
                digest ^= row["digest"]
    return digest


def _move_digest(cache: sqlite3.Connection, channel: int, by: int) -> None:
    # SQLite has no exclusive or; a + b - 2ab, bit by bit, is it.
    statement = "UPDATE channels SET digest = (digest | ?1) - (digest & ?1) WHERE channel = ?2"
    cache.execute(statement, (by, channel))


def unindex(cache: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> None:
    """Take documents' words out of the index, which keeps no copy of them: they must be given as they were."""
    for row in rows:
        document = read(row["payload"]) if row["kind"] in SEARCHED else None
        if document:
            cache.execute(
                f"INSERT INTO words_{row['kind']} (words_{row['kind']}, rowid, title, body, tags)"  # noqa: S608 - kinds of ours
                " VALUES ('delete', ?, ?, ?, ?)",
                (row["doc"], *document.words),
            )


def forget(cache: sqlite3.Connection, docs: Iterable[int]) -> None:
    """Delete documents by their numbers and merge the index; within the caller's transaction.

    What is left of each is its digest, so that its channel's can still be compared.
    """
    for doc in docs:
        rows = cache.execute("SELECT doc, kind, payload FROM documents WHERE doc = ?", (doc,)).fetchall()
        unindex(cache, rows)
        cache.execute("INSERT INTO trimmed SELECT channel, id, digest FROM documents WHERE doc = ?", (doc,))
        cache.execute("DELETE FROM documents WHERE doc = ?", (doc,))
    optimize(cache)


def optimize(cache: sqlite3.Connection) -> None:
    """Merge the indexes, so that words that were deleted are gone from them."""
    for kind in SEARCHED:
        cache.execute(f"INSERT INTO words_{kind} (words_{kind}) VALUES ('optimize')")  # noqa: S608 - kinds of ours


def are_intact(cache: sqlite3.Connection) -> bool:
    """Check every row and word: each document against its digest, each channel's digest, the index against its texts.

    `integrity_check` alone saw 10 of 150 bit flips: it does not know what the bytes of a payload should be.

    Raises:
        sqlite3.DatabaseError: a page cannot be read.
    """
    cache.create_function("row_digest", 2, lambda key, payload: row_digest(key.hex(), payload), deterministic=True)
    cache.create_function("seal", -1, _seal, deterministic=True)
    cache.create_function("searched", 2, _searched, deterministic=True)
    if cache.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok" or cache.execute(_UNSEALED).fetchone():
        return False
    words_agree = all(_index_agrees(cache, kind) for kind in SEARCHED)
    return words_agree and _digests_agree(cache) and texts.are_sealed(cache)


def _digests_agree(cache: sqlite3.Connection) -> bool:
    held: dict[int, int] = {}
    for row in cache.execute("SELECT channel, digest FROM documents UNION ALL SELECT channel, digest FROM trimmed"):
        held[row["channel"]] = held.get(row["channel"], 0) ^ row["digest"]
    kept = {row["channel"]: row["digest"] for row in cache.execute("SELECT channel, digest FROM channels")}
    return held.keys() <= kept.keys() and all(held.get(channel, 0) == digest for channel, digest in kept.items())


def _index_agrees(cache: sqlite3.Connection, kind: str) -> bool:
    """Have FTS5 compare its index with the words of every document."""
    try:
        cache.execute(f"INSERT INTO words_{kind} (words_{kind}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - kinds of ours
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error):
            return False
        raise
    return True


def _seal(*columns: object) -> int:
    """Return what tells whether the columns beside a payload are as they were written."""
    return crc32(repr(columns).encode())


@lru_cache(maxsize=1)
def _words(payload: bytes) -> tuple[str, str, str]:
    document = read(payload)
    return document.words if document else ("", "", "")


def _searched(payload: bytes, column: int) -> str:
    """Return one column of a document's words, for the views that the index is checked against."""
    return _words(payload)[column]
