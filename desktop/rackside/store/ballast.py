"""4 MiB that stand on the disk to be freed when it is full.

SQLite needs room even to delete, so without them the last thing that a person wrote could not be written down. They
are freed for that, and to open the files at all: sync and the watch wait until there is room to lay them down again.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from rackside.store.database import PRIVATE, is_full

T = TypeVar("T")
FILE: Final = "ballast"
SIZE_BYTES: Final = 4 * 2**20
"""Some 250 texts of the longest kind."""
ROOM_BYTES: Final = 2 * SIZE_BYTES
"""What must be free before it is laid down again: the last room of a disk is not ours to take."""
SENTENCE: Final = "The disk is full, and this could not be written down. Make room on it, then try again."


class NoRoom(sqlite3.OperationalError):
    """The disk is full, and there is no ballast left. `str()` is a sentence for the person."""


def is_kept(folder: Path) -> bool:
    """Return whether it stands there; if not, the disk is full or was never looked at."""
    return (folder / FILE).exists()


def keep(folder: Path) -> bool:
    """Lay it down where it is missing and there is room; return whether it stands there."""
    if is_kept(folder):
        return True
    from shutil import disk_usage  # noqa: PLC0415 - it imports three compressions, and the window waits for the store

    if disk_usage(folder).free < ROOM_BYTES:
        return False
    draft = folder / f"{FILE}.new"
    try:
        _fill(draft)
        draft.replace(folder / FILE)
    except OSError:  # somebody else took the room meanwhile
        draft.unlink(missing_ok=True)
        return False
    return True


def release(folder: Path) -> None:
    """Free it."""
    (folder / FILE).unlink(missing_ok=True)


def making_room(folder: Path, write: Callable[[], T]) -> T:
    """Run what writes; when the disk is full, free the ballast and run it once more.

    Raises:
        NoRoom: that did not help.
    """
    try:
        return write()
    except sqlite3.Error as error:
        if not is_full(error):
            raise
    release(folder)  # perhaps another thread has just done so: it is tried again in any case
    try:
        return write()
    except sqlite3.Error as error:
        if not is_full(error):
            raise
        raise NoRoom(SENTENCE) from error


def _fill(path: Path) -> None:
    """Write a file that takes its whole size on the disk, not a sparse one."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, PRIVATE), "wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, SIZE_BYTES)
        else:
            file.write(os.urandom(SIZE_BYTES))  # what compresses would not take the room
