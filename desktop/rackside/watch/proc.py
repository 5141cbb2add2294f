"""Reading /proc and /sys through file descriptors that stay open: one pread each, no path lookup."""

import os
import select
import sys
from contextlib import suppress

LINUX = sys.platform.startswith("linux")
READ_BYTES = 64 * 1024
NUMBER_BYTES = 32
"""What a 64-bit number takes with the spaces before it."""

_open: dict[str, int] = {}


def content(path: str) -> bytes:
    """Return the content of a file of /proc or /sys.

    Most files of /proc give a page at a time, whatever is asked for, so that reading goes on until nothing comes.

    Raises:
        OSError: it is not there, on this kernel or for this person.
    """
    descriptor = _descriptor(path)
    found = piece = os.pread(descriptor, READ_BYTES, 0)
    while piece:
        piece = os.pread(descriptor, READ_BYTES, len(found))
        found += piece
    return found


def at_once(path: str) -> bytes:
    """Return the content of a file that the kernel gives whole, as it does those that are one record, such as stat.

    Raises:
        OSError: as `content`.
    """
    return os.pread(_descriptor(path), READ_BYTES, 0)


def value(path: str) -> str | None:
    """Return the one value of a file of /sys, or None when there is none just now; a device may come back."""
    for _ in range(2):
        try:
            return at_once(path).decode("utf-8", "replace").strip()
        except OSError:
            _forget(path)
    return None


def number(found: bytes, name: bytes) -> int | None:
    r"""Return the number after a name, as /proc/meminfo and /proc/vmstat have them, or None.

    The name is found fastest with what stands around it, such as `b"\\nSwapFree:"`.
    """
    start = found.find(name)
    if start < 0:
        return None
    start += len(name)
    return int(found[start : start + NUMBER_BYTES].split(None, 1)[0])


def printable(name: bytes | str) -> str:
    """Return a name that others chose, such as a process's or a mount's, without what a screen would act on."""
    shown = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    if shown.isprintable():
        return shown
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in shown)


class Changes:
    """Tells when a file of /proc that can be polled has changed, as /proc/self/mounts does (proc(5))."""

    def __init__(self, path: str) -> None:
        self._poll = select.poll()
        self._poll.register(_descriptor(path), select.POLLERR | select.POLLPRI)

    def any(self) -> bool:
        """Return whether it changed since the last call."""
        return bool(self._poll.poll(0))


def _descriptor(path: str) -> int:
    descriptor = _open.get(path)
    if descriptor is None:
        descriptor = _open[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return descriptor


def _forget(path: str) -> None:
    with suppress(KeyError, OSError):
        os.close(_open.pop(path))
