"""A private bus with a systemd of few words: it speaks the protocol over a socket, and says what a test has it say."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jeepney import HeaderFields, Message, new_error, new_method_return  # type: ignore[import-untyped]
from jeepney.low_level import Parser  # type: ignore[import-untyped]

UNITS = "a(ssssssouso)"


class Systemd:
    """`services` holds the restarts of each that is loaded, `failed` the units that failed."""

    def __init__(self) -> None:
        self.services: dict[str, int] = {}
        self.failed: list[str] = []
        self.files: list[tuple[str, str]] = []
        self.jobs = 1
        self.asked: list[str] = []
        self.connections: list[socket.socket] = []
        self.silent = self.hangs_up = False

    def answer(self, message: Message) -> Message | None:
        fields = message.header.fields
        member = fields[HeaderFields.member]
        self.asked.append(f"{member} {message.body[1]}" if member == "Get" else member)
        if self.silent:
            return None
        match member:
            case "Hello":
                return new_method_return(message, "s", (":1.7",))
            case "ListUnitsByPatterns":
                return new_method_return(message, UNITS, ([self._unit(name) for name in self._listed(message)],))
            case "ListUnitFilesByPatterns":
                return new_method_return(message, "a(ss)", (self.files,))
            case "Get":
                return self._value(message, message.body[1], fields[HeaderFields.path])
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", ("no such thing",))

    def drop(self) -> None:
        """Hang up on everybody, as a bus that is restarted does."""
        for each in self.connections:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _listed(self, message: Message) -> list[str]:
        states, _ = message.body
        return self.failed if states else [*self.services]

    def _unit(self, name: str) -> tuple[Any, ...]:
        state = "failed" if name in self.failed else "active"
        place = [*self.services].index(name) if name in self.services else 0
        sub = "failed" if state == "failed" else "running"
        return (name, "…", "loaded", state, sub, "", f"/unit/{place}", 0, "", "/")

    def _value(self, message: Message, name: str, path: str) -> Message:
        match name:
            case "NFailedUnits":
                return new_method_return(message, "v", (("u", len(self.failed)),))
            case "NInstalledJobs":
                return new_method_return(message, "v", (("u", self.jobs),))
            case _ if path.startswith("/unit/"):
                restarts = [*self.services.values()][int(path.rpartition("/")[2])]
                if restarts < 0:
                    return new_error(message, "org.freedesktop.DBus.Error.UnknownObject", "s", ("gone",))
                return new_method_return(message, "v", (("u", restarts),))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownProperty", "s", (name,))


@contextmanager
def speaking(place: Path) -> Iterator[Systemd]:
    """Have it listen on a socket of a folder until the block ends."""
    systemd, listener = Systemd(), socket.socket(socket.AF_UNIX)
    listener.bind(str(place))
    listener.listen()

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                systemd.connections.append(connection)
                threading.Thread(target=_talk, args=(systemd, connection), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield systemd
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        systemd.drop()
        thread.join()


def _talk(systemd: Systemd, connection: socket.socket) -> None:
    """Authenticate as D-Bus does (EXTERNAL), then answer each call."""
    with connection, suppress(OSError):
        line = b""
        while b"BEGIN\r\n" not in line:
            piece = connection.recv(4_096)
            if not piece:
                return
            line += piece
            if b"AUTH EXTERNAL" in piece:
                connection.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            elif b"NEGOTIATE_UNIX_FD" in piece:
                connection.sendall(b"ERROR\r\n")
        parser, serial = Parser(), 0
        piece = line.partition(b"BEGIN\r\n")[2]
        while piece or (piece := connection.recv(65_536)):
            parser.add_data(piece)
            piece = b""
            while (message := parser.get_next_message()) is not None:
                if systemd.hangs_up:
                    return
                reply = systemd.answer(message)
                if reply is not None:
                    serial += 1
                    connection.sendall(reply.serialise(serial=serial))
