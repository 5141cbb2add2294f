"""File systems: space and inodes; block devices: rates and how busy they are."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rackside.watch import proc
from rackside.watch.model import Reading
from rackside.watch.rates import Rates

NAME = "disks"
EVERY_S = 5.0
REAL: Final = frozenset(
    {
        *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "vfat", "exfat"),
        *("ntfs", "ntfs3", "fuseblk", "apfs", "hfs", "NTFS", "FAT32"),
    }
)
"""File systems that hold people's data; the kernel's own, images that are read-only and remote ones are left out."""
SECTOR_BYTES: Final = 512
READ_SECTORS, WRITTEN_SECTORS, BUSY_MS = 2, 6, 9
"""Columns of /sys/block/DISK/stat (kernel: block/stat.rst)."""
BLOCK: Final = Path("/sys/block")
FIND_EVERY_S: Final = 30.0
_OCTAL: Final = re.compile(rb"\\(\d{3})")


class Mount(NamedTuple):
    """A file system that is watched. `path` is what the system calls are given, `name` what a person sees."""

    path: str
    name: str
    kind: str


class Collector:
    """One reading for each mount of its own device; bind mounts of the same device are one."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._disks: dict[str, str] = {}
        self._find_at_s = 0.0
        self._mounts = mounts()
        self._changes = proc.Changes("/proc/self/mounts") if proc.LINUX else None

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if self._changes is None or self._changes.any():
            self._mounts = mounts()
        readings = [reading for mount in self._mounts for reading in _space(mount)]
        return readings + self._devices(now_s) if proc.LINUX else readings

    def _devices(self, now_s: float) -> list[Reading]:
        if now_s >= self._find_at_s:
            self._disks, self._find_at_s = dict(find_disks(BLOCK)), now_s + FIND_EVERY_S
        readings = []
        for name, stat in self._disks.items():
            columns = (proc.value(stat) or "").split()
            if len(columns) <= BUSY_MS:
                continue
            counters = int(columns[READ_SECTORS]), int(columns[WRITTEN_SECTORS]), int(columns[BUSY_MS])
            rates = self._rates.of(name, counters, now_s)
            if rates is not None:
                read, written, busy_ms = rates
                readings.append(Reading("disk.read", read * SECTOR_BYTES, "B/s", name))
                readings.append(Reading("disk.write", written * SECTOR_BYTES, "B/s", name))
                readings.append(Reading("disk.busy", min(busy_ms / 10.0, 100.0), "%", name))
        return readings


def mounts() -> list[Mount]:
    """Return the mounts that hold data, each device once by its shortest path, and the root whatever it is."""
    listed = _listed()
    found: dict[bytes, Mount] = {}
    for device, mount in sorted(listed, key=lambda each: len(each[1].path)):
        if mount.kind in REAL or mount.path == "/":
            found.setdefault(device, mount)
    return sorted(found.values())


def _listed() -> list[tuple[bytes, Mount]]:
    if not proc.LINUX:
        import psutil

        parts = psutil.disk_partitions()
        return [(os.fsencode(each.device), Mount(each.mountpoint, each.mountpoint, each.fstype)) for each in parts]
    listed = []
    for line in proc.content("/proc/self/mounts").splitlines():
        device, place, kind, options, _ = line.split(b" ", 4)
        if options.split(b",")[0] == b"ro" and place != b"/":
            continue  # it cannot fill up, and images are full from the beginning
        place = _OCTAL.sub(lambda escape: bytes([int(escape.group(1), 8) & 0xFF]), place)
        listed.append((device, Mount(os.fsdecode(place), proc.printable(place), proc.printable(kind))))
    # The last of two mounts on one path hides the first.
    return list({mount.path: (device, mount) for device, mount in listed}.values())


def find_disks(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the counters' file of each disk under a folder laid out as /sys/block.

    Loop devices, RAM disks and what is made of other disks have no hardware of their own, and are left out.
    """
    for disk in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (disk / "device").exists():
            yield proc.printable(disk.name.replace("!", "/")), str(disk / "stat")


def _space(mount: Mount) -> list[Reading]:
    try:
        if hasattr(os, "statvfs"):
            stat = os.statvfs(mount.path)
            total, free = stat.f_blocks * stat.f_frsize, stat.f_bavail * stat.f_frsize
            used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize
            inodes = 100.0 * (1 - stat.f_ffree / stat.f_files) if stat.f_files else None
        else:
            import psutil

            usage = psutil.disk_usage(mount.path)
            total, free, used, inodes = usage.total, usage.free, usage.used, None
    except OSError:
        return []
    if not total:
        return []
    # As df has it: what is kept for root is neither used nor free.
    readings = [
        Reading("disk.used", 100.0 * used / ((used + free) or 1), "%", mount.name, mount.kind),
        Reading("disk.free", float(free), "B", mount.name, mount.kind),
        Reading("disk.size", float(total), "B", mount.name, mount.kind),
    ]
    if inodes is not None:
        readings.append(Reading("disk.inodes", inodes, "%", mount.name, mount.kind))
    return readings
