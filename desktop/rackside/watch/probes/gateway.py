"""The default gateway: which it is, and whether it answers."""

import socket
import struct
import time
from contextlib import suppress

from rackside.watch import proc
from rackside.watch.probes import ping

UP_GATEWAY = 0x3
TRY_PORTS = (53, 80, 443)


def address() -> str | None:
    """Return the IPv4 address of the default gateway, or None when there is none (or the system does not tell)."""
    if not proc.LINUX:
        return None
    for line in proc.text("/proc/net/route").splitlines()[1:]:
        columns = line.split()
        if columns[1] == "00000000" and int(columns[3], 16) & UP_GATEWAY == UP_GATEWAY:
            return socket.inet_ntoa(struct.pack("<L", int(columns[2], 16)))
    return None


def round_trip_ms(gateway: str) -> float | None:
    """Return the time of an answer: to a ping, or where none can be sent, to a connection even if it is refused."""
    with suppress(OSError):
        return ping.round_trip_ms(gateway)
    for port in TRY_PORTS:
        began = time.perf_counter()
        try:
            with suppress(ConnectionRefusedError):
                socket.create_connection((gateway, port), ping.TIMEOUT_S).close()
        except OSError:
            continue
        return 1_000 * (time.perf_counter() - began)
    return None
