"""How far this machine's clock is off, as far as the machine itself can know.

The kernel knows what it still has to slew (adjtimex(2)): true for ntpd and timesyncd, which hand it their offset, and
nearly nothing for chrony, which keeps its own. So chrony is asked, where it is. Both are what a program that keeps time
believes; nobody is asked anew. While nothing keeps the clock, how far it is off is not known, and not told.
"""

import ctypes
from pathlib import Path
from typing import Final

from rackside.watch import proc, programs
from rackside.watch.later import Later
from rackside.watch.model import Reading

NAME = "clock"
EVERY_S = 60.0
CHRONY_EVERY_S: Final = 300.0
CHRONY_WITHIN_S: Final = 3.0
MOST_BYTES: Final = 4_096
CHRONY_RUNS: Final = Path("/run/chrony")
SYSTEM_TIME, LEAP = 4, 13
"""Columns of `chronyc -c tracking`: seconds that the clock is off, and whether it is synchronised."""
STA_UNSYNC: Final = 0x0040
STA_NANO: Final = 0x2000
READ_REMAINING: Final = 0xA001
"""ADJ_OFFSET_SS_READ: what is left of an adjtime(3); it sets nothing."""


class Timex(ctypes.Structure):
    """The kernel's struct timex."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("sec", ctypes.c_long),
        ("usec", ctypes.c_long),
        ("rest", ctypes.c_long * 32),
    )


class Collector:
    """`clock.offset` in seconds without its sign; `clock.unsynced` is 1 while nothing keeps the clock."""

    def __init__(self) -> None:
        self._chrony = Later[float | None](chrony_offset_s, None, CHRONY_EVERY_S)

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not proc.LINUX:
            return []
        offset_s = kernel_offset_s()
        readings = [Reading("clock.synced", float(offset_s is not None), "", "time service")]
        if offset_s is not None:
            told_s = self._chrony.said(now_s) if CHRONY_RUNS.is_dir() else None
            readings.append(Reading("clock.offset", abs(offset_s if told_s is None else told_s), "s"))
        return readings


def kernel_offset_s() -> float | None:
    """Return what the kernel still has to slew, or None while it is not synchronised.

    Raises:
        OSError: it does not say.
    """
    adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
    state, remaining = Timex(modes=0), Timex(modes=READ_REMAINING)
    if adjtimex(ctypes.byref(state)) < 0 or adjtimex(ctypes.byref(remaining)) < 0:
        raise OSError(ctypes.get_errno(), "the kernel does not tell of its clock")
    if state.status & STA_UNSYNC:
        return None
    return float(state.offset / (1e9 if state.status & STA_NANO else 1e6) + remaining.offset / 1e6)


def chrony_offset_s() -> float | None:
    """Return how far chrony believes the clock to be off, or None where it does not say."""
    program = programs.find("chronyc")
    command = [program or "", "-n", "-c", "tracking"]
    said = programs.ask(command, within_s=CHRONY_WITHIN_S, most_bytes=MOST_BYTES) if program else None
    columns = said.output.decode("ascii", "replace").strip().split(",") if said and not said.code else []
    if len(columns) <= LEAP or columns[LEAP] == "Not synchronised":
        return None
    return float(columns[SYSTEM_TIME])


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    if not proc.LINUX:
        return "How far the clock is off is read from the Linux kernel only."
    if kernel_offset_s() is None:
        return "How far the clock is off is not known while no time service keeps it."
    return ""
