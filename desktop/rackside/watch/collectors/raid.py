"""Arrays of disks that Linux makes itself: software RAID by /proc/mdstat, and the state of ZFS pools."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "raid"
EVERY_S = 60.0
MDSTAT: Final = Path("/proc/mdstat")
POOLS: Final = Path("/proc/spl/kstat/zfs")
MOST_BYTES: Final = 256 * 1024
MOST_ARRAYS: Final = 200
FAILED_DISK, DEGRADED = 1.0, 2.0
"""How bad it is, as `raid.state` has it; 0 is whole."""
_ARRAY: Final = re.compile(r"^(?P<name>\S+) : (?P<state>active|inactive)\b(?P<rest>.*(?:\n[ \t].*)*)", re.MULTILINE)
_MEMBERS: Final = re.compile(r" \[(?P<wanted>\d+)/(?P<there>\d+)\] ")


class Collector:
    """Of each array how many disks failed in it (`raid.failed`) and how many it lacks (`raid.degraded`)."""

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        del now_s
        if not proc.LINUX:
            return []
        return [*arrays(_text(MDSTAT)), *pools(POOLS)][: 3 * MOST_ARRAYS]


def arrays(mdstat: str) -> Iterator[Reading]:
    """Yield what /proc/mdstat says of each array (md(4))."""
    for found in _ARRAY.finditer(mdstat):
        rest, failed = found["rest"], found["rest"].count("(F)")
        members = _MEMBERS.search(rest.replace("\n", " \n "))
        lacking = max(0, int(members["wanted"]) - int(members["there"])) if members else 0
        # A container of a fake RAID's metadata is always inactive, and whole.
        if found["state"] == "inactive" and "external:" not in rest:
            lacking = 1
        yield from _readings(proc.printable(found["name"]), "md", failed, lacking)


def pools(folder: Path) -> Iterator[Reading]:
    """Yield the state of each ZFS pool; which disk it is the kernel does not tell there."""
    for state in sorted(folder.glob("*/state"))[:MOST_ARRAYS]:
        said = _text(state).strip()
        if said:
            yield from _readings(proc.printable(state.parent.name), "zfs", 0, int(said != "ONLINE"))


def _readings(name: str, kind: str, failed: int, lacking: int) -> Iterator[Reading]:
    yield Reading("raid.failed", float(failed), "", name, kind)
    yield Reading("raid.degraded", float(lacking), "", name, kind)
    yield Reading("raid.state", DEGRADED if lacking else FAILED_DISK if failed else 0.0, "", name, kind)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    if not proc.LINUX:
        return "Arrays of disks are read on Linux only."
    if not MDSTAT.exists() and not POOLS.exists():
        return "Neither software RAID nor ZFS is loaded; a RAID controller keeps its own state and is not read."
    return ""
