"""What servers say of themselves: SSH's greeting, a web page's server and title, and whether it is an exporter's page.

No sign-in is tried, and no secret is sent. Nothing is said on 9100 where a printer may listen, which would print it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from rackside.watch.discovery.device import said
from rackside.watch.discovery.dialling import Call, dial

SSH: Final = 22
PAGES: Final = (80, 8080)
EXPORTERS: Final = (9182, 9090)
NODE_EXPORTER: Final = 9100
PRINTS: Final = frozenset((515, 631))
MOST_GREETING: Final = 255
"""[RFC 4253, §4.2]"""
MOST_PAGE: Final = 8 * 1024
WITHIN_S: Final = 2.0
PER_S: Final = 100.0
_SERVER: Final = re.compile(rb"^server:[ \t]*([^\r\n]{1,200})", re.IGNORECASE | re.MULTILINE)
_TITLE: Final = re.compile(rb"<title[^>]{0,100}>([^<]{1,200})", re.IGNORECASE)
_METRICS: Final = re.compile(rb"^# (HELP|TYPE) [a-zA-Z_:]", re.MULTILINE)


@dataclass
class Said:
    """What a device said, by port, and which ports answered as exporters do."""

    greetings: dict[int, str] = field(default_factory=dict)
    exporters: list[int] = field(default_factory=list)


def ask(ports: Mapping[str, Sequence[int]], prints: frozenset[str], cancelled: Event) -> dict[str, Said]:
    """Ask the open ports of each address; `prints` are the addresses that told of printing elsewhere."""
    calls = [call for address, held in ports.items() for call in calls_to(address, held, prints=address in prints)]
    heard: dict[str, Said] = {}
    for answer in dial(calls, per_s=PER_S, cancelled=cancelled, within_s=WITHIN_S):
        told = heard.setdefault(answer.call.address, Said())
        if answer.call.port in {*EXPORTERS, NODE_EXPORTER} and _METRICS.search(answer.heard):
            told.exporters.append(answer.call.port)
        elif words := greeting(answer.call.port, answer.heard):
            told.greetings[answer.call.port] = words
    return heard


def calls_to(address: str, ports: Sequence[int], *, prints: bool) -> Iterator[Call]:
    """Yield what is asked at an address.

    A machine with SSH and nothing of printing is asked for metrics on 9100; any other that listens there may print it.
    """
    may_print = prints or PRINTS & {*ports} or SSH not in ports
    for port in ports:
        if port == SSH:
            yield Call(address, port, hear=MOST_GREETING, until=b"\n")
        elif port in PAGES:
            yield Call(address, port, _get(address, "/"), MOST_PAGE, b"</title>")
        elif port in EXPORTERS or (port == NODE_EXPORTER and not may_print):
            yield Call(address, port, _get(address, "/metrics"), MOST_PAGE)


def greeting(port: int, heard: bytes) -> str:
    """Return what was heard on a port as a line that can be shown, and nothing where it is of another protocol."""
    if port == SSH:
        line = heard.partition(b"\n")[0]
        return said(line) if line.startswith(b"SSH-") else ""
    parts = [found[1] for pattern in (_SERVER, _TITLE) if (found := pattern.search(heard))]
    return said(b", ".join(parts)) if heard.startswith(b"HTTP/") else ""


def _get(address: str, path: str) -> bytes:
    return f"GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode("ascii")
