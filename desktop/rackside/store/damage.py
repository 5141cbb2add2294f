"""What to do with a damaged file that cannot be fetched again: keep it, save what can be read, and tell the person.

The steps end in the same state wherever the program is killed: the new file is whole before the damaged one is moved,
and the damaged one's write-ahead log moves first, since SQLite would play it into whatever has the name after it.
"""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Final, TypeAlias

from rackside.store.database import writing

log = logging.getLogger(__name__)

Open: TypeAlias = Callable[[Path], sqlite3.Connection]
NOTES: Final = "notes.txt"
"""Sentences for the person, one a line, until they have been shown."""
SUSPECT: Final = ".suspect"
_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY: Final = 0xFF
"""The bits of SQLite's result codes that say what; the others say where."""
_found_whole: set[Path] = set()
"""Files that this process has looked through."""


class Damaged(sqlite3.DatabaseError):
    """A file can be opened, and is not what it should be."""


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether this came of a damaged file."""
    code = getattr(error, "sqlite_errorcode", 0)
    return isinstance(error, Damaged) or code & _PRIMARY in _DAMAGE or code == sqlite3.SQLITE_IOERR_SHORT_READ


def _is_none_of_ours(error: sqlite3.Error) -> bool:
    """Return whether a file could not be opened since it is damaged, or lacks what our own statements look for."""
    return is_damage(error) or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR


def suspect(path: Path) -> None:
    """Have a file put aside when it is opened next."""
    path.with_suffix(SUSPECT).touch()


def anew(path: Path, opened: Open) -> sqlite3.Connection:
    """Open a file; a damaged one is put aside and begun anew."""
    try:
        if path.with_suffix(SUSPECT).exists():
            raise Damaged("it could not be read")
        return opened(path)
    except sqlite3.DatabaseError as error:
        if not _is_none_of_ours(error):
            raise
        aside = _put_aside(path)
        path.with_suffix(SUSPECT).unlink(missing_ok=True)
        _note(path.parent, f"The history of this machine was damaged ({error}) and begins anew; it is kept as {aside}.")
    return opened(path)


def salvaged(path: Path, opened: Open, tables: Sequence[str]) -> sqlite3.Connection:
    """Open a file, looked through once by each process; of a damaged one all rows that can be read go into a new one.

    Args:
        path: the file.
        opened: opens a file of this kind, and makes it where there is none.
        tables: what to save.
    """
    draft = path.with_suffix(".new")
    if draft.exists() and not path.exists():
        draft.rename(path)  # the program was killed in the middle of the lines below
    try:
        return _looked_through(path, opened, tables)
    except sqlite3.DatabaseError as error:
        if not _is_none_of_ours(error):
            raise
        why = str(error)
    rows = {table: _readable(path, table) for table in tables}
    for file in path.parent.glob(f"{draft.name}*"):
        file.unlink()
    with closing(opened(draft)) as connection, writing(connection):
        for table, saved in rows.items():
            _insert(connection, table, saved)
    aside = _put_aside(path)
    draft.rename(path)
    found = ", ".join(f"{len(saved)} {table}" for table, saved in rows.items())
    _note(
        path.parent, f"The file of what you wrote was damaged ({why}). Saved from it: {found}. It is kept as {aside}."
    )
    return opened(path)


def notes(folder: Path) -> list[str]:
    """Return what the person has to be told of damaged files."""
    with suppress(FileNotFoundError):
        return (folder / NOTES).read_text("utf-8").splitlines()
    return []


def forget_notes(folder: Path) -> None:
    """Forget what she has been told."""
    (folder / NOTES).unlink(missing_ok=True)


def _note(folder: Path, sentence: str) -> None:
    log.warning("%s", sentence)
    with (folder / NOTES).open("a", encoding="utf-8") as file:
        file.write(f"{sentence}\n")


def _looked_through(path: Path, opened: Open, tables: Sequence[str]) -> sqlite3.Connection:
    connection = opened(path)
    try:
        if path not in _found_whole:
            _look_through(connection, tables)
            _found_whole.add(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_through(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise Damaged(found.splitlines()[-1])
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not there.issuperset(tables):
        raise Damaged("it is another program's")


def _readable(path: Path, table: str) -> list[sqlite3.Row]:
    """Return the rows of a table on both sides of what cannot be read, in the order of its key."""
    found: dict[object, sqlite3.Row] = {}
    for order in ("ASC", "DESC"):
        with (
            suppress(sqlite3.DatabaseError),
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        ):
            connection.row_factory = sqlite3.Row
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1 {order}"):  # noqa: S608 - our own words
                found[row[0]] = row
    return [found[key] for key in sorted(found, key=lambda key: (str(type(key)), key))]


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[sqlite3.Row]) -> None:
    for row in rows:
        names, marks = ", ".join(row.keys()), ", ".join("?" * len(row))
        connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row))  # noqa: S608 - as above


def _put_aside(path: Path) -> str:
    """Move a file out of the way with its write-ahead log, to a name that nothing has; return that."""
    free = (path.with_name(f"{path.stem}.damaged-{number}") for number in count(1))
    aside = next(each for each in free if not each.exists())
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        path.with_name(f"{path.name}-wal").rename(f"{aside}-wal")
    path.rename(aside)
    return aside.name
