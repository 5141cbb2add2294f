"""The packages that are installed, with their versions, as dpkg, rpm or pacman know them."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from rackside.watch import proc, programs
from rackside.watch.inventory import packages_elsewhere
from rackside.watch.inventory.section import CannotTellError, bounded, stamp_of

NAME = "packages"
DPKG: Final = Path("/var/lib/dpkg/status")
RPM: Final = (Path("/usr/lib/sysimage/rpm"), Path("/var/lib/rpm"))
RPM_FILES: Final = ("rpmdb.sqlite", "rpmdb.sqlite-wal", "Packages.db", "Packages")
PACMAN: Final = Path("/var/lib/pacman/local")
LINE_BYTES: Final = 64 * 1024
MOST_LINES: Final = 5_000_000
"""A Debian with 3,000 packages has 60,000."""
WITHIN_S: Final = 30.0
MOST_BYTES: Final = 16 * 1024 * 1024
FORMAT: Final = r"%{NAME}\t%{VERSION}-%{RELEASE}\n"


def stamp() -> str:
    """Return when the package manager last wrote what it knows."""
    return stamp_of(DPKG, PACMAN, *(folder / name for folder in RPM for name in RPM_FILES))


def read() -> dict[str, str]:
    """Return the version of each package.

    Raises:
        CannotTellError: no package manager is known here.
        OSError: what it knows cannot be read.
    """
    if not proc.LINUX:
        return bounded(packages_elsewhere.installed())
    if DPKG.exists():
        with DPKG.open("rb") as file:
            return bounded(dpkg(iter(lambda: file.readline(LINE_BYTES), b"")))
    if PACMAN.is_dir():
        return bounded(pacman(entry.name for entry in PACMAN.iterdir()))
    if program := programs.find("rpm"):
        said = programs.ask([program, "-qa", "--qf", FORMAT], within_s=WITHIN_S, most_bytes=MOST_BYTES)
        if said is None or said.code:
            raise OSError("rpm does not answer")
        return bounded(rpm(said.output))
    raise CannotTellError("Packages are told by dpkg, rpm and pacman, and this machine has none of them.")


def dpkg(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the installed packages of dpkg's status file, read line by line; one of a second architecture says it."""
    natives: set[bytes] = set()
    fields: dict[bytes, bytes] = {}
    for number, line in enumerate(lines):
        if number >= MOST_LINES:
            break
        if line.strip():
            if not line.startswith((b" ", b"\t")):
                name, _, value = line.partition(b":")
                if name in {b"Package", b"Status", b"Version", b"Architecture"}:
                    fields[name] = value.strip()
            continue
        yield from _of_dpkg(fields, natives)
        fields = {}
    yield from _of_dpkg(fields, natives)


def _of_dpkg(fields: dict[bytes, bytes], natives: set[bytes]) -> Iterator[tuple[str, str]]:
    name = fields.get(b"Package", b"")
    # `install ok installed`, or `hold ok installed`; what was removed leaves its configuration behind.
    if not name or not fields.get(b"Status", b"").endswith(b" installed"):
        return
    shown = name.decode("utf-8", "replace")
    if name in natives:
        shown += ":" + fields.get(b"Architecture", b"").decode("utf-8", "replace")
    natives.add(name)
    yield shown, fields.get(b"Version", b"").decode("utf-8", "replace")


def rpm(said: bytes) -> Iterator[tuple[str, str]]:
    """Yield what `rpm -qa` says; of several versions of one package, as of kernels, all are its value."""
    found: dict[str, set[str]] = {}
    for line in said.decode("utf-8", "replace").splitlines():
        name, tab, version = line.partition("\t")
        if tab and name != "gpg-pubkey":
            found.setdefault(name, set()).add(version)
    for name, versions in found.items():
        yield name, ", ".join(sorted(versions))


def pacman(entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the packages of the folders of pacman's database: `openssl-3.3.2-1`."""
    for entry in sorted(entries):
        parts = entry.rsplit("-", 2)
        if len(parts) == len(("name", "version", "release")):
            yield parts[0], f"{parts[1]}-{parts[2]}"
