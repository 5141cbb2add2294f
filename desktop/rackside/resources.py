"""Where the files that come with the program are: icons, fonts, style and the demo community."""

import sys
from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """Return the folder of our own files: of a frozen build, of a wheel, or of a checkout, whichever we run from."""
    frozen = getattr(sys, "_MEIPASS", None)
    package = Path(__file__).resolve().parent
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [package / "_resources", package.parent.parent / "resources"]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"Rackside's own files are missing. Reinstall it; looked in {candidates}.")


def file(name: str) -> Path:
    """Return the path of one of our own files, such as `icons/cpu.svg`."""
    return folder() / name
