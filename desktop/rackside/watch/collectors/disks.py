"""File systems: space and inodes; block devices: rates and how busy they are."""

import os
from pathlib import Path

from rackside.watch import proc
from rackside.watch.model import Reading

NAME = "disks"
EVERY_S = 5.0
REAL = frozenset(
    {
        *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "bcachefs", "vfat", "exfat"),
        *("ntfs", "ntfs3", "fuseblk", "apfs", "hfs", "NTFS", "FAT32"),
    }
)
"""File systems that hold people's data; the kernel's own and read-only images are left out."""
SECTOR_BYTES = 512
READS, WRITES, BUSY_MS = 5, 9, 12
"""Columns of /proc/diskstats: sectors read, sectors written, milliseconds doing I/O (kernel: iostats.rst)."""


class Collector:
    """One reading for each mount of its own device; bind mounts of the same device are one."""

    def __init__(self) -> None:
        self._rates = proc.Rate()

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        readings = [reading for mount, kind in mounts() for reading in _space(mount, kind)]
        if proc.LINUX:
            readings += self._devices(now_s)
        return readings

    def _devices(self, now_s: float) -> list[Reading]:
        readings = []
        for line in proc.text("/proc/diskstats").splitlines():
            columns = line.split()
            name = columns[2]
            if not Path(f"/sys/block/{name}/device").exists():
                continue
            for metric, column, factor, unit in (
                ("disk.read", READS, SECTOR_BYTES, "B/s"),
                ("disk.write", WRITES, SECTOR_BYTES, "B/s"),
                ("disk.busy", BUSY_MS, 0.1, "%"),
            ):
                rate = self._rates.of(f"{metric} {name}", int(columns[column]) * factor, now_s)
                if rate is not None:
                    readings.append(Reading(metric, min(rate, 100.0) if unit == "%" else rate, unit, name))
        return readings


def mounts() -> list[tuple[str, str]]:
    """Return the mount points that hold data, each device once, with their kind of file system."""
    if proc.LINUX:
        lines = [line.split() for line in proc.text("/proc/self/mounts").splitlines()]
        listed = [(columns[0], _unescaped(columns[1]), columns[2]) for columns in lines]
    else:
        import psutil

        listed = [(each.device, each.mountpoint, each.fstype) for each in psutil.disk_partitions()]
    found: dict[str, tuple[str, str]] = {}
    for device, mount, kind in sorted(listed, key=lambda each: len(each[1])):
        if kind in REAL:
            found.setdefault(device, (mount, kind))
    root = next(((mount, kind) for _, mount, kind in listed if mount == "/"), None)
    if root and root not in found.values():
        found["/"] = root
    return sorted(found.values())


def _space(mount: str, kind: str) -> list[Reading]:
    try:
        if hasattr(os, "statvfs"):
            stat = os.statvfs(mount)
            total, free = stat.f_blocks * stat.f_frsize, stat.f_bavail * stat.f_frsize
            used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize
            inodes = 100.0 * (1 - stat.f_ffree / stat.f_files) if stat.f_files else None
        else:
            import psutil

            usage = psutil.disk_usage(mount)
            total, free, used, inodes = usage.total, usage.free, usage.used, None
    except OSError:
        return []
    if not total:
        return []
    readings = [
        Reading("disk.used", 100.0 * used / ((used + free) or 1), "%", mount, kind),
        Reading("disk.free", float(free), "B", mount, kind),
        Reading("disk.size", float(total), "B", mount, kind),
    ]
    if inodes is not None:
        readings.append(Reading("disk.inodes", inodes, "%", mount, kind))
    return readings


def _unescaped(mount: str) -> str:
    return mount.encode().decode("unicode_escape") if "\\" in mount else mount
