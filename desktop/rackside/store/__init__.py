"""The store: three SQLite files, and the only SQL of the desktop."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self

from rackside.store import ballast, schema


class Store:
    """This thread's connections to the three files of a console; each thread opens its own.

    `outbox` holds what the person wrote, `cache` mirrors the server and can be thrown away, `local` holds what this
    machine saw.
    """

    def __init__(
        self, folder: Path, cache: sqlite3.Connection, outbox: sqlite3.Connection, local: sqlite3.Connection
    ) -> None:
        self.folder = folder
        self.cache = cache
        self.outbox = outbox
        self.local = local

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open, and where needed make, the files in a folder. A damaged cache is put aside and begun anew.

        Raises:
            NoRoom: the disk is full, and freeing the ballast did not help.
        """
        return ballast.making_room(folder, lambda: cls(folder, *_open_all(folder)))

    def close(self) -> None:
        """Close all three; a second call does nothing."""
        for connection in (self.cache, self.outbox, self.local):
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _open_all(folder: Path) -> list[sqlite3.Connection]:
    with ExitStack() as opened:
        files = [opened.enter_context(closing(each(folder))) for each in (schema.cache, schema.outbox, schema.local)]
        opened.pop_all()
    return files
