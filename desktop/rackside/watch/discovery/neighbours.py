"""Which hardware address is behind an address: the kernel's table of neighbours, of IPv4 and IPv6, read by netlink.

Where netlink is closed to the program, /proc/net/arp tells of IPv4 without saying how old it is. Windows and macOS tell
by `arp -a`, which is not read yet: there a scan shows no hardware addresses, and says so.
"""

import os
import socket
import struct
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

import msgspec

from rackside.watch import proc

GET, NEW, ERROR, DONE = 30, 28, 2, 3
"""Types of messages [linux/rtnetlink.h, linux/netlink.h]."""
REQUEST_DUMP: Final = 0x301
ADDRESS, HARDWARE = 1, 2
"""Attributes [linux/neighbour.h]."""
INCOMPLETE, REACHABLE, STALE, DELAY, PROBE, PERMANENT = 0x01, 0x02, 0x04, 0x08, 0x10, 0x80
ROUTES: Final = 0x80
MAC_BYTES: Final = 6
READ_BYTES: Final = 256 * 1024
WITHIN_S: Final = 1.0
_HEAD: Final = struct.Struct("=LHHLL")
_ENTRY: Final = struct.Struct("=BxxxiHBB")
_ATTRIBUTE: Final = struct.Struct("=HH")
COMPLETE: Final = 0x2
"""The flag of /proc/net/arp."""


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """An address that has a hardware address. Only a `sure` one has answered within the last half minute or so.

    The kernel keeps what has not answered for hours as long as nobody asks. `routes` says that it is an IPv6 router.
    """

    address: str
    mac: str
    interface: int = 0
    sure: bool = True
    routes: bool = False


def table() -> list[Neighbour]:
    """Return the neighbours that the kernel knows now.

    Raises:
        OSError: it does not tell, on this system or this program; the message says so.
    """
    if not proc.LINUX:
        raise OSError("Hardware addresses are read on Linux only: makers of devices are not shown.")
    try:
        return [each for message in _dumped() for each in _read(message)]
    except OSError:
        return arp_table(proc.content("/proc/net/arp").decode("ascii", "replace"))


def arp_table(text: str) -> list[Neighbour]:
    """Return the neighbours of a table as /proc/net/arp has it."""
    rows = [line.split() for line in text.splitlines()[1:]]
    return [
        Neighbour(address=row[0], mac=row[3].lower())
        for row in rows
        if len(row) > 3 and int(row[2], 16) & COMPLETE  # noqa: PLR2004 - the column of the hardware address
    ]


def _dumped() -> Iterator[bytes]:
    """Yield the messages of a dump, without their heads."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0) as kernel:
        kernel.settimeout(WITHIN_S)
        kernel.bind((0, 0))
        body = _ENTRY.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
        kernel.send(_HEAD.pack(_HEAD.size + len(body), GET, REQUEST_DUMP, os.getpid(), 0) + body)
        while True:
            held = kernel.recv(READ_BYTES)
            while len(held) >= _HEAD.size:
                length, kind = _HEAD.unpack_from(held)[:2]
                if kind == DONE:
                    return
                if kind == ERROR or length < _HEAD.size:
                    raise OSError("The kernel does not tell its neighbours.")
                if kind == NEW:
                    yield held[_HEAD.size : length]
                held = held[-(-length // 4) * 4 :]


def _read(entry: bytes) -> Iterator[Neighbour]:
    _, interface, state, flags, _ = _ENTRY.unpack_from(entry)
    held = dict(_attributes(entry[_ENTRY.size :]))
    known = REACHABLE | STALE | DELAY | PROBE | PERMANENT
    if state & known and len(held.get(HARDWARE, b"")) == MAC_BYTES and ADDRESS in held:
        yield Neighbour(
            address=str(ip_address(held[ADDRESS])),
            mac=held[HARDWARE].hex(":"),
            interface=interface,
            sure=bool(state & REACHABLE),
            routes=bool(flags & ROUTES),
        )


def _attributes(held: bytes) -> Iterator[tuple[int, bytes]]:
    while len(held) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(held)
        if length < _ATTRIBUTE.size:
            return
        yield kind, held[_ATTRIBUTE.size : length]
        held = held[-(-length // 4) * 4 :]
