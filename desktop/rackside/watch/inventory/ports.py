"""The ports on which this machine listens, and which program does, where this person may see it.

Ports of the range that the kernel gives out are left out where they come and go by themselves: those of UDP, and those
that only this machine itself can reach.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Final, NamedTuple

from rackside.watch import proc
from rackside.watch.inventory.section import CannotTellError, bounded, word

NAME = "ports"
NET: Final = Path("/proc/net")
RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
USUAL_RANGE: Final = (32_768, 60_999)
TABLES: Final = (("tcp", "tcp", "0A"), ("tcp", "tcp6", "0A"), ("udp", "udp", "07"), ("udp", "udp6", "07"))
"""Protocol, table, and the state in which it waits for whoever comes (include/net/tcp_states.h)."""
LOCAL, REMOTE, STATE, INODE = 1, 2, 3, 9
MOST_BYTES: Final = 8 * 1024 * 1024
FIND_WITHIN_S: Final = 2.0
LETTERS_IPV4: Final = 8
HIDDEN: Final = "a program that this person may not see"
_SOCKET: Final = re.compile(r"socket:\[(\d+)\]")


class Listening(NamedTuple):
    """A socket that listens; the port is on all addresses where `address` is `*`."""

    protocol: str
    address: str
    port: int
    inode: int

    @property
    def name(self) -> str:
        """What it is called in the inventory: `tcp *:22`."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.protocol} {shown}:{self.port}"


def stamp() -> str:
    """Return the sockets themselves: the kernel lists them at once, it is who holds them that takes long."""
    return " ".join(f"{each.name} {each.inode}" for each in sorted(sockets())) if proc.LINUX else ""


def read() -> dict[str, str]:
    """Return the ports with the programs that hold them.

    Raises:
        CannotTellError: this is not Linux.
    """
    if not proc.LINUX:
        raise CannotTellError("Ports that listen are read from Linux's /proc/net only.")
    found = sockets()
    holders = programs_of({each.inode for each in found})
    named: dict[str, set[str]] = {}
    for each in found:
        named.setdefault(each.name, set()).update(holders.get(each.inode, ()))
    return bounded((name, ", ".join(sorted(held)) or HIDDEN) for name, held in sorted(named.items()))


def sockets() -> list[Listening]:
    """Return all sockets that listen, those that come and go by themselves left out."""
    given = _given_out()
    found = [
        each
        for protocol, table, state in TABLES
        for each in listening(_text(NET / table), protocol, state)
        if not (given[0] <= each.port <= given[1] and (protocol == "udp" or _is_loopback(each.address)))
    ]
    return list(dict.fromkeys(found))


def listening(table: str, protocol: str, state: str) -> Iterator[Listening]:
    """Yield the sockets of one of the kernel's tables (proc_net_tcp.rst) that are in a state and have no other end."""
    for line in table.splitlines()[1:]:
        columns = line.split()
        if len(columns) <= INODE or columns[STATE] != state or columns[REMOTE].strip("0") != ":":
            continue
        address, _, port = columns[LOCAL].partition(":")
        yield Listening(protocol, _address(address), int(port, 16), int(columns[INODE]))


def programs_of(inodes: set[int]) -> dict[int, set[str]]:
    """Return the names of the programs that hold these sockets, as far as this person may see it."""
    found: dict[int, set[str]] = {}
    until_s = time.monotonic() + FIND_WITHIN_S
    for entry in os.listdir("/proc"):  # noqa: PTH208 - names only, as fast as can be
        if not entry.isdecimal() or time.monotonic() > until_s:
            continue
        for inode in _sockets_of(entry):
            if inode in inodes:
                found.setdefault(inode, set()).add(word(Path("/proc", entry, "comm")))
    return found


def _sockets_of(pid: str) -> Iterator[int]:
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - as above
    except OSError:
        return
    for name in names:
        try:
            held = _SOCKET.fullmatch(os.readlink(f"{folder}/{name}"))  # noqa: PTH115 - as above
        except OSError:
            continue
        if held:
            yield int(held.group(1))


def _address(written: str) -> str:
    """Return an address that the kernel wrote as words of this machine's byte order; `*` when it is every one."""
    words = [int(written[start : start + 8], 16) for start in range(0, len(written), 8)]
    raw = b"".join(each.to_bytes(4, sys.byteorder) for each in words)
    if len(written) == LETTERS_IPV4:
        address: IPv4Address | IPv6Address = IPv4Address(raw)
    else:
        address = IPv6Address(raw).ipv4_mapped or IPv6Address(raw)
    return "*" if address.is_unspecified else str(address)


def _is_loopback(address: str) -> bool:
    return address == "::1" or address.startswith("127.")


def _given_out() -> tuple[int, int]:
    found = word(RANGE).replace("\N{REPLACEMENT CHARACTER}", " ").split()
    return (int(found[0]), int(found[1])) if len(found) == len(USUAL_RANGE) else USUAL_RANGE


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("ascii", "replace")
    except OSError:  # a kernel without IPv6
        return ""
