"""Who answers an echo request: one unprivileged ICMP socket for all, where the system allows it.

The ping program, which watching falls back on, is not started a thousand times: where there is no such socket, ports
are knocked at instead.
"""

import select
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event
from typing import Final

from rackside.watch.discovery.dialling import TICK_S, Pace
from rackside.watch.probes.ping import CannotPingError, request

NEW_PER_S: Final = 200.0
"""Addresses that are spoken to first, a second. Each that nobody has stays in the kernel's table of neighbours for
three seconds, and the table has room for 1,024 of all programs: this takes at most 600 of them."""
LAST_WAIT_S: Final = 1.0
NUMBERS: Final = 2**16


def answering(addresses: Sequence[str], cancelled: Event, on_asked: Callable[[int], None]) -> set[str]:
    """Return who answered; `on_asked` is told how many have been asked.

    Raises:
        CannotPingError: this machine may send no echo requests.
    """
    try:
        echo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
    except OSError as error:
        raise CannotPingError("This machine may send no echo requests.") from error
    asked, answered, pace = set(addresses), set[str](), Pace(NEW_PER_S)
    waiting, until_s = list(reversed(addresses)), time.monotonic() + LAST_WAIT_S
    with echo:
        echo.settimeout(0)
        while time.monotonic() < until_s and not cancelled.is_set():
            while waiting and pace.may():
                with suppress(OSError):  # what cannot be reached has not answered
                    echo.sendto(request(len(waiting) % NUMBERS), (waiting.pop(), 0))
                until_s = time.monotonic() + LAST_WAIT_S
            on_asked(len(addresses) - len(waiting))
            if select.select([echo], [], [], TICK_S)[0]:
                answered |= _come(echo) & asked
    return answered


def _come(echo: socket.socket) -> set[str]:
    come = set[str]()
    with suppress(BlockingIOError):
        for _ in range(NUMBERS):
            come.add(echo.recvfrom(1_024)[1][0])
    return come
