"""Updates that wait, security updates among them, and whether the machine has to be restarted for those installed."""

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from rackside import paths
from rackside.watch import proc, programs
from rackside.watch.later import Later
from rackside.watch.model import Reading

NAME = "updates"
EVERY_S = 300.0
ASK_EVERY_S: Final = 6 * 3_600.0
WITHIN_S: Final = 120.0
MOST_BYTES: Final = 8 * 1024 * 1024
DAY_S: Final = 86_400.0
REBOOT: Final = Path("/run/reboot-required")
KERNELS: Final = Path("/boot")
SEEN: Final = "security-updates.seen"
"""A file of ours, as old as the oldest security update that waits; it outlasts the program."""
APT: Final = ["-s", "-q", "-o", "Debug::NoLocking=1", "--with-new-pkgs", "upgrade"]
DNF: Final = ["-q", "-C", "check-update"]
DNF_UPDATES: Final = 100
"""How `dnf check-update` ends when there are any."""
_APT_LINE: Final = re.compile(rb"^Inst \S+ (?:\[[^\]]*\] )?\((?P<origin>[^)]*)\)", re.MULTILINE)
_DNF_LINE: Final = re.compile(rb"^\S+\.\S+ +\S+ +\S+ *$", re.MULTILINE)
_NUMBERS: Final = re.compile(r"\d+|\D+")


class Waiting(NamedTuple):
    """How many updates wait, and how many of them for security; None where the system does not say."""

    all: int
    security: int | None


class Collector:
    """The package manager is asked four times a day, with what it knows: nothing is fetched."""

    def __init__(self) -> None:
        self._later = Later[Waiting | None](waiting, None, ASK_EVERY_S)

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not proc.LINUX:
            return []
        at_s = time.time()
        needed_s = reboot_since_s()
        readings = [Reading("reboot.required", float(needed_s is not None), "")]
        readings.append(Reading("reboot.days", (at_s - needed_s) / DAY_S if needed_s is not None else 0.0, "d"))
        found = self._later.said(now_s)
        if found is not None:
            readings.append(Reading("updates.pending", float(found.all), ""))
            if found.security is not None:
                readings.append(Reading("updates.security", float(found.security), ""))
                readings.append(Reading("updates.security_days", _days_seen(found.security, at_s), "d"))
        return readings


def waiting() -> Waiting | None:
    """Ask the package manager; None where there is none that is known, or where it does not say."""
    if program := programs.find("apt-get"):
        said = programs.ask([program, *APT], within_s=WITHIN_S, most_bytes=MOST_BYTES)
        return by_apt(said.output) if said and not said.code else None
    if program := programs.find("dnf"):
        everything = programs.ask([program, *DNF], within_s=WITHIN_S, most_bytes=MOST_BYTES)
        security = programs.ask([program, *DNF, "--security"], within_s=WITHIN_S, most_bytes=MOST_BYTES)
        if everything and everything.code in {0, DNF_UPDATES}:
            known = security is not None and security.code in {0, DNF_UPDATES}
            return Waiting(by_dnf(everything.output), by_dnf(security.output) if known and security else None)
    return None


def by_apt(said: bytes) -> Waiting:
    """Count in what `apt-get -s upgrade` says; a security update comes from an archive that is called so."""
    origins = [found["origin"].lower() for found in _APT_LINE.finditer(said)]
    return Waiting(len(origins), sum(b"security" in origin for origin in origins))


def by_dnf(said: bytes) -> int:
    """Count in what `dnf check-update` says; what it lists as obsoleting is counted before already."""
    return len(_DNF_LINE.findall(said.partition(b"Obsoleting Packages")[0]))


def reboot_since_s() -> float | None:
    """Return since when a restart is needed: an update asked for it, or a newer kernel is installed. None: it is not.

    Seconds since the epoch; an update that asks again moves it.
    """
    with suppress(OSError):
        return REBOOT.stat().st_mtime
    return newer_kernel_since_s(KERNELS, os.uname().release)


def newer_kernel_since_s(folder: Path, running: str) -> float | None:
    """Return since when a kernel is installed that is newer than the running one, both of one flavour, or None."""
    images = {path.name.removeprefix("vmlinuz-"): path for path in folder.glob("vmlinuz-*")}
    if running not in images:
        return None  # a container or a virtual machine whose kernel comes from elsewhere
    alike = [release for release in images if _flavour(release) == _flavour(running)]
    newer = [images[release] for release in alike if _by_number(release) > _by_number(running)]
    # When it was installed is when the inode changed: the packed file keeps the time at which it was built.
    return min((path.stat().st_ctime for path in newer), default=None)


def _flavour(release: str) -> str:
    return re.sub(r"^[\d.]+(?:-\d+)?|\d+", "", release)


def _by_number(release: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBERS.findall(release)]


def _days_seen(security: int, at_s: float) -> float:
    """Return for how many days security updates have waited since they were first seen here."""
    marker = paths.home() / SEEN
    if not security:
        marker.unlink(missing_ok=True)
        return 0.0
    if not marker.exists():
        marker.touch()
    return max(0.0, at_s - marker.stat().st_mtime) / DAY_S


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    if proc.LINUX and (programs.find("apt-get") or programs.find("dnf")):
        return ""
    return "Updates that wait are told by apt and by dnf; this machine has neither."
