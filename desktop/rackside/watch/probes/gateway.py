"""The default gateway: which it is, and whether it answers."""

import socket
import struct
import time
from contextlib import suppress
from typing import Final

from rackside.watch import proc
from rackside.watch.probes import ping

UP_GATEWAY: Final = 0x3
GATEWAY, FLAGS, METRIC = 2, 3, 6
"""Columns of /proc/net/route."""
TRY_PORTS: Final = (53, 80, 443)


def address() -> str | None:
    """Return the IPv4 address of the default gateway that is used, or None where there is none or nobody tells."""
    if not proc.LINUX:
        return None
    try:
        return chosen(proc.content("/proc/net/route").decode("ascii", "replace"))
    except OSError:
        return None


def chosen(table: str) -> str | None:
    """Return the gateway with the lowest metric in a table as /proc/net/route has it."""
    routes = []
    for line in table.splitlines()[1:]:
        columns = line.split()
        default = columns[1] == "00000000" == columns[7]
        if default and int(columns[FLAGS], 16) & UP_GATEWAY == UP_GATEWAY:
            routes.append((int(columns[METRIC]), socket.inet_ntoa(struct.pack("<L", int(columns[GATEWAY], 16)))))
    return min(routes)[1] if routes else None


def round_trips_ms(gateway: str) -> list[float | None]:
    """Return the time of each answer, None for one that did not come.

    Many gateways answer no ping: then a connection counts, even one that is refused.
    """
    trips: list[float | None] = []
    with suppress(ping.CannotPingError):
        trips = ping.round_trips_ms(gateway)
    if any(trip is not None for trip in trips):
        return trips
    for port in TRY_PORTS:
        trip = _connect_ms(gateway, port)
        if trip is not None:
            return [trip]
    return trips or [None]


def _connect_ms(gateway: str, port: int) -> float | None:
    began = time.perf_counter()
    try:
        with suppress(ConnectionRefusedError):
            socket.create_connection((gateway, port), ping.TIMEOUT_S).close()
    except OSError:
        return None
    return 1_000 * (time.perf_counter() - began)
