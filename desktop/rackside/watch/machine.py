"""What this machine is: read once."""

import os
import platform
import socket
import time

from rackside.watch import proc
from rackside.watch.collectors.uptime import uptime_s
from rackside.watch.model import Machine

KIB = 1024


def describe() -> Machine:
    """Return the facts that do not change while the program runs."""
    memory = (proc.number(proc.at_once("/proc/meminfo"), b"MemTotal:") or 0) * KIB if proc.LINUX else _portable_memory()
    return Machine(
        name=proc.printable(socket.gethostname()),
        system=_system(),
        kernel=platform.release(),
        cores=os.cpu_count() or 1,
        memory_bytes=memory,
        booted_s=time.time() - uptime_s(),
    )


def _system() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return f"{platform.system()} {platform.release()}"
    return f"{release.get('NAME', 'Linux').replace(' GNU/Linux', '')} {release.get('VERSION_ID', '')}".strip()


def _portable_memory() -> int:
    import psutil

    total: int = psutil.virtual_memory().total
    return total
