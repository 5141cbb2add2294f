"""The system itself: its release, its kernel, its name, and which boot this is."""

import platform
import socket
from pathlib import Path
from typing import Final

from rackside.watch import proc
from rackside.watch.inventory.section import bounded, word

NAME = "system"
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
BOOT: Final = "boot"


def stamp() -> str:
    """Return nothing: it is read at once."""
    return ""


def read() -> dict[str, str]:
    """Return what there is; which boot it is, the kernel of Linux says only."""
    items = [("name", socket.gethostname()), ("kernel", platform.release()), ("release", _release())]
    if proc.LINUX:
        items.append((BOOT, word(BOOT_ID)))
    return bounded((name, value) for name, value in items if value)


def _release() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return f"{platform.system()} {platform.release()}"
    return release.get("PRETTY_NAME", "")
