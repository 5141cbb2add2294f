"""The doorbell: consoles wait here for news of their channels. It runs on one event loop of this process.

It is rung after a commit in this process, and by one look a second at the heads that other processes have moved, as
long as anybody waits. It says only which heads differ; losing a ring is harmless.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.db import Error, connection, connections

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
Heads: TypeAlias = Mapping[str, int]


@dataclass(eq=False, slots=True)
class _Waiter:
    """A console that waits, with the heads that it knows."""

    known: Heads
    rung: "asyncio.Future[dict[str, int]]"


class Doorbell:
    """Who waits for which channel."""

    def __init__(self, look: Callable[[], Heads], look_every_s: float = LOOK_EVERY_S) -> None:
        """Prepare; nothing runs before somebody waits.

        Args:
            look: reads the heads that moved since it was last called; runs on a thread of its own.
            look_every_s: the time between two looks.
        """
        self._look, self._look_every_s = look, look_every_s
        self._waiting: dict[str, set[_Waiter]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None

    def ring(self, heads: Heads) -> None:
        """Wake who waits for these channels and knows other heads. May be called on any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, heads)

    @contextmanager
    def waiting(self, channels: Iterable[str], known: Heads) -> Iterator["asyncio.Future[dict[str, int]]"]:
        """Wait for these channels within the block; the future brings the heads that are not as known."""
        loop = self._loop = asyncio.get_running_loop()
        waiter = _Waiter(known, loop.create_future())
        names = list(channels)
        for name in names:
            self._waiting.setdefault(name, set()).add(waiter)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._keep_looking())
        try:
            yield waiter.rung
        finally:
            waiter.rung.cancel()
            for name in names:
                self._forget(name, waiter)

    def _forget(self, name: str, waiter: _Waiter) -> None:
        here = self._waiting[name]
        here.discard(waiter)
        if not here:
            del self._waiting[name]

    def _wake(self, heads: Heads) -> None:
        for name, head in heads.items():
            for waiter in self._waiting.get(name, ()):
                if waiter.known.get(name, 0) != head and not waiter.rung.done():
                    waiter.rung.set_result({name: head})

    async def _keep_looking(self) -> None:
        """Look for what other processes committed, until nobody waits any more."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, "doorbell") as thread:
            try:
                while self._waiting:
                    await self._look_once(thread)
                    await asyncio.sleep(self._look_every_s)
            finally:
                await loop.run_in_executor(thread, connections.close_all)

    async def _look_once(self, thread: ThreadPoolExecutor) -> None:
        try:
            self._wake(await asyncio.get_running_loop().run_in_executor(thread, self._look))
        except Error:
            log.exception("The doorbell could not look at the channels")


class Looker:
    """Reads which channel heads moved since the last look, cheaply when nothing was written at all."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._data_version = -1

    def __call__(self) -> Heads:
        """Return the heads that moved since the last call; at the first, all."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # Of this connection: it changes when any other connection commits.
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()[0]
                if version == self._data_version:
                    return {}
                self._data_version = version
            cursor.execute("SELECT name, head FROM feed_channel")
            heads = dict(cursor.fetchall())
        moved = {name: head for name, head in heads.items() if self._seen.get(name) != head}
        self._seen = heads
        return moved


doorbell = Doorbell(Looker())
ring = doorbell.ring
