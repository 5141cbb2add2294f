"""A network that fails: an HTTP proxy on loopback between a real console and a real server.

Each request draws one fault, or none, from one seed: the nth request of a run meets the same fault whenever it is run
again with as many consoles. What each fault does stands in `network.py`.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self, TypeAlias

HOST: Final = "127.0.0.1"
HEAD_ENDS: Final = b"\r\n\r\n"
LONGEST_ANSWER_S: Final = 30
RESET_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of 0 s: closing sends RST instead of FIN."""


class Disconnected(Exception):  # noqa: N818 - it is what happened
    """The console or the server is not there any more."""


@dataclass
class Exchange:
    """One request on its way, and what a fault may do with it."""

    request: bytes
    random: random.Random
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    server: tuple[str, int]
    past: dict[bytes, bytes]
    """The newest answer to each path."""

    async def ask(self) -> bytes:
        """Let the server have the request; return its answer, byte for byte.

        Raises:
            Disconnected: the server is down, or died before it had answered.
        """
        try:
            reader, writer = await asyncio.open_connection(*self.server)
            try:
                writer.write(self.request.replace(b"Connection: keep-alive\r\n", b"Connection: close\r\n", 1))
                answer = await asyncio.wait_for(reader.read(-1), LONGEST_ANSWER_S)
            finally:
                writer.close()
        except (OSError, TimeoutError) as error:
            raise Disconnected from error
        head, ended, body = answer.partition(HEAD_ENDS)
        if not ended or len(body) < length(head):
            raise Disconnected
        answer = head.replace(b"\r\nconnection: close", b"", 1) + HEAD_ENDS + body
        self.past[self.path] = answer
        return answer

    @property
    def path(self) -> bytes:
        """What is asked for."""
        return self.request.split(b" ", 2)[1]

    async def tell(self, answer: bytes) -> None:
        """Answer the console."""
        self.writer.write(answer)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection with RST; what the console has not read yet is lost to it."""
        plug: socket.socket = self.writer.get_extra_info("socket")
        with suppress(OSError):
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        self.writer.transport.abort()


Fault: TypeAlias = Callable[[Exchange], Awaitable[None]]


@dataclass
class Proxy:
    """The proxy, on a thread of its own. `happened` counts its faults by their names."""

    port: int
    faults: Mapping[str, tuple[float, Fault]]
    """The rate of each fault, of all requests, and what it does."""
    seed: int
    happened: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable on purpose
        self._loop = asyncio.new_event_loop()
        self._past: dict[bytes, bytes] = {}
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, HOST, 0))
        self.url = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection of a console."""
        try:
            while not writer.is_closing():
                await self._carry(reader, writer)
        except (Disconnected, OSError, asyncio.IncompleteReadError):
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()  # the run is over
        finally:
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(HEAD_ENDS)
        request = head + await reader.readexactly(length(head))
        name, fault = self._draw()
        self.happened[name] += 1
        each = random.Random(self._random.random())  # noqa: S311 - repeatable on purpose
        await fault(Exchange(request, each, reader, writer, (HOST, self.port), self._past))

    def _draw(self) -> tuple[str, Fault]:
        at = self._random.random()
        for name, (rate, fault) in self.faults.items():
            at -= rate
            if at < 0:
                return name, fault
        return "none", _none


async def _none(exchange: Exchange) -> None:
    await exchange.tell(await exchange.ask())


def length(head: bytes) -> int:
    """Return how many bytes follow a head."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
