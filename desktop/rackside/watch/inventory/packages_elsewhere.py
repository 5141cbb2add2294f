"""What is installed on Windows and macOS. Written after their documentation; it was never run on either."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside.watch import programs
from rackside.watch.inventory.section import CannotTellError

UNINSTALL: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
UNINSTALL_32: Final = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"
CELLARS: Final = (Path("/opt/homebrew/Cellar"), Path("/usr/local/Cellar"))
WITHIN_S: Final = 30.0
MOST_BYTES: Final = 4 * 1024 * 1024


def installed() -> Iterator[tuple[str, str]]:
    """Yield each program with its version.

    Raises:
        CannotTellError: this system is none of the two.
    """
    if sys.platform == "win32":
        return _registry()
    if programs.find("pkgutil"):
        return _mac()
    raise CannotTellError("Nobody on this system tells what is installed.")


def _mac() -> Iterator[tuple[str, str]]:
    said = programs.ask(["pkgutil", "--pkgs"], within_s=WITHIN_S, most_bytes=MOST_BYTES)
    for line in said.output.decode("utf-8", "replace").splitlines() if said else ():
        yield line, ""
    for cellar in CELLARS:
        for version in sorted(cellar.glob("*/*")):
            yield version.parent.name, version.name


if sys.platform == "win32":
    import winreg

    def _registry() -> Iterator[tuple[str, str]]:
        for root, path in (
            (winreg.HKEY_LOCAL_MACHINE, UNINSTALL),
            (winreg.HKEY_LOCAL_MACHINE, UNINSTALL_32),
            (winreg.HKEY_CURRENT_USER, UNINSTALL),
        ):
            try:
                key = winreg.OpenKey(root, path)
            except OSError:
                continue
            with key:
                for number in range(winreg.QueryInfoKey(key)[0]):
                    with winreg.OpenKey(key, winreg.EnumKey(key, number)) as program:
                        name = _value(program, "DisplayName")
                        if name:
                            yield name, _value(program, "DisplayVersion")

    def _value(program: winreg.HKEYType, name: str) -> str:
        try:
            return str(winreg.QueryValueEx(program, name)[0])
        except OSError:
            return ""
