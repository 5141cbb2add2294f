"""Echo requests: an unprivileged ICMP socket where the system allows it, else the ping program."""

import os
import re
import shutil
import socket
import struct
import subprocess
import time
from typing import Final

ECHOES: Final = 5
BETWEEN_S: Final = 0.2
TIMEOUT_S: Final = 1.0
ECHO_REQUEST: Final = 8
_HEAD: Final = struct.Struct("!BBHHH")
_TIME: Final = re.compile(r"time[=<]([\d.]+)\s*ms")


class CannotPingError(OSError):
    """This machine can neither open an ICMP socket nor find the ping program; another kind of check can be used."""


def round_trips_ms(address: str, echoes: int = ECHOES) -> list[float | None]:
    """Return the time of each echo, None for one that did not come back in time.

    Raises:
        CannotPingError: this machine has no way to ping.
    """
    try:
        echo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    except OSError:
        return _by_program(address, echoes)
    with echo:
        echo.settimeout(TIMEOUT_S)
        trips = []
        for number in range(1, echoes + 1):
            if number > 1:
                time.sleep(BETWEEN_S)
            trips.append(_echo_ms(echo, address, number))
        return trips


def request(number: int) -> bytes:
    """Return an echo request (RFC 792). The kernel puts its own identifier in and computes the checksum anew."""
    head, payload = _HEAD.pack(ECHO_REQUEST, 0, 0, 0, number), b"rackside"
    return _HEAD.pack(ECHO_REQUEST, 0, checksum(head + payload), 0, number) + payload


def checksum(packet: bytes) -> int:
    """Return the internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(packet) // 2}H", packet))
    while total >> 16:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def _echo_ms(echo: socket.socket, address: str, number: int) -> float | None:
    began = time.perf_counter()
    try:
        echo.sendto(request(number), (address, 0))
        while True:
            answer = echo.recv(1_024)
            if len(answer) >= _HEAD.size and _HEAD.unpack_from(answer)[4] == number:
                return 1_000 * (time.perf_counter() - began)
            if time.perf_counter() - began > TIMEOUT_S:
                return None
    except OSError:
        return None


def _by_program(address: str, echoes: int) -> list[float | None]:
    program = shutil.which("ping")
    if program is None:
        raise CannotPingError("This machine can neither open an ICMP socket nor find the ping program.")
    wait, apart = str(max(1, round(TIMEOUT_S))), str(BETWEEN_S)
    command = [program, "-n", "-c", str(echoes), "-i", apart, "-W", wait, "--", address]
    try:
        done = subprocess.run(  # noqa: S603 - by argument list
            command,
            capture_output=True,
            text=True,
            timeout=echoes * (TIMEOUT_S + BETWEEN_S) + 1,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (subprocess.TimeoutExpired, OSError):
        return [None] * echoes
    trips = [float(each) for each in _TIME.findall(done.stdout)][:echoes]
    return [*trips, *[None] * (echoes - len(trips))]
