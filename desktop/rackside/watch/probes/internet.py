"""The internet: whether a connection to a host outside can be opened. Nothing is sent over it."""

import socket
import time

TIMEOUT_S = 5.0


def connect_ms(host: str, port: int) -> float | None:
    """Return how long the connection took, or None when it could not be opened."""
    began = time.perf_counter()
    try:
        socket.create_connection((host, port), TIMEOUT_S).close()
    except (OSError, ValueError, OverflowError):  # the last two: no name, or no port
        return None
    return 1_000 * (time.perf_counter() - began)
