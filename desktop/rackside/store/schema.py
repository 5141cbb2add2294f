"""The tables of the three files, and how each is opened: migrated to this version, or put aside when it is damaged."""

import logging
import sqlite3
import threading
from pathlib import Path
from typing import Final
from zlib import crc32

from rackside.store import damage
from rackside.store.database import connect, is_full, writing
from rackside_protocol.registry import DOCUMENTS

log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()
"""Two threads that find the mirror damaged at once would put aside the new one of each other."""

SEARCHED: Final = ("thread", "post", "packed_answer", "idea", "member", "group")
"""The kinds of documents with a full text index, one table each: BM25 normalises by the whole row, so kinds of very
different length must not share one."""

RANKED: Final = ("thread", "post", "packed_answer")
"""The kinds of documents that answers are ranked from."""
SUSPECT: Final = "cache.suspect"
DAMAGED: Final = "cache.damaged"
LOCAL: Final = "local.db"
CACHE_VERSION: Final = 5
"""Raise it when a table of the mirror, or what a document says to a list or an index, changes."""
_READING: Final = crc32(" ".join([str(CACHE_VERSION), *sorted(DOCUMENTS)]).encode()) & 0x7FFF_FFFF
"""How documents were read when the mirror was filled: a kind that was new then was kept, but not read."""


def _index(kind: str) -> tuple[str, str]:
    """Return how a kind's index is made; only a check of it reads the view, on a connection that knows `searched`."""
    columns = ", ".join(
        f"searched(payload, {number}) AS {name}" for number, name in enumerate(("title", "body", "tags"))
    )
    options = f"content='searched_{kind}', content_rowid='doc', tokenize='porter unicode61 remove_diacritics 2'"
    return (
        f"CREATE VIEW searched_{kind} AS SELECT doc, {columns} FROM documents WHERE kind = '{kind}'",  # noqa: S608 - kinds of ours
        f"CREATE VIRTUAL TABLE words_{kind} USING fts5(title, body, tags, {options})",
    )


def _waiting() -> tuple[str, ...]:
    """Return what has each ranked document wait for the index when it is new or changed, and leave it when it goes."""
    # No OR REPLACE: within an upsert a trigger's statements take over how the upsert resolves a conflict.
    put = "DELETE FROM texts WHERE doc = new.doc; INSERT INTO texts (doc) VALUES (new.doc)"
    return (
        f"CREATE TRIGGER text_new AFTER INSERT ON documents WHEN new.kind IN {RANKED} BEGIN {put}; END",
        f"CREATE TRIGGER text_changed AFTER UPDATE ON documents WHEN new.kind IN {RANKED} BEGIN {put}; END",
        "CREATE TRIGGER text_gone AFTER DELETE ON documents BEGIN DELETE FROM texts WHERE doc = old.doc; END",
    )


