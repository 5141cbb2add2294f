"""Echo requests: an unprivileged ICMP socket where the system allows it, else the ping program."""

import os
import re
import shutil
import socket
import struct
import subprocess
import time
from typing import Final

TIMEOUT_S: Final = 2.0
ECHO_REQUEST: Final = 8
_TIME: Final = re.compile(r"time[=<]([\d.]+)\s*ms")


def round_trip_ms(address: str, timeout_s: float = TIMEOUT_S) -> float | None:
    """Return the time of one echo, or None when none came back in time.

    Raises:
        OSError: this machine has no way to ping; another kind of check can be used.
    """
    try:
        return _by_socket(address, timeout_s)
    except PermissionError:
        return _by_program(address, timeout_s)


def _by_socket(address: str, timeout_s: float) -> float | None:
    number = os.getpid() & 0xFFFF
    packet = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, number, 1) + b"rackside"
    packet = packet[:2] + struct.pack("!H", _checksum(packet)) + packet[4:]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as echo:
        echo.settimeout(timeout_s)
        began = time.perf_counter()
        try:
            echo.sendto(packet, (address, 0))
            echo.recv(1_024)
        except (TimeoutError, ConnectionError):
            return None
        return 1_000 * (time.perf_counter() - began)


def _by_program(address: str, timeout_s: float) -> float | None:
    program = shutil.which("ping")
    if program is None:
        raise OSError("This machine can neither open an ICMP socket nor find the ping program.")
    command = [program, "-n", "-c", "1", "-W", str(max(1, int(timeout_s))), "--", address]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s + 2, check=False)  # noqa: S603 - by argument list
    except subprocess.TimeoutExpired:
        return None
    found = _TIME.search(done.stdout)
    return float(found.group(1)) if done.returncode == 0 and found else None


def _checksum(packet: bytes) -> int:
    """Return the internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(packet) // 2}H", packet[: len(packet) // 2 * 2]))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
