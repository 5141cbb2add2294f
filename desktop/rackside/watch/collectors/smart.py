"""What disks say of themselves (SMART), by smartctl, which needs the right to read disks. None is woken for it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from rackside.watch import proc, programs
from rackside.watch.collectors.disks import BLOCK, find_disks
from rackside.watch.later import Later
from rackside.watch.model import Reading

NAME = "smart"
EVERY_S = 300.0
ASK_EVERY_S: Final = 1_800.0
WITHIN_S: Final = 20.0
MOST_BYTES: Final = 1024 * 1024
MOST_DISKS: Final = 64
WITHOUT_SMART: Final = ("fd", "sr", "vd", "xvd")
"""How floppy, optical and virtual disks begin."""


class _Device(msgspec.Struct, frozen=True):
    type: str = ""


class _Status(msgspec.Struct, frozen=True):
    passed: bool


class Health(msgspec.Struct, frozen=True):
    """What is read of smartctl's JSON; `smart_status` is not there when the disk sleeps or may not be read."""

    device: _Device = _Device()
    smart_status: _Status | None = None


class Collector:
    """`smart.failing` of each disk that says it: 1 when it says that it is failing."""

    def __init__(self) -> None:
        self._known: dict[str, Reading] = {}
        self._later = Later[None](self._ask, None, ASK_EVERY_S)

    def read(self, now_s: float) -> list[Reading]:
        """Return what was said last, and ask again every half hour."""
        if proc.LINUX and programs.find("smartctl") and readable(disks()):
            self._later.said(now_s)
        return list(self._known.values())

    def _ask(self) -> None:
        there = disks()
        known = {name: reading for name, reading in self._known.items() if name in there}
        for name in there:
            reading = ask(name)
            if reading is not None:
                known[name] = reading
        self._known = known


def ask(name: str) -> Reading | None:
    """Ask one disk by its name, such as `sda`; None when it sleeps, may not be read, or has no SMART."""
    program = programs.find("smartctl") or "smartctl"
    command = [program, "-j", "-H", "-A", "-n", "standby", f"/dev/{name}"]
    said = programs.ask(command, within_s=WITHIN_S, most_bytes=MOST_BYTES)
    return health(name, said.output) if said is not None else None


def health(name: str, said: bytes) -> Reading | None:
    """Return what smartctl's JSON says of a disk; None when it does not say how the disk is."""
    try:
        found = msgspec.json.decode(said, type=Health)
    except msgspec.MsgspecError:
        return None
    if found.smart_status is None:
        return None
    return Reading("smart.failing", float(not found.smart_status.passed), "", name, proc.printable(found.device.type))


def disks() -> list[str]:
    """Return the names of the disks with hardware of their own."""
    return list(_disks())[:MOST_DISKS]


def readable(names: list[str]) -> list[str]:
    """Return the disks that this person may read."""
    return [name for name in names if os.access(Path("/dev") / name, os.R_OK)]


def _disks() -> Iterator[str]:
    for name, _ in find_disks(BLOCK):
        if not name.startswith(WITHOUT_SMART):
            yield name


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    there = disks() if proc.LINUX else []
    if not proc.LINUX:
        return "What disks say of themselves is read on Linux only."
    if not there:
        return "This machine has no disk of its own that says how it is; virtual disks do not."
    if programs.find("smartctl") is None:
        return "What disks say of themselves (SMART) needs smartctl, of the package smartmontools."
    if not readable(there):
        return "What disks say of themselves (SMART) needs the right to read disks, which root has."
    return ""
