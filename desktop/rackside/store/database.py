"""The one place that opens databases and owns every write: WAL, private files, BEGIN IMMEDIATE."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

BUSY_TIMEOUT_MS = 10_000
LOOK_AGAIN_S = 0.005
PRIVATE = 0o600
VERSION = sqlite3.sqlite_version
StoreError = sqlite3.Error
"""What the store raises when a file of it cannot be read or written, for those who must not know SQLite."""

_NO_ROOM = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
"""What SQLite says on a full disk: at a commit FULL, when it opens a file SHMSIZE, on others' file systems the rest."""


def is_full(error: sqlite3.Error) -> bool:
    """Return whether this came of a disk that has no room, and of no damage."""
    return getattr(error, "sqlite_errorcode", None) in _NO_ROOM


def has_full_text_search() -> bool:
    """Return whether this SQLite was built with FTS5."""
    with closing(sqlite3.connect(":memory:")) as connection:
        return ("ENABLE_FTS5",) in connection.execute("PRAGMA compile_options").fetchall()


def as_bytes(value: object) -> bytes:
    """Return what a column of bytes holds.

    Raises:
        sqlite3.DatabaseError: it is of another type, as only damage makes it: SQLite does not hold a row to its types.
    """
    if not isinstance(value, bytes):
        raise sqlite3.DatabaseError("a value is not of the type that was written: the file is damaged")
    return value


def connect(path: Path, *, durable: bool = False, readonly: bool = False) -> sqlite3.Connection:
    """Open a database of this program, made with mode 0600 if it is not there; -wal and -shm take that mode over.

    Args:
        path: the file.
        durable: fsync at every commit (synchronous=FULL), for what a person wrote; otherwise NORMAL.
        readonly: refuse every write.

    Raises:
        sqlite3.DatabaseError: the file is damaged or is no database.
        OSError: the file cannot be made.
    """
    if not readonly:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_private(path)
        if durable and not path.stat().st_size:
            _sync_names(path)
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        _use_wal(connection)
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute(f"PRAGMA query_only = {int(readonly)}")
    except BaseException:
        connection.close()
        raise
    return connection


def _make_private(path: Path) -> None:
    """Make an empty file of mode 0600, and do not touch one that is there.

    To open and close it would drop the POSIX locks of this process's other connections, and another process could then
    delete the WAL under them (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))


def _sync_names(path: Path) -> None:
    """Have the names of a new file and of the folders above it on the disk.

    SQLite syncs the folder that its files are in and none above: with a power cut a new folder would be gone with all
    that was committed in it. Windows cannot sync a folder; NTFS journals names by itself.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    for folder in path.absolute().parents:
        with suppress(PermissionError):  # a folder that this person cannot read was not made by this program
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL. The busy timeout does not cover this: two that open a new file at once collide."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if is_full(error) or time.monotonic() > until:
                raise
            time.sleep(LOOK_AGAIN_S)
        else:
            return


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit everything in the block, or nothing. Nested, it is a savepoint.

    BEGIN IMMEDIATE takes the write lock at once: a deferred BEGIN that reads and then writes ends in "database is
    locked" in spite of the timeout, 1,002 times of 1,200 with three processes.
    """
    nested = connection.in_transaction
    connection.execute("SAVEPOINT nested" if nested else "BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("RELEASE nested" if nested else "COMMIT")
    except BaseException:
        if not connection.in_transaction:
            pass  # a full disk has made SQLite roll back by itself
        elif nested:
            connection.execute("ROLLBACK TO nested")
            connection.execute("RELEASE nested")
        else:
            connection.execute("ROLLBACK")
        raise
