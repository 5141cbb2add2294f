"""What a disk holds after the power is cut: what was synced, and of the rest whatever a seeded choice keeps.

Two models of a file system:

- `strict`, what POSIX promises and no more: `fsync` of a file is about its content and `fsync` of a folder about the
  names in it. Of everything else each write, truncation and name is kept, dropped or torn, independently of all others.
- `ordered`, ext4 with `data=ordered`: names come in their order, and `fsync` of anything commits all that were given
  before it; a file grows in order and never shows what was not written. Writes within a file are as in `strict`.
"""

from dataclasses import dataclass, field
from pathlib import PurePath, PurePosixPath
from random import Random
from typing import Final, Literal, TypeAlias

from tests.power.trace import Names, Operation, Resize, Sync, Write

Model: TypeAlias = Literal["strict", "ordered"]
MODELS: Final[tuple[Model, ...]] = ("strict", "ordered")
SECTOR: Final = 512
BLOCK: Final = 4_096
KEPT: Final = (0.0, 0.5, 0.9, 0.99, 1.0)
"""How likely what was not synced is kept, drawn for each cut: a lost write among thousands is as bad as none kept."""
TORN: Final = 0.5
"""How likely what is not kept is torn, rather than dropped."""


@dataclass
class File:
    """What is on the disk, and what is on its way."""

    data: bytearray = field(default_factory=bytearray)
    pending: list[Write | Resize] = field(default_factory=list)


class Disk:
    """Takes operations one by one, and says at any time what a power cut would leave."""

    def __init__(self, root: PurePath, model: Model) -> None:
        """Begin with an empty root folder, which is on the disk."""
        self.root = PurePosixPath(root)
        self.model = model
        self.files: dict[int, File] = {0: File()}
        self.names: dict[PurePosixPath, int] = {}
        self.folders: set[int] = set()
        self.pending: list[Names] = []

    def do(self, operation: Operation) -> None:
        """Take an operation that has returned."""
        if isinstance(operation, Write | Resize):
            self.files[operation.file].pending.append(operation)
        elif isinstance(operation, Names):
            self.pending.append(operation)
            for _, number in operation.changes:
                if number is not None:
                    self.files.setdefault(number, File())
                    self.folders |= {number} if operation.is_folder else set()
        elif isinstance(operation, Sync):
            self._sync(operation.file)

    def _sync(self, number: int) -> None:
        file = self.files[number]
        for change in file.pending:
            _apply(file.data, change)
        file.pending.clear()
        waiting: list[Names] = []
        for names in self.pending:
            if self.model == "ordered" or any(self._folder(path) == number for path, _ in names.changes):
                _rename(self.names, names)
            else:
                waiting.append(names)
        self.pending = waiting

    def _folder(self, path: PurePosixPath) -> int:
        """Return the folder that a name stands in, on the disk or not yet."""
        if path.parent == self.root:
            return 0
        given = [number for names in self.pending for each, number in names.changes if each == path.parent]
        return next((number for number in reversed(given) if number is not None), self.names.get(path.parent, -1))

    def after_cut(self, random: Random) -> dict[PurePosixPath, bytes]:
        """Return the files as they are found when the power is back, by their paths below the root."""
        kept = random.choice(KEPT)
        names = dict(self.names)
        for change in self.pending:
            if random.random() < kept:
                _rename(names, change)
            elif self.model == "ordered":
                break
        leave = _leave_ordered if self.model == "ordered" else _leave
        return {
            path.relative_to(self.root): bytes(leave(self.files[number], kept, random))
            for path, number in names.items()
            if number not in self.folders
            and all(folder in names for folder in path.parents if self.root in folder.parents)
        }


def _rename(names: dict[PurePosixPath, int], change: Names) -> None:
    for path, number in change.changes:
        if number is None:
            names.pop(path, None)
        else:
            names[path] = number


def _apply(data: bytearray, change: Write | Resize) -> None:
    if isinstance(change, Write):
        _put(data, change.offset, change.data)
    elif change.size < len(data):
        del data[change.size :]
    else:
        data.extend(bytes(change.size - len(data)))


def _put(data: bytearray, offset: int, fresh: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(fresh)] = fresh


def _leave(file: File, kept: float, random: Random) -> bytearray:
    data = bytearray(file.data)
    for change in file.pending:
        if random.random() < kept:
            _apply(data, change)
        elif isinstance(change, Write) and random.random() < TORN:
            _tear(data, change, random)
    return data


def _leave_ordered(file: File, kept: float, random: Random) -> bytearray:
    data, grows = bytearray(file.data), True
    for change in file.pending:
        whole = random.random() < kept
        if isinstance(change, Write) and change.offset + len(change.data) > len(data):
            if grows and whole:
                _apply(data, change)
            elif grows and random.random() < TORN:
                blocks = (change.offset + random.randrange(len(change.data))) // BLOCK * BLOCK
                _put(data, change.offset, change.data[: max(0, blocks - change.offset)])
            grows = grows and whole
        elif whole:
            _apply(data, change)
        elif isinstance(change, Write) and random.random() < TORN:
            _tear(data, change, random)
    return data


def _tear(data: bytearray, write: Write, random: Random) -> None:
    """Keep some sectors of a write, and not the others."""
    end = write.offset + len(write.data)
    for sector in range(write.offset // SECTOR * SECTOR, end, SECTOR):
        start, stop = max(sector, write.offset), min(sector + SECTOR, end)
        if random.random() < 1 / 2:
            _put(data, start, write.data[start - write.offset : stop - write.offset])
