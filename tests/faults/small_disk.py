"""A real file system of 24 MiB, mounted for a test; where that is not allowed, the test is skipped."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

MIB: Final = 2**20
PLACES: Final = "/usr/sbin:/usr/bin:/sbin:/bin"
"""A plain user's PATH often lacks those for root."""
SIZE_MIB: Final = 24
CHUNK_BYTES: Final = 4_096
FILLER: Final = "filler"


@contextmanager
def mounted(folder: Path) -> Iterator[Path]:
    """Mount a small ext4 on a folder, made in a file beside it."""
    image, disk = folder / "image", folder / "disk"
    disk.mkdir()
    with image.open("wb") as file:
        file.truncate(SIZE_MIB * MIB)
    try:
        _run("mkfs.ext4", "-q", "-m", "0", image)
        _run("mount", "-o", "loop", image, disk)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no small disk can be mounted here: {error}")
    try:
        yield disk
    finally:
        _run("umount", "--lazy", disk)


def _run(program: str, *arguments: str | Path) -> None:
    subprocess.run([shutil.which(program, path=PLACES) or program, *arguments], check=True, capture_output=True)


def fill(disk: Path) -> None:
    """Take every block that is left."""
    with (disk / FILLER).open("ab", buffering=0) as file:
        try:
            while True:
                file.write(b"\1" * CHUNK_BYTES)
        except OSError:
            return


def make_room(disk: Path) -> None:
    """Free what `fill` took."""
    (disk / FILLER).unlink()
