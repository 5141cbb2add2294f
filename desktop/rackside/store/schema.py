"""The tables of the three files, and how each is opened: migrated to this version, or put aside when it is damaged."""

import logging
import sqlite3
import time
from pathlib import Path
from typing import Final

from rackside.store.database import connect, writing

log = logging.getLogger(__name__)

SEARCHED: Final = ("thread", "post", "idea", "member", "group")
"""The kinds of documents with a full text index, one table each: BM25 normalises by the whole row, so kinds of very
different length must not share one."""

_CACHE: Final = (
    (
        """CREATE TABLE channels (
            channel INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL DEFAULT '',
            version INTEGER NOT NULL DEFAULT 0, tag INTEGER NOT NULL DEFAULT 0, floor INTEGER NOT NULL DEFAULT 0,
            synced_ms INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE staging (
            channel INTEGER PRIMARY KEY, epoch TEXT NOT NULL, version INTEGER NOT NULL, tag INTEGER NOT NULL,
            floor INTEGER NOT NULL)""",
        """CREATE TABLE staged (
            channel INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
            payload BLOB NOT NULL, PRIMARY KEY (channel, id)) WITHOUT ROWID""",
        """CREATE TABLE documents (
            doc INTEGER PRIMARY KEY, channel INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL,
            version INTEGER NOT NULL, parent TEXT NOT NULL, author TEXT NOT NULL, moment_ms INTEGER NOT NULL,
            open INTEGER NOT NULL, alert TEXT NOT NULL, payload BLOB NOT NULL)""",
        "CREATE UNIQUE INDEX document_id ON documents (id, channel)",
        "CREATE INDEX document_moment ON documents (kind, moment_ms)",
        "CREATE INDEX document_parent ON documents (kind, parent, moment_ms)",
        "CREATE INDEX document_author ON documents (kind, author, moment_ms)",
        "CREATE INDEX document_open ON documents (kind, moment_ms) WHERE open",
        "CREATE INDEX document_alert ON documents (alert) WHERE alert <> ''",
        "CREATE INDEX document_channel ON documents (channel)",
        *(
            f"CREATE VIRTUAL TABLE words_{kind} USING fts5("
            "title, body, tags, content='', tokenize='porter unicode61 remove_diacritics 2')"
            for kind in SEARCHED
        ),
    ),
)
_OUTBOX: Final = (
    (
        """CREATE TABLE actions (
            place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, target TEXT NOT NULL,
            body BLOB NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
            created_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, at BLOB NOT NULL DEFAULT '[]')""",
        "CREATE TABLE drafts (name TEXT PRIMARY KEY, text TEXT NOT NULL, saved_ms INTEGER NOT NULL) WITHOUT ROWID",
    ),
)


def cache(folder: Path) -> sqlite3.Connection:
    """Open the mirror. One that is damaged is renamed and begun anew: the next sync fills it."""
    path = folder / "cache.db"
    try:
        return _opened(path, _CACHE, durable=False)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            raise
        aside = path.with_suffix(f".damaged-{int(time.time())}")
        log.error("The cache is damaged (%s). It is kept as %s and filled again by the next sync.", error, aside.name)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.rename(aside)
        return _opened(path, _CACHE, durable=False)


def outbox(folder: Path) -> sqlite3.Connection:
    """Open what the person wrote; every commit is on the disk when it returns."""
    return _opened(folder / "outbox.db", _OUTBOX, durable=True)


def local(folder: Path) -> sqlite3.Connection:
    """Open what this machine saw."""
    from rackside.store.local import SCHEMA

    return _opened(folder / "local.db", SCHEMA, durable=False)


def _opened(path: Path, versions: tuple[tuple[str, ...], ...], *, durable: bool) -> sqlite3.Connection:
    """Open a file and bring it to the newest version; `versions` holds the statements of each step."""
    connection = connect(path, durable=durable)
    try:
        held = connection.execute("PRAGMA user_version").fetchone()[0]
        if held < len(versions):
            with writing(connection):
                held = connection.execute("PRAGMA user_version").fetchone()[0]
                for statement in (each for version in versions[held:] for each in version):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {len(versions)}")
    except BaseException:
        connection.close()
        raise
    return connection
