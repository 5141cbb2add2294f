"""Where a log file went when it was rotated: which of the files beside it hold what was not read yet, oldest first.

A file is known again by its inode where it was renamed, and by what stands before the position where it was copied or
compressed: the inode is another one then, or was given to another file.
"""

import gzip
import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final, cast

import msgspec

from rackside.watch.logs.limits import MOST_UNPACKED_BYTES, TAIL_BYTES

UNPACKING: Final = (EOFError, zlib.error, gzip.BadGzipFile)
"""What unpacking a file that is damaged, or not yet whole, raises."""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far a log was read: in which file, to which byte of what it holds unpacked.

    `tail` knows what stands before the offset, `seen_ns` is when the file was last written to, and `cut` says that the
    beginning of an overlong line was taken and its end is passed over. Inode 0 is of a file that was not there yet.
    """

    device: int = 0
    inode: int = 0
    offset: int = 0
    tail: bytes = b""
    seen_ns: int = 0
    cut: bool = False


class Part:
    """An open file that holds a part of a log."""

    def __init__(self, path: Path) -> None:
        """Open.

        Raises:
            OSError: it is not there, may not be read, or is no regular file.
        """
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        self._raw = os.fdopen(descriptor, "rb", buffering=0)
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            self._raw.close()
            raise OSError(f"{path} is no regular file.")
        self.packed = path.suffix == ".gz"
        self.device, self.inode, self.size, self.seen_ns = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
        self._file = cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if self.packed else cast("BinaryIO", self._raw)

    def close(self) -> None:
        """Close it."""
        self._raw.close()

    def read(self, offset: int, most_bytes: int) -> bytes:
        """Return at most so many bytes; of a packed file nothing that is too far in, or not sound."""
        if self.packed and offset + most_bytes > MOST_UNPACKED_BYTES:
            return b""
        with suppress(*UNPACKING):
            self._file.seek(offset)
            return self._file.read(most_bytes)
        return b""

    def tail(self, offset: int) -> bytes:
        """Return what the bytes before an offset are known by."""
        begin = max(0, offset - TAIL_BYTES)
        return blake2b(self.read(begin, offset - begin), digest_size=16).digest() if offset else b""

    def holds(self, position: Position) -> bool:
        """Say whether this is where the position is in."""
        return (self.packed or self.size >= position.offset) and self.tail(position.offset) == position.tail

    def at(self, offset: int, *, cut: bool = False) -> Position:
        """Return a position in this file."""
        return Position(
            device=self.device,
            inode=self.inode,
            offset=offset,
            tail=self.tail(offset),
            seen_ns=self.seen_ns,
            cut=cut,
        )


class MovedError(Exception):
    """The files were renamed while they were looked at; another look sees them in order."""


def siblings(path: Path) -> list[os.DirEntry[str]]:
    """Return the rotated files of a log, oldest first: `.2.gz`, `.1`; `-20260101.gz`, `-20260102`; `.old`."""
    named = re.compile(
        re.escape(path.name) + r"(?:\.(?P<number>\d{1,4}|old)|[.-](?P<date>\d{8}(?:[-_T.]?\d+)?))(?P<packed>\.gz)?"
    )
    found: dict[tuple[str, int], os.DirEntry[str]] = {}
    with os.scandir(path.parent) as entries:
        for entry in entries:
            name = named.fullmatch(entry.name)
            if name is None:
                continue
            number = 0 if name["number"] in {None, "old"} else int(name["number"])
            stem = (name["date"] or "", -number)
            # While a file is packed it is there twice, and the packed one is not whole.
            if stem not in found or not name["packed"]:
                found[stem] = entry
    return [found[stem] for stem in sorted(found)]


def unread(path: Path, position: Position, current: Part | None) -> Iterator[tuple[Part, int, bool]]:
    """Yield each rotated file that holds what was not read, the offset to go on from, and whether a line is cut there.

    Raises:
        LookupError: the file that the position is in is not there any more.
        MovedError: look again.
    """
    beside = [entry for entry in siblings(path) if current is None or entry.inode() != current.inode]
    if not position.offset:
        yield from _written_since(beside, position)
        return
    place, part = _holder(beside, position)
    if part is not None:
        yield part, position.offset, position.cut
        yield from ((_opened(each), 0, False) for each in beside[place + 1 :])
        return
    yield from _written_since(beside, position)
    if position.inode:
        raise LookupError(path.name)


def _holder(beside: list[os.DirEntry[str]], position: Position) -> tuple[int, Part | None]:
    """Return which file the position is in: that of its inode, or else the oldest with the same before it."""
    for place, entry in sorted(enumerate(beside), key=lambda each: (each[1].inode() != position.inode, each[0])):
        # What was written to last before the last look cannot hold more; some tools keep whole seconds only.
        if entry.stat().st_mtime_ns // 10**9 >= position.seen_ns // 10**9:
            part = _opened(entry)
            if part.holds(position):
                return place, part
            part.close()
    return 0, None


def _written_since(beside: list[os.DirEntry[str]], position: Position) -> Iterator[tuple[Part, int, bool]]:
    """Yield whole those files that were written to after the last look: they were begun after it."""
    for entry in beside:
        if entry.stat().st_mtime_ns > position.seen_ns:
            yield _opened(entry), 0, False


def _opened(entry: os.DirEntry[str]) -> Part:
    try:
        part = Part(Path(entry.path))
    except FileNotFoundError as error:
        raise MovedError from error
    if part.inode != entry.inode():
        part.close()
        raise MovedError
    return part
