"""Ways in which the files of a mirror get damaged while nobody looks."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from tests.corruption.console import Console

CACHE: Final = "cache.db"
WAL: Final = "cache.db-wal"
PAGE: Final = 4_096
MOST_FLIPS: Final = 8


@dataclass(frozen=True)
class Others:
    """What can be put in the place of a file: the console as it once was, another member's, and foreign files."""

    once: Console
    bob: Console
    database: bytes

    @classmethod
    def of(cls, once: Console, bob: Console) -> "Others":
        """Take two consoles, and make a database that has nothing to do with us."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "x.db"
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT)")
            connection.executemany("INSERT INTO documents VALUES (?, 'A title')", [(str(n),) for n in range(1_000)])
            connection.commit()
            connection.close()
            return cls(once, bob, path.read_bytes())


Damage: TypeAlias = Callable[[bytes, Random, Others], bytes]


def bits(data: bytes, random: Random, others: Others) -> bytes:
    """Flip one bit."""
    del others
    return _flip(data, random, 1)


def several_bits(data: bytes, random: Random, others: Others) -> bytes:
    """Flip some bits within a page."""
    del others
    start = random.randrange(len(data)) // PAGE * PAGE
    return data[:start] + _flip(data[start : start + PAGE], random, MOST_FLIPS) + data[start + PAGE :]


def _flip(data: bytes, random: Random, times: int) -> bytes:
    changed = bytearray(data)
    for _ in range(times):
        changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(changed)


def truncated(data: bytes, random: Random, others: Others) -> bytes:
    """Cut the file off anywhere, or at a page."""
    del others
    length = random.randrange(len(data))
    return data[: length if random.random() < 1 / 2 else length // PAGE * PAGE]


def zeroed(data: bytes, random: Random, others: Others) -> bytes:
    """Put zeros over one page."""
    del others
    return _with_page(data, _page(data, random), bytes(PAGE))


def noise(data: bytes, random: Random, others: Others) -> bytes:
    """Put noise over one page."""
    del others
    return _with_page(data, _page(data, random), random.randbytes(PAGE))


def swapped(data: bytes, random: Random, others: Others) -> bytes:
    """Swap two pages."""
    del others
    one, other = _page(data, random), _page(data, random)
    first, second = (data[place : place + PAGE] for place in (one, other))
    return _with_page(_with_page(data, one, second), other, first)


def old_page(data: bytes, random: Random, others: Others) -> bytes:
    """Put one page back to what it once was: a write that was lost."""
    place = _page(data, random)
    old = others.once.files[CACHE][place : place + PAGE]
    return _with_page(data, place, old) if len(old) == PAGE else data


def bobs_page(data: bytes, random: Random, others: Others) -> bytes:
    """Put a page of another member's mirror in: a write that went astray."""
    place = _page(data, random)
    theirs = others.bob.files[CACHE][place : place + PAGE]
    return _with_page(data, place, theirs) if len(theirs) == PAGE else data


def older(data: bytes, random: Random, others: Others) -> bytes:
    """Put an older copy in its place."""
    del data, random
    return others.once.files[CACHE]


def bobs(data: bytes, random: Random, others: Others) -> bytes:
    """Put another member's mirror in its place."""
    del data, random
    return others.bob.files[CACHE]


def text(data: bytes, random: Random, others: Others) -> bytes:
    """Put a text in its place, or nothing."""
    del others
    return b"This is a text.\n" * random.choice([0, 1, 1_000]) if data else data


def database(data: bytes, random: Random, others: Others) -> bytes:
    """Put another program's SQLite file in its place."""
    del data, random
    return others.database


def _page(data: bytes, random: Random) -> int:
    return random.randrange(len(data)) // PAGE * PAGE


def _with_page(data: bytes, place: int, page: bytes) -> bytes:
    length = len(data[place : place + PAGE])
    return data[:place] + page[:length] + data[place + length :]


ANYWHERE: Final[dict[str, tuple[Damage, int]]] = {
    "one bit flipped": (bits, 8),
    "eight bits of a page flipped": (several_bits, 4),
    "cut off": (truncated, 3),
    "a page of zeros": (zeroed, 3),
    "a page of noise": (noise, 2),
    "two pages swapped": (swapped, 2),
    "a text in its place": (text, 1),
}
"""With how often each is done."""
OF_CACHE: Final[dict[str, tuple[Damage, int]]] = {
    **ANYWHERE,
    "an old page": (old_page, 3),
    "another member's page": (bobs_page, 2),
    "an older copy in its place": (older, 1),
    "another member's in its place": (bobs, 1),
    "another database in its place": (database, 1),
}
