"""What a section of the inventory is, and what all of them need."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from rackside.store.inventory import MOST_ITEMS, MOST_LETTERS
from rackside.watch.proc import printable

CANNOT_READ: Final = "{what} cannot be read: {error}."
SMALL_BYTES: Final = 64 * 1024


class CannotTellError(Exception):
    """This machine has no way to tell; the message is a sentence that says why."""


class Section(Protocol):
    """A module of one section: its `NAME`, and how it is read."""

    NAME: str

    def stamp(self) -> str:
        """Return what changes whenever the section does; empty where it has to be read to know."""
        ...

    def read(self) -> dict[str, str]:
        """Return its items.

        Raises:
            CannotTellError: this machine has no way to tell.
            OSError: its source cannot be read now.
        """
        ...


def bounded(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return items as they may be kept and shown: so many, so long, and without what a screen would act on."""
    kept: dict[str, str] = {}
    for name, value in items:
        if len(kept) >= MOST_ITEMS:
            break
        kept[printable(name[:MOST_LETTERS])] = printable(value[:MOST_LETTERS])
    return kept


def stamp_of(*sources: Path) -> str:
    """Return what changes when one of these files or folders does; nothing when none of them is there."""
    found = []
    for path in sources:
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append(f"{path} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}")
    return "; ".join(found)


def word(path: Path) -> str:
    """Return the content of a small file, or nothing where there is none or it may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return printable(os.read(descriptor, SMALL_BYTES).strip(b"\0 \n"))
    except OSError:
        return ""
    finally:
        os.close(descriptor)
