"""Connections to many at once, gently: one loop, non-blocking, no more than so many at a time and a second."""

import errno
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Final, Literal, TypeAlias

AT_ONCE: Final = 200
"""Connections under way: a Mac gives a program 256 files, and Windows waits for 512."""
WITHIN_S: Final = 1.3
"""The system asks again after a second: one lost packet does not make an open port a silent one."""
TICK_S: Final = 0.05
BURST_S: Final = 2 * TICK_S
State: TypeAlias = Literal["open", "refused", "silent", "untried"]
_UNDER_WAY: Final = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}
_REFUSED: Final = {errno.ECONNREFUSED, getattr(errno, "WSAECONNREFUSED", errno.ECONNREFUSED)}
_OURS: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.EADDRNOTAVAIL, errno.EPERM, errno.EACCES}
"""What fails here and says nothing of the other side."""


@dataclass(frozen=True)
class Call:
    """A port to connect to; with `hear`, what to say there and how many bytes to listen to, or until `until` came."""

    address: str
    port: int
    say: bytes = b""
    hear: int = 0
    until: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came of a call. `refused` is an answer, too; `untried` says that this machine could not call."""

    call: Call
    state: State
    heard: bytes = b""


class Pace:
    """Lets so many go in a second, evenly: what was not used is not made up for later."""

    def __init__(self, per_s: float) -> None:
        self._apart_s = 1 / per_s
        self._next_s = time.monotonic()

    def may(self) -> bool:
        """Return whether one may go now, and count it."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            return False
        self._next_s = max(self._next_s, now_s - BURST_S) + self._apart_s
        return True


def dial(calls: Iterable[Call], *, per_s: float, cancelled: Event, within_s: float = WITHIN_S) -> Iterator[Answer]:
    """Yield what comes of each call, as it comes; each has `within_s` seconds from connecting to what is heard.

    It ends early, within a tick, when it is cancelled.
    """
    pace, waiting, lines = Pace(per_s), iter(calls), _Lines(within_s)
    more = True
    try:
        while (more or lines.held) and not cancelled.is_set():
            while more and len(lines.held) < AT_ONCE and pace.may():
                call = next(waiting, None)
                more = call is not None
                if call is not None:
                    yield from lines.begin(call)
            yield from lines.listen(cancelled)
    finally:
        lines.close()


@dataclass
class _Line:
    call: Call
    socket: socket.socket
    until_s: float
    is_open: bool = False
    heard: bytearray = field(default_factory=bytearray)


class _Lines:
    """The connections that are under way, the oldest first."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._selector = selectors.DefaultSelector()
        self.held: dict[int, _Line] = {}

    def begin(self, call: Call) -> Iterator[Answer]:
        """Connect; yield what is known at once."""
        try:
            line = _Line(call, socket.socket(socket.AF_INET, socket.SOCK_STREAM), time.monotonic() + self._within_s)
        except OSError:
            yield Answer(call, "untried")
            return
        line.socket.settimeout(0)
        failed = line.socket.connect_ex((call.address, call.port))
        if failed in _UNDER_WAY:
            self.held[line.socket.fileno()] = line
            self._selector.register(line.socket, selectors.EVENT_WRITE)
        else:
            line.socket.close()
            yield Answer(call, _state(failed))

    def listen(self, cancelled: Event) -> Iterator[Answer]:
        """Wait a tick at most; yield what ended."""
        if not self.held:  # Windows does not wait for nothing
            cancelled.wait(TICK_S)
            return
        for key, _ in self._selector.select(TICK_S):
            line = self.held[key.fd]
            yield from self._go_on(line) if line.is_open else self._connected(line)
        now_s = time.monotonic()
        for line in [each for each in self.held.values() if each.until_s <= now_s]:
            yield self._end(line, "open" if line.is_open else "silent")

    def close(self) -> None:
        """Hang up on all."""
        for line in list(self.held.values()):
            self._end(line, "silent")
        self._selector.close()

    def _connected(self, line: _Line) -> Iterator[Answer]:
        failed = line.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        line.is_open = not failed
        if failed or not line.call.hear:
            yield self._end(line, _state(failed))
            return
        try:
            line.socket.send(line.call.say)  # a request of a line: the buffer of a new connection takes it whole
        except OSError:
            yield self._end(line, "open")
            return
        self._selector.modify(line.socket, selectors.EVENT_READ)

    def _go_on(self, line: _Line) -> Iterator[Answer]:
        try:
            piece = line.socket.recv(line.call.hear - len(line.heard))
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        line.heard += piece
        done = not piece or len(line.heard) >= line.call.hear
        if done or (line.call.until and line.call.until in line.heard):
            yield self._end(line, "open")

    def _end(self, line: _Line, state: State) -> Answer:
        del self.held[line.socket.fileno()]
        self._selector.unregister(line.socket)
        line.socket.close()
        return Answer(line.call, state, bytes(line.heard))


def _state(failed: int) -> State:
    if not failed:
        return "open"
    if failed in _REFUSED:
        return "refused"
    return "untried" if failed in _OURS else "silent"
