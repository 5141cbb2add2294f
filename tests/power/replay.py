"""Cuts the power of a recorded program at many points, and makes the folder that it finds when the power is back."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from tests.power.disk import Disk, Model
from tests.power.recording import Recording
from tests.power.trace import Note

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one: nothing there is to last


class Listener(Protocol):
    """Takes what the recorded program said."""

    def hear(self, note: Note) -> None:
        """Take a note."""
        ...


def scratch() -> TemporaryDirectory[str]:
    """Return a temporary folder, in memory where that is possible."""
    return TemporaryDirectory(prefix="rackside-power-", dir=MEMORY if MEMORY.is_dir() else None)


def cuts(recording: Recording, model: Model, points: int, seed: int, listener: Listener) -> Iterator[Path]:
    """Yield the root folder as each of so many power cuts leaves it; `listener` has heard what was said until then.

    Every other cut comes right after something was said.
    """
    random = Random(f"{model} {seed}")  # noqa: S311 - repeatable on purpose
    operations = recording.operations
    after_notes = [place for place, each in enumerate(operations, 1) if isinstance(each, Note)]
    places = random.choices(range(1, len(operations) + 1), k=points // 2)
    places += random.choices(after_notes, k=points - points // 2)
    disk, done = Disk(recording.root, model), 0
    with scratch() as folder:
        root = Path(folder) / "root"
        for place in sorted(places):
            for operation in operations[done:place]:
                if isinstance(operation, Note):
                    listener.hear(operation)
                else:
                    disk.do(operation)
            done = place
            root.mkdir()
            for path, data in disk.after_cut(random).items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(data)
            yield root
            shutil.rmtree(root)
