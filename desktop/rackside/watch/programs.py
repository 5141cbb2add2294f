"""Programs of this machine that are asked, bounded in time and in bytes, at the lowest priority."""

import os
import select
import shutil
import subprocess
import time
from contextlib import suppress
from typing import Final, NamedTuple

LOWEST_PRIORITY: Final = 19
CHUNK: Final = 64 * 1024
PLACES: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where programs for administrators stand, which are not on everybody's path."""


class Said(NamedTuple):
    """How a program ended, and what it wrote to its standard output."""

    code: int
    output: bytes


def find(name: str) -> str | None:
    """Return where a program is, or None."""
    return shutil.which(name) or shutil.which(name, path=os.pathsep.join(PLACES))


def ask(command: list[str], *, within_s: float, most_bytes: int) -> Said | None:
    """Run a program, by argument list and in the language C; it is ended when it takes too long or says too much.

    Returns:
        What it said; None when it could not be run or was ended.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - by argument list
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", "LANG": "C"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError):  # it is not there, or an argument holds a zero byte
        return None
    with process:
        if hasattr(os, "setpriority"):
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST_PRIORITY)
        output = _read(process, time.monotonic() + within_s, most_bytes)
        if output is None:
            process.kill()
            return None
        return Said(process.returncode, output)


def _read(process: "subprocess.Popen[bytes]", until_s: float, most_bytes: int) -> bytes | None:
    """Return all that it says until it ends; None when that is too late or too much."""
    assert process.stdout is not None
    if not hasattr(select, "poll"):
        with suppress(subprocess.TimeoutExpired):
            said, _ = process.communicate(timeout=max(0.0, until_s - time.monotonic()))
            return said if len(said) <= most_bytes else None
        return None
    ready, found = select.poll(), b""
    ready.register(process.stdout, select.POLLIN | select.POLLHUP)
    while ready.poll(max(0.0, until_s - time.monotonic()) * 1_000):
        piece = os.read(process.stdout.fileno(), CHUNK)
        found += piece
        if len(found) > most_bytes:
            return None
        if not piece:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until_s - time.monotonic()))
                return found
            return None
    return None
