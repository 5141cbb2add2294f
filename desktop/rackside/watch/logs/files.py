"""Classic log files, followed across rotation from where the last look stopped, however hostile what is in them."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import msgspec

from rackside import words
from rackside.watch.logs.levels import SUSPECT
from rackside.watch.logs.limits import LINE_BYTES, MOST_BEHIND_BYTES, MOST_READ_BYTES, SLICE_BYTES
from rackside.watch.logs.line import ERROR, Batch, Line
from rackside.watch.logs.rotation import MovedError, Part, Position, unread
from rackside.watch.logs.stamps import read_line

MAIN: Final = (Path("/var/log/syslog"), Path("/var/log/messages"))
SIGN_IN: Final = (Path("/var/log/auth.log"), Path("/var/log/secure"))
BY_SOURCE: Final = (Path("/var/log/kern.log"), Path("/var/log/daemon.log"))
NO_RIGHT: Final = (
    "{path} may not be read by you. Whoever is in the group adm may: sudo usermod -aG adm YOU, then sign in again."
)
NOT_THERE: Final = "{path} is not there. It is followed from its beginning once it is."
_PRIORITY: Final = re.compile(rb"^<\d{1,3}>", re.MULTILINE)


def classic(folder: Path = Path("/")) -> list[Path]:
    """Return the classic files that this machine has, without those that repeat what another one says.

    The main file has what the kernel and the services say, too; who signs in is in neither.
    """

    def there(paths: tuple[Path, ...]) -> list[Path]:
        return [path for each in paths if (path := folder / each.relative_to("/")).exists()]

    return [*(there(MAIN)[:1] or there(BY_SOURCE)), *there(SIGN_IN)[:1]]


def wrong_with(path: Path) -> str:
    """Say why a path cannot be followed, or nothing; one that is not there yet is followed once it is."""
    if not path.is_absolute():
        return "Give the whole path, such as /var/log/app/error.log."
    try:
        if not path.exists():
            return "" if path.parent.is_dir() else f"There is no folder {path.parent}."
        if not path.is_file():
            return f"{path} is no plain file."
    except OSError as error:
        return f"{path} cannot be looked at: {error.strerror or error}."
    return "" if os.access(path, os.R_OK) else NO_RIGHT.format(path=path)


class File:
    """A log file and those that it is rotated to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def read(self, position: bytes, at_s: float) -> Batch:
        """Return the lines of error level since a position; see `Source`."""
        try:
            held = msgspec.json.decode(position, type=Position) if position else None
        except msgspec.MsgspecError:
            held = None
        try:
            with ExitStack() as opened:
                current = self._current(opened)
                if held is None:
                    batch = Batch(position=msgspec.json.encode(_end(current, at_s)))
                else:
                    batch = self._read(opened, current, held, at_s)
                gone = "" if current is not None else NOT_THERE.format(path=self.path)
                return msgspec.structs.replace(batch, problem=gone)
        except PermissionError:
            return Batch(position=position, problem=NO_RIGHT.format(path=self.path))
        except OSError as error:
            return Batch(position=position, problem=f"{self.path} cannot be read: {error.strerror or error}.")
        except MovedError:
            return Batch(position=position, more=True)

    def _current(self, opened: ExitStack) -> Part | None:
        try:
            return opened.enter_context(closing(Part(self.path)))
        except FileNotFoundError:
            return None

    def _read(self, opened: ExitStack, current: Part | None, held: Position, at_s: float) -> Batch:
        chain, missed = self._chain(opened, current, held)
        lines: list[Line] = []
        budget = MOST_READ_BYTES
        for place, (part, begin, cut) in enumerate(chain):
            reader = _Reader(part, begin, cut=cut, last=place == len(chain) - 1)
            missed += reader.skip_ahead()
            for raw in reader.lines(budget):
                line = read_line(raw, self.path.stem, at_s)
                if line.level <= ERROR:
                    lines.append(line)
            budget -= reader.read_bytes
            if reader.offset:  # at its beginning a file is not known again: the end of the one before says more
                held = part.at(reader.offset, cut=reader.cut)
            if not reader.ended or (budget <= 0 and part is not chain[-1][0]):
                return Batch(lines=lines, position=msgspec.json.encode(held), more=True, missed=missed)
        return Batch(lines=lines, position=msgspec.json.encode(held), missed=missed)

    def _chain(
        self, opened: ExitStack, current: Part | None, held: Position
    ) -> tuple[list[tuple[Part, int, bool]], str]:
        """Return the files to read, oldest first, with where to begin; and what is said of those that are gone.

        A fresh file that is still empty is left for later: who writes may have the old one open a while longer.
        """
        if current is not None and held.offset and current.inode == held.inode and current.holds(held):
            return [(current, held.offset, held.cut)], ""
        chain: list[tuple[Part, int, bool]] = []
        missed = ""
        try:
            for part, begin, cut in unread(self.path, held, current):
                opened.enter_context(closing(part))
                chain.append((part, begin, cut))
        except LookupError:
            missed = f"{self.path} was emptied, or rotated away before it was read to its end."
        if current is not None and current.size:
            chain.append((current, 0, False))
        return chain, missed


