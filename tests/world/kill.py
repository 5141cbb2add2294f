"""Kill -9 within this process: at a chosen line the files are kept as they are, and nothing after it counts."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

MEMORY = "-shm"
"""SQLite maps it; after a kill it is made anew from the log."""


class Killed(BaseException):
    """The process is gone. Nothing may catch it but who killed."""


class Files:
    """The files of a process at the instant of its death."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder, self.aside = folder, aside

    def keep(self) -> None:
        """Copy them: what was written is in the page cache and survives a kill, committed or not."""
        shutil.rmtree(self.aside, ignore_errors=True)
        shutil.copytree(self.folder, self.aside)

    def restore(self) -> None:
        """Put them back as they were then; every connection must be closed."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.aside, self.folder, ignore=shutil.ignore_patterns(f"*{MEMORY}"))


@contextmanager
def killed_at(line: int, source: Path, files: Files) -> Iterator[None]:
    """Kill at the nth line that is run of the sources under a folder; 0 never does."""
    left, root, before = line, str(source), sys.gettrace()

    def on_call(frame: FrameType, _event: str, _value: Any) -> Any:
        return on_line if frame.f_code.co_filename.startswith(root) else None

    def on_line(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                sys.settrace(None)
                files.keep()
                raise Killed
        return on_line

    if line:
        sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)
