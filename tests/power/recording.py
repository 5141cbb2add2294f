"""Recordings: a program is run under strace, and what it asked of the disk is read back."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.power.trace import CALLS, Operation, Reader

ROOT: Final = Path(__file__).parents[2]
STRACE: Final = shutil.which("strace")
LONGEST_TEXT: Final = 10_000_000


@dataclass(frozen=True)
class Recording:
    """What was done to the disk under `root`, an empty folder at the start, and what the program kept beside."""

    root: Path
    operations: list[Operation]
    kept: Path


def record(folder: Path, module: str, *arguments: object) -> Recording:
    """Run a module of ours with a root folder, a folder for what is kept beside, and arguments.

    Args:
        folder: an empty folder.
        module: the program.
        arguments: what it is given after the two folders.
    """
    root, kept, trace = folder / "root", folder / "kept", folder / "trace"
    kept.mkdir()
    root.mkdir()
    strace = [str(STRACE), "-f", "-xx", "-s", str(LONGEST_TEXT), "-o", str(trace), "-e", f"trace={CALLS}"]
    program = [sys.executable, "-m", module, str(root), str(kept), *map(str, arguments)]
    subprocess.run(
        [*strace, *program],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    with trace.open() as lines:
        operations = list(Reader(root).operations(lines))
    trace.unlink()
    return Recording(root, operations, kept)
