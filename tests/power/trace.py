"""What a program asked of the file system, in order, read from what strace wrote.

A call on a recorded folder that is not known here is an error: what is not understood cannot be replayed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

CALLS: Final = (
    "openat,open,creat,close,dup,dup2,dup3,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,"
    "fdatasync,sync,syncfs,sync_file_range,msync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir"
)
VOLATILE: Final = "-shm"
"""SQLite's index of a WAL: mapped into memory, and built anew from the WAL by the first that opens it."""
STANDARD_OUTPUT: Final = 1
_LINE: Final = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
_ESCAPED: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Write:
    """Bytes are written at an offset of a file."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Resize:
    """A file is truncated, or grows by zeros."""

    file: int
    size: int


@dataclass(frozen=True)
class Names:
    """Names in folders change together: each stands for a file from now on, or, by None, for nothing."""

    changes: tuple[tuple[PurePosixPath, int | None], ...]
    is_folder: bool = False


@dataclass(frozen=True)
class Sync:
    """What was written to a file or folder is on the disk when this call returns."""

    file: int


@dataclass(frozen=True)
class Note:
    """What the program said on its standard output."""

    text: str


Operation: TypeAlias = Write | Resize | Names | Sync | Note
"""A file is a number of its own, whatever its names; a folder is a file too."""


class Reader:
    """Follows the names and descriptors of one process under a folder that is there before it starts."""

    def __init__(self, root: Path) -> None:
        """Begin with `root` as file 0, empty."""
        self.root = PurePosixPath(root)
        self.names: dict[PurePosixPath, int] = {self.root: 0}
        self.made = 1
        self.descriptors: dict[int, int] = {}
        self.positions: dict[int, int] = {}
        self.sizes: dict[int, int] = defaultdict(int)

    def operations(self, lines: Iterable[str]) -> Iterator[Operation]:
        """Return what each line did, as far as it matters to a disk."""
        for line in lines:
            if "unfinished ..." in line or "resumed>" in line:
                raise ValueError(f"two threads at once: {line[:200]}")
            if (found := _LINE.match(line)) and int(found[3]) >= 0:
                for operation in self._one(found[1], found[2], int(found[3])):
                    self._measure(operation)
                    yield operation

    def _measure(self, operation: Operation) -> None:
        if isinstance(operation, Write):
            end = operation.offset + len(operation.data)
            self.sizes[operation.file] = max(self.sizes[operation.file], end)
        elif isinstance(operation, Resize):
            self.sizes[operation.file] = operation.size

    def _one(self, call: str, arguments: str, result: int) -> Iterator[Operation]:
        texts = [bytes.fromhex(each.replace("\\x", "")) for each in _ESCAPED.findall(arguments)]
        if call in {"open", "openat", "creat"}:
            yield from self._opened(PurePosixPath(texts[0].decode()), arguments, result)
        elif call in {"mkdir", "mkdirat"}:
            yield from self._named(PurePosixPath(texts[0].decode()), is_folder=True)
        elif call in {"unlink", "unlinkat"}:
            yield from self._renamed(PurePosixPath(texts[0].decode()), None)
        elif call in {"rename", "renameat", "renameat2"}:
            yield from self._renamed(*(PurePosixPath(each.decode()) for each in texts))
        else:
            yield from self._on_descriptor(call, arguments, texts, result)

    def _on_descriptor(self, call: str, arguments: str, texts: list[bytes], result: int) -> Iterator[Operation]:
        numbers = [int(each) for each in re.findall(r"(?:^|, )(\d+)(?=<|,|$)", _ESCAPED.sub("", arguments))]
        descriptor = numbers[0] if numbers else -1
        if call == "write" and descriptor == STANDARD_OUTPUT:
            yield from (Note(line) for line in texts[0].decode().splitlines())
        elif descriptor not in self.descriptors:
            if str(self.root) in "".join(each.decode(errors="replace") for each in texts):
                raise ValueError(f"a call that cannot be replayed: {call}({arguments[:200]})")
        elif call in {"dup", "dup2", "dup3"}:
            self.descriptors[result] = self.descriptors[descriptor]
        elif call == "close":
            del self.descriptors[descriptor]
        elif call == "write":
            yield Write(self.descriptors[descriptor], self.positions[descriptor], texts[0])
            self.positions[descriptor] += result
        else:
            yield _change(call, self.descriptors[descriptor], numbers, texts)

    def _opened(self, path: PurePosixPath, arguments: str, descriptor: int) -> Iterator[Operation]:
        self.descriptors.pop(descriptor, None)
        if not self._recorded(path):
            return
        yield from self._named(path)
        file = self.names[path]
        self.descriptors[descriptor] = file
        self.positions[descriptor] = self.sizes[file] if "O_APPEND" in arguments else 0
        if "O_TRUNC" in arguments:
            yield Resize(self.names[path], 0)

    def _named(self, path: PurePosixPath, *, is_folder: bool = False) -> Iterator[Operation]:
        if self._recorded(path) and path not in self.names:
            self.names[path] = self.made
            yield Names(((path, self.made),), is_folder)
            self.made += 1

    def _renamed(self, old: PurePosixPath, new: PurePosixPath | None) -> Iterator[Operation]:
        if self._recorded(old):
            file = self.names.pop(old)
            if new is None:
                yield Names(((old, None),))
            else:
                self.names[new] = file
                yield Names(((old, None), (new, file)))

    def _recorded(self, path: PurePosixPath) -> bool:
        return path.is_relative_to(self.root) and not path.name.endswith(VOLATILE)


def _change(call: str, file: int, numbers: list[int], texts: list[bytes]) -> Operation:
    if call == "pwrite64":
        return Write(file, numbers[-1], texts[0])
    if call == "ftruncate":
        return Resize(file, numbers[-1])
    if call in {"fsync", "fdatasync"}:
        return Sync(file)
    raise ValueError(f"a call that cannot be replayed: {call}")
