"""A question that blocks, put to many at once: on a few threads, and within a time in all."""

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import Event

from rackside.watch.discovery.device import said

TICK_S = 0.05


def answers(
    addresses: Iterable[str], ask: Callable[[str], str | None], *, at_once: int, within_s: float, cancelled: Event
) -> dict[str, str]:
    """Return what was answered within `within_s` seconds; a thread that hangs in a question is left behind with it.

    A question that fails is one that was not answered.
    """
    waiting, told, stop = SimpleQueue[str](), dict[str, str](), Event()
    for address in addresses:
        waiting.put(address)

    def work() -> None:
        while not stop.is_set():
            try:
                address = waiting.get_nowait()
            except Empty:
                return
            try:
                answer = ask(address)
            except (OSError, ValueError):
                continue
            if answer:
                told[address] = said(answer)

    workers = [threading.Thread(target=work, name="asking", daemon=True) for _ in range(min(at_once, waiting.qsize()))]
    for worker in workers:
        worker.start()
    until_s = time.monotonic() + within_s
    while any(each.is_alive() for each in workers) and time.monotonic() < until_s and not cancelled.wait(TICK_S):
        pass
    stop.set()
    return dict(told)
