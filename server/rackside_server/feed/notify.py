"""News between the processes of one server: PostgreSQL's LISTEN and NOTIFY.

A NOTIFY in the writing transaction would cost it 37 % of its writes, as every such commit waits for one lock. So a
thread says it after the commit, over a connection of its own: what is committed while it speaks is said in one breath
next. Nothing relies on it: who connects anew looks at all heads, and a slow look finds what was never said.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeAlias

import msgspec
import psycopg
from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

TOPIC: Final = "rackside_news"
MOST_BYTES: Final = 7_900
"""PostgreSQL takes less than 8,000 in one notification."""
MOST_NOTES: Final = 16
"""Notifications in one breath; for more, everybody is told to look."""
LOOK: Final = "look"
"""No JSON: who cannot read a notification looks."""
FIRST_RETRY_S: Final = 0.1
LONGEST_RETRY_S: Final = 10.0
SIGN_OF_LIFE_S: Final = 30.0
"""How long a listener believes in a silent connection before it asks for a sign of life."""
Heads: TypeAlias = Mapping[str, int]


def notes(heads: Heads) -> list[str]:
    """Return heads as the payloads of as few notifications as hold them."""
    found: list[str] = []
    part: dict[str, int] = {}
    size = 0
    for name, head in heads.items():
        item = len(msgspec.json.encode({name: head}))
        if part and size + item > MOST_BYTES:
            found.append(msgspec.json.encode(part).decode())
            part, size = {}, 0
        part[name] = head
        size += item
    found.append(msgspec.json.encode(part).decode())
    return found if len(found) <= MOST_NOTES else [LOOK]


class Herald:
    """Says after a commit which heads have moved, from a thread of its own that begins with the first news."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._unsaid: dict[str, int] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._connection: psycopg.Connection[Any] | None = None

    def say(self, heads: Heads) -> None:
        """Say soon that these heads have moved. May be called on any thread."""
        with self._lock:
            begun = bool(self._unsaid)
            for name, head in heads.items():
                self._unsaid[name] = max(head, self._unsaid.get(name, 0))
            if not begun:
                self._thread = self._thread or ThreadPoolExecutor(1, "herald")
                self._thread.submit(self._say)

    def close(self) -> None:
        """Say what is unsaid, and close the connection. The next news make a new one."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.submit(self._hang_up)
            thread.shutdown()

    def _say(self) -> None:
        """Say all that has come; what cannot be said is dropped, as a look will find it."""
        with self._lock:
            heads, self._unsaid = self._unsaid, {}
        try:
            self._notify(notes(heads))
        except psycopg.Error as error:
            self._hang_up()
            log.info("News could not be told to other processes, which will look: %s", error)

    def _notify(self, payloads: list[str]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(**_parameters(), autocommit=True)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            # A notification need not survive a crash, nor wait for a standby; local, as a pool shares the connection.
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.executemany("SELECT pg_notify(%s, %s)", [(TOPIC, payload) for payload in payloads])

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Ear(Protocol):
    """Who wants to hear what other processes say."""

    hears: bool

    def wake(self, heads: Heads) -> None:
        """Take heads that have moved."""

    def look_soon(self) -> None:
        """Look at all heads: something may have been missed."""


async def listen(ear: Ear) -> None:
    """Hear what other processes say, for ever; a connection that is lost is made anew."""
    delays = _delays()
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**_for_listening(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {TOPIC}")
                ear.hears = True
                ear.look_soon()
                delays = _delays()
                await _hear(listening, ear)
        except (psycopg.Error, OSError) as error:
            log.info("Other processes are not heard, and looked at meanwhile: %s", error)
        except Exception:  # whatever it is, the next connection may do
            log.exception("Hearing other processes failed")
        finally:
            ear.hears = False
        ear.look_soon()
        await asyncio.sleep(next(delays))


async def _hear(listening: "psycopg.AsyncConnection[Any]", ear: Ear) -> None:
    while True:
        async for note in listening.notifies(timeout=SIGN_OF_LIFE_S):
            try:
                ear.wake(msgspec.json.decode(note.payload, type=dict[str, int]))
            except msgspec.DecodeError:
                ear.look_soon()
        await listening.execute("SELECT 1")


def _delays() -> Iterator[float]:
    """Yield the seconds to wait after each failure in a row, doubled each time."""
    delay_s = FIRST_RETRY_S
    while True:
        yield delay_s
        delay_s = min(LONGEST_RETRY_S, delay_s * 2)


def _parameters() -> dict[str, Any]:
    """Return how to connect to the database that Django uses; a test's is another than the settings'."""
    parameters = dict(connection.get_connection_params())
    for of_django in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(of_django, None)
    return parameters


def _for_listening() -> dict[str, Any]:
    """Return how to connect for as long as one listens, which no pool of transactions lets one do."""
    direct = settings.CONFIGURATION.listen_url
    return {"conninfo": direct} if direct else _parameters()
