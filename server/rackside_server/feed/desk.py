"""What the doorbell asks the database, on one thread: who comes at the same moment is looked up together.

So a console that waits costs no thread and no connection, a thousand that come back at once cost a few statements, and
nothing is remembered of anybody: a device that was revoked and a channel that was left are so at the next question.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from django.db import close_old_connections, connection, connections

from rackside_server.accounts.tokens import live_devices
from rackside_server.feed.channels import followed_by_each
from rackside_server.feed.models import Channel

Heads: TypeAlias = Mapping[str, int]
V = TypeVar("V")

MAX_MARKS: Final = 1_000
"""Parameters in one statement; SQLite takes 32,766."""

_thread = ThreadPoolExecutor(1, "doorbell")


class Visitor(NamedTuple):
    """Who waits, on which device, and for which channels."""

    member: str
    device: str
    channels: tuple[str, ...]


class Together(Generic[V]):
    """Asks one question for everybody who asks before it is put."""

    def __init__(self, ask: Callable[[list[str]], Mapping[str, V]]) -> None:
        """Prepare.

        Args:
            ask: answers for many keys at once; runs on the doorbell's thread.
        """
        self._ask = ask
        self._keys: set[str] = set()
        self._next: asyncio.Task[Mapping[str, V]] | None = None

    async def __call__(self, keys: Iterable[str]) -> Mapping[str, V]:
        """Return the answers to these keys, and to those of whoever asked with us."""
        self._keys.update(keys)
        if self._next is None or self._next.get_loop() is not asyncio.get_running_loop():
            self._next = asyncio.create_task(self._put())
        return await asyncio.shield(self._next)

    async def _put(self) -> Mapping[str, V]:
        """Put the question when the thread is free; who comes until then asks with us."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(_thread, _nothing)
        keys, self._keys, self._next = self._keys, set(), None
        return await loop.run_in_executor(_thread, self._answer, list(keys))

    def _answer(self, keys: list[str]) -> Mapping[str, V]:
        close_old_connections()
        found: dict[str, V] = {}
        for start in range(0, len(keys), MAX_MARKS):
            found.update(self._ask(keys[start : start + MAX_MARKS]))
        return found


def _nothing() -> None:
    """Wait in the thread's queue."""


def _visitors(token_digests: list[str]) -> dict[str, Visitor]:
    devices = list(live_devices(token_digests))
    channels = followed_by_each([device.member for device in devices])
    # A thousand consoles wait for the same names: each is kept once.
    names = {member: tuple(map(sys.intern, followed)) for member, followed in channels.items()}
    return {each.token_sha256: Visitor(each.member_id, each.pk, names[each.member_id]) for each in devices}


def _heads(names: list[str]) -> Heads:
    return dict(Channel.objects.filter(name__in=names).values_list("name", "head"))


class Looker:
    """Reads the heads of channels; on SQLite only when something was written at all since it last did."""

    def __init__(self) -> None:
        self._data_version = -1

    def __call__(self, names: list[str]) -> Heads:
        """Return the heads of these channels; none when nothing can have moved."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                # Of this connection: it changes when any other connection commits.
                cursor.execute("PRAGMA data_version")
                version = cursor.fetchone()[0]
            if version == self._data_version:
                return {}
            self._data_version = version
        return _heads(names)


async def look(names: list[str]) -> Heads:
    """Return the heads of these channels, or none when nothing can have moved since this was last asked."""
    return await asyncio.get_running_loop().run_in_executor(_thread, _look, names)


def _look(names: list[str]) -> Heads:
    close_old_connections()
    return _looker(names)


def close() -> None:
    """Close the connection of the thread. The next question makes a new one."""
    _thread.submit(connections.close_all).result()


_looker: Final = Looker()
visitors: Final = Together(_visitors)
"""By the digests of their tokens; who is refused is missing."""
heads: Final = Together(_heads)
"""Of channels, by name; one that holds nothing is missing."""
