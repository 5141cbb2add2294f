"""What addresses are called: the system's own way from an address to a name, so /etc/hosts and its DNS server."""

import socket
from collections.abc import Iterable
from threading import Event
from typing import Final

from rackside.watch.discovery.asking import answers

AT_ONCE: Final = 16
WITHIN_S: Final = 4.0
"""For all names: a DNS server that does not answer would take ten seconds for each."""


def names(addresses: Iterable[str], cancelled: Event) -> dict[str, str]:
    """Return the names of those addresses that have one."""
    return answers(addresses, _name, at_once=AT_ONCE, within_s=WITHIN_S, cancelled=cancelled)


def _name(address: str) -> str:
    return socket.getnameinfo((address, 0), socket.NI_NAMEREQD)[0].rstrip(".")