class _Reader:
    """Reads one file in slices and finds the lines that may be errors."""

    def __init__(self, part: Part, offset: int, *, cut: bool, last: bool) -> None:
        self._part = part
        self._last = last
        self.offset = offset
        self.cut = cut
        self.read_bytes = 0
        self.ended = False

    def skip_ahead(self) -> str:
        """Go on near the end when too much was written to catch up; say how much is passed over."""
        behind = 0 if self._part.packed else self._part.size - self.offset
        if behind <= MOST_BEHIND_BYTES:
            return ""
        self.offset += behind - MOST_READ_BYTES
        self.cut = True
        return f"{words.size(behind - MOST_READ_BYTES)} were passed over: more was written than can be read."

    def lines(self, budget: int) -> Iterator[bytes]:
        """Yield the lines that may be errors, each at most so long; stop at the end or when the budget is spent."""
        while budget > self.read_bytes:
            chunk = self._part.read(self.offset, SLICE_BYTES)
            self.read_bytes += len(chunk)
            self.ended = len(chunk) < SLICE_BYTES
            taken = chunk
            if self.cut:
                taken = taken[taken.find(b"\n") + 1 :] if b"\n" in taken else b""
                self.cut = not taken and not chunk.endswith(b"\n")
            whole = taken.rfind(b"\n") + 1
            yield from _suspects(taken[:whole])
            rest = taken[whole:]
            left = len(rest)
            if rest and (len(rest) > LINE_BYTES or (self.ended and not self._last)):
                yield from _suspects(rest)
                left, self.cut = 0, not (self.ended and not self._last)
            self.offset += len(chunk) - left
            if self.ended:
                return


def _suspects(block: bytes) -> Iterator[bytes]:
    """Yield those lines of a block that hold a word of trouble, or a severity of their own.

    The block is looked through at once: 2 MiB in 0.05 s, where to look at each line costs twice that.
    """
    folded = block.lower()
    begin = 0
    pattern = SUSPECT if _PRIORITY.search(block) is None else _ANY
    while (found := pattern.search(folded, begin)) is not None:
        first = block.rfind(b"\n", 0, found.start()) + 1
        after = block.find(b"\n", found.start())
        after = len(block) if after < 0 else after
        line = block[first : min(after, first + LINE_BYTES)]
        if line:
            yield line
        begin = after + 1


_ANY: Final = re.compile(rb"[^\n]")


def _end(current: Part | None, at_s: float) -> Position:
    """Return the end of a file that is followed from now on; of none, the beginning of the one that will come."""
    if current is None:
        return Position(seen_ns=int(at_s * 10**9))
    last = current.read(current.size - 1, 1) if current.size else b"\n"
    return current.at(current.size, cut=last != b"\n")