_CACHE: Final = (
    (
        """CREATE TABLE channels (
            channel INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL DEFAULT '',
            version INTEGER NOT NULL DEFAULT 0, tag INTEGER NOT NULL DEFAULT 0, floor INTEGER NOT NULL DEFAULT 0,
            digest INTEGER NOT NULL DEFAULT 0, synced_ms INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE staging (
            channel INTEGER PRIMARY KEY, epoch TEXT NOT NULL, version INTEGER NOT NULL, tag INTEGER NOT NULL,
            floor INTEGER NOT NULL)""",
        """CREATE TABLE staged (
            channel INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
            payload BLOB NOT NULL, PRIMARY KEY (channel, id)) WITHOUT ROWID""",
        """CREATE TABLE documents (
            doc INTEGER PRIMARY KEY, channel INTEGER NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL,
            version INTEGER NOT NULL, parent TEXT NOT NULL, author TEXT NOT NULL, moment_ms INTEGER NOT NULL,
            open INTEGER NOT NULL, alert TEXT NOT NULL, payload BLOB NOT NULL, digest INTEGER NOT NULL,
            seal INTEGER NOT NULL)""",
        """CREATE TABLE trimmed (
            channel INTEGER NOT NULL, id BLOB NOT NULL, digest INTEGER NOT NULL,
            PRIMARY KEY (channel, id)) WITHOUT ROWID""",
        "CREATE UNIQUE INDEX document_id ON documents (id, channel)",
        "CREATE INDEX document_moment ON documents (kind, moment_ms)",
        "CREATE INDEX document_parent ON documents (kind, parent, moment_ms)",
        "CREATE INDEX document_author ON documents (kind, author, moment_ms)",
        "CREATE INDEX document_open ON documents (kind, moment_ms) WHERE open",
        "CREATE INDEX document_alert ON documents (alert) WHERE alert <> ''",
        "CREATE INDEX document_channel ON documents (channel)",
        """CREATE TABLE texts (
            doc INTEGER PRIMARY KEY, segment INTEGER NOT NULL DEFAULT 0, fields BLOB, duplicate_of BLOB)""",
        "CREATE INDEX text_segment ON texts (segment)",
        "CREATE INDEX text_duplicate ON texts (duplicate_of) WHERE duplicate_of IS NOT NULL",
        """CREATE TABLE segments (
            segment INTEGER PRIMARY KEY, documents INTEGER NOT NULL, seal INTEGER NOT NULL, docs BLOB NOT NULL,
            terms BLOB NOT NULL, starts BLOB NOT NULL, holders BLOB NOT NULL, impacts BLOB NOT NULL)""",
        *_waiting(),
        f"PRAGMA application_id = {_READING}",
        *(statement for kind in SEARCHED for statement in _index(kind)),
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
    (
        "ALTER TABLE actions ADD COLUMN member TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE actions ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX action_state ON actions (state, place)",
    ),
    ("CREATE TABLE pins (thread TEXT PRIMARY KEY, pinned_ms INTEGER NOT NULL) WITHOUT ROWID",),
)


_LOCAL: Final = (
    (
        "CREATE TABLE metrics (metric INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        """CREATE TABLE seconds (
            metric INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
            PRIMARY KEY (metric, at)) WITHOUT ROWID""",
        *(
            f"""CREATE TABLE {table} (
                metric INTEGER NOT NULL, at INTEGER NOT NULL, low REAL NOT NULL, mean REAL NOT NULL, high REAL NOT NULL,
                count INTEGER NOT NULL, PRIMARY KEY (metric, at)) WITHOUT ROWID"""
            for table in ("minutes", "hours")
        ),
        """CREATE TABLE alerts (
            id TEXT PRIMARY KEY, raised_s REAL NOT NULL, cleared_s REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX alert_cleared ON alerts (cleared_s)",
        "CREATE TABLE panels (creative TEXT NOT NULL, outcome TEXT NOT NULL, at_s REAL NOT NULL)",
    ),
    (
        """CREATE TABLE trials (
            alert TEXT NOT NULL, post TEXT NOT NULL, thread TEXT NOT NULL, signature TEXT NOT NULL,
            summary TEXT NOT NULL, started_s REAL NOT NULL, said_h INTEGER NOT NULL DEFAULT -1,
            quiet_until_s REAL NOT NULL DEFAULT 0, PRIMARY KEY (alert, post)) WITHOUT ROWID""",
    ),
    ("CREATE TABLE checks (label TEXT PRIMARY KEY, body BLOB NOT NULL, every_s REAL NOT NULL) WITHOUT ROWID",),
    (
        """CREATE TABLE events (
            id TEXT PRIMARY KEY, at_s REAL NOT NULL, until_s REAL NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
            sentence TEXT NOT NULL, link TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX event_at ON events (at_s)",
        "CREATE INDEX event_subject ON events (subject, at_s)",
    ),
    (
        "ALTER TABLE checks ADD COLUMN host TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE checks ADD COLUMN retries INTEGER NOT NULL DEFAULT 2",
        """CREATE TABLE stands (
            label TEXT PRIMARY KEY, state TEXT NOT NULL, since_s REAL NOT NULL, said TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE TABLE hosts (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE maintenance (id TEXT PRIMARY KEY, over_s REAL NOT NULL, body BLOB NOT NULL) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE log_positions (source TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID",
        """CREATE TABLE log_groups (
            signature TEXT PRIMARY KEY, unit TEXT, body BLOB NOT NULL, last_s REAL NOT NULL) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE devices (
            subnet TEXT NOT NULL, identity TEXT NOT NULL, body BLOB NOT NULL, missed INTEGER NOT NULL,
            PRIMARY KEY (subnet, identity)) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE deliveries (
            id TEXT PRIMARY KEY, way TEXT NOT NULL, body BLOB NOT NULL, due_s REAL NOT NULL, attempts INTEGER NOT NULL,
            said TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE TABLE told (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID",
    ),
    ("CREATE TABLE inventory (section TEXT PRIMARY KEY, body BLOB NOT NULL, at_s REAL NOT NULL) WITHOUT ROWID",),
)


def cache(folder: Path) -> sqlite3.Connection:
    """Open the mirror. One that is damaged is renamed and begun anew: the next sync fills it.

    So is, without keeping it, one that another version of this program made: it was read with other eyes.
    """
    with _one_at_a_time:
        return _cache(folder)


def _cache(folder: Path) -> sqlite3.Connection:
    path = folder / "cache.db"
    try:
        _believe(folder)
        connection = _opened(path, _CACHE, durable=False)
        if connection.execute("PRAGMA application_id").fetchone()[0] == _READING:
            return connection
        connection.close()
        _put_aside(path, None)
    except sqlite3.DatabaseError as error:
        if is_full(error) or (isinstance(error, sqlite3.OperationalError) and "locked" in str(error)):
            raise
        aside = path.with_name(DAMAGED)
        _put_aside(path, aside)
        (folder / SUSPECT).unlink(missing_ok=True)
        log.warning("The cache is damaged (%s). It is kept as %s; the next sync fills a new one.", error, aside.name)
    return _opened(path, _CACHE, durable=False)


def suspect(folder: Path) -> None:
    """Have the mirror put aside when it is opened next; what has it open goes on with it until then."""
    (folder / SUSPECT).touch()


def outbox(folder: Path) -> sqlite3.Connection:
    """Open what the person wrote; every commit is on the disk when it returns.

    Of a damaged file all that can be read is saved into a new one, and the person is told.
    """
    with _one_at_a_time:
        tables = ("actions", "drafts", "pins")
        return damage.salvaged(folder / "outbox.db", lambda path: _opened(path, _OUTBOX, durable=True), tables)


def local(folder: Path) -> sqlite3.Connection:
    """Open what this machine saw. A damaged file is put aside and begun anew, and the person is told."""
    with _one_at_a_time:
        return damage.anew(folder / LOCAL, lambda path: _opened(path, _LOCAL, durable=False))


def _believe(folder: Path) -> None:
    if (folder / SUSPECT).exists():
        raise sqlite3.DatabaseError("a check found it so")


def _put_aside(path: Path, aside: Path | None) -> None:
    """Move a database out of the way, or delete it."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if aside:
        path.replace(aside)
    else:
        path.unlink()


def _opened(path: Path, versions: tuple[tuple[str, ...], ...], *, durable: bool) -> sqlite3.Connection:
    """Open a file and bring it to the newest version; `versions` holds the statements of each step."""
    connection = connect(path, durable=durable)
    try:
        connection.execute("PRAGMA secure_delete = ON")
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
