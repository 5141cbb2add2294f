"""The doorbell: consoles wait here for news of their channels. It runs on one event loop of this process.

It is rung after a commit: in this process at once, in every other one through PostgreSQL's NOTIFY (`notify`). A look at
the heads of the channels that anybody waits for finds what was not heard; on SQLite, where nobody notifies, it is the
way between processes. It says only which heads differ; losing a ring is harmless.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from django.db import connection

from rackside_protocol.sync import NEWS_WAIT_S
from rackside_server.feed import desk

if TYPE_CHECKING:
    from rackside_server.feed.notify import Herald

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""Where other processes are not heard."""
LOOK_WHEN_HEARING_S: Final = 15.0
Heads: TypeAlias = Mapping[str, int]
Look: TypeAlias = Callable[[list[str]], Awaitable[Heads]]
Listen: TypeAlias = Callable[["Doorbell"], Coroutine[None, None, None]]
Rung: TypeAlias = "asyncio.Future[dict[str, int] | None]"


class Waiter:
    """A console that waits, with the heads that it knows; `rung` brings what differs, None when it has hung up."""

    __slots__ = ("known", "names", "rung")

    def __init__(self, names: tuple[str, ...], known: Heads, rung: Rung) -> None:
        self.names, self.known, self.rung = names, known, rung

    def end(self, heads: dict[str, int] | None) -> None:
        """End the waiting, once."""
        if not self.rung.done():
            self.rung.set_result(heads)


class Doorbell:
    """Who waits for which channel."""

    def __init__(
        self,
        look: Look,
        listen: Listen | None = None,
        *,
        look_every_s: float = LOOK_EVERY_S,
        wait_s: float = NEWS_WAIT_S,
    ) -> None:
        """Prepare; nothing runs before somebody waits.

        Args:
            look: reads the heads of channels, or of those among them that moved since it was last called.
            listen: hears what other processes say, from when the first console waits; sets `hears`, calls `wake`.
            look_every_s: the time between two looks while other processes are not heard.
            wait_s: how long a console waits before it is told that nothing happened.
        """
        self._look, self._listen, self._look_every_s, self._wait_s = look, listen, look_every_s, wait_s
        self.hears = False
        self._waiting: dict[str, set[Waiter]] = {}
        self._until_s: dict[Waiter, float] = {}  # in the order of their ends, as all wait equally long
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()

    def ring(self, heads: Heads) -> None:
        """Wake who waits for these channels and knows older heads. May be called on any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.wake, heads)

    def look_soon(self) -> None:
        """Look at all heads that are waited for, since a ring may have been lost. On the loop's thread only."""
        self._look_now.set()

    @contextmanager
    def waiting(self, channels: Iterable[str], known: Heads) -> Iterator[Waiter]:
        """Wait for these channels within the block."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._begin(loop)
        waiter = Waiter(tuple(channels), known, loop.create_future())
        for name in waiter.names:
            self._waiting.setdefault(name, set()).add(waiter)
        self._until_s[waiter] = loop.time() + self._wait_s
        if self._clock is None:
            self._clock = loop.call_later(self._wait_s, self._end_the_oldest)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._keep_looking())
        try:
            yield waiter
        finally:
            waiter.rung.cancel()
            self._forget(waiter)

    def wake(self, heads: Heads) -> None:
        """Wake who knows older heads than these. On the loop's thread only."""
        for name, head in heads.items():
            for waiter in self._waiting.get(name, ()):
                if waiter.known.get(name, 0) < head:
                    waiter.end({name: head})

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run on a loop from now on; what belonged to another one has ended with it."""
        self._loop, self._clock, self._looking = loop, None, None
        self._listening = loop.create_task(self._listen(self)) if self._listen is not None else None
        self._waiting.clear()
        self._until_s.clear()
        self._look_now = asyncio.Event()

    def _forget(self, waiter: Waiter) -> None:
        self._until_s.pop(waiter, None)
        for name in waiter.names:
            here = self._waiting.get(name, set())
            here.discard(waiter)
            if not here:
                self._waiting.pop(name, None)

    def _end_the_oldest(self) -> None:
        """Tell those whose time is over that nothing happened: one timer for all of them."""
        assert self._loop is not None
        now_s, self._clock = self._loop.time(), None
        for waiter, until_s in self._until_s.items():
            if until_s > now_s:
                self._clock = self._loop.call_at(until_s, self._end_the_oldest)
                return
            waiter.end({})

    async def _keep_looking(self) -> None:
        """Look for what was not heard, until nobody waits any more."""
        while self._waiting:
            self._look_now.clear()
            try:
                self._compare(await self._look(list(self._waiting)))
            except Exception:  # whatever it is, those who wait must not wait for ever
                log.exception("The doorbell could not look at the channels")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_WHEN_HEARING_S if self.hears else self._look_every_s)

    def _compare(self, heads: Heads) -> None:
        """Wake who knows other heads than those that the database holds: after a restore, they may be lower."""
        for name, head in heads.items():
            for waiter in self._waiting.get(name, ()):
                if waiter.known.get(name, 0) != head:
                    waiter.end({name: head})


async def _listen(bell: Doorbell) -> None:
    """Hear the other processes of a server on PostgreSQL."""
    if connection.vendor == "postgresql":
        from rackside_server.feed.notify import listen  # noqa: PLC0415 - psycopg is not needed on SQLite

        await listen(bell)


@cache
def _herald() -> "Herald":
    from rackside_server.feed.notify import Herald  # noqa: PLC0415 - as above

    return Herald()


def ring(heads: Heads) -> None:
    """Wake who waits for these channels, in every process of the server. Call it after the commit."""
    doorbell.ring(heads)
    if connection.vendor == "postgresql":
        _herald().say(heads)


def close() -> None:
    """Close the connections that are held beside Django's. The next news make new ones."""
    desk.close()
    if connection.vendor == "postgresql":
        _herald().close()


doorbell = Doorbell(desk.look, _listen)
