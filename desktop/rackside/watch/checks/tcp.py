"""Whether a port takes a connection, and with what it greets: TCP, and the greetings of SSH, SMTP and IMAP."""

import socket
from typing import ClassVar, Final

from rackside.watch.checks.check import Check, Deadline, Host, Port, Result, Stopwatch
from rackside.watch.proc import printable

MOST_GREETING: Final = 1_024
"""Bytes. SSH allows 255 a line (RFC 4253, §4.2), SMTP and IMAP 512."""


class Tcp(Check, frozen=True, kw_only=True, tag="tcp"):
    """A port takes a connection. With `expect`, what it says first begins so."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "a port takes a connection, and greets as expected"
    host: Host
    port: Port
    expect: str = ""

    def look(self, until: Deadline) -> Result:
        """Connect, and read the first line where one is expected."""
        watch = Stopwatch()
        with socket.create_connection((self.host, self.port), until.left_s()) as connection:
            took = {"time": (watch.ms(), "ms")}
            if not self.expect:
                return Result(level="ok", sentence=f"{self.host}:{self.port} takes connections", values=took)
            said = first_line(connection, until)
        shown = printable(said)
        if said.startswith(self.expect):
            return Result(level="ok", sentence=f"{self.host}:{self.port} says {shown}", values=took)
        return Result(
            level="critical",
            sentence=f"{self.host}:{self.port} says {shown or 'nothing'}, not {self.expect}",
            values=took,
        )


class Ssh(Check, frozen=True, kw_only=True, tag="ssh"):
    """An SSH server greets (RFC 4253, §4.2)."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "an SSH server greets"
    host: Host
    port: Port = 22

    def look(self, until: Deadline) -> Result:
        """Read the version it tells."""
        return Tcp(host=self.host, port=self.port, expect="SSH-").look(until)


class Smtp(Check, frozen=True, kw_only=True, tag="smtp"):
    """A mail server greets and is ready (RFC 5321, §4.2)."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "a mail server greets and is ready"
    host: Host
    port: Port = 25

    def look(self, until: Deadline) -> Result:
        """Read its greeting: 220 is ready, 4xx and 5xx are not."""
        return Tcp(host=self.host, port=self.port, expect="220").look(until)


class Imap(Check, frozen=True, kw_only=True, tag="imap"):
    """An IMAP server greets and takes sign-ins (RFC 9051, §7.1)."""

    TARGET: ClassVar[str] = "host"
    SHOWN: ClassVar[str] = "an IMAP server greets and takes sign-ins"
    host: Host
    port: Port = 143

    def look(self, until: Deadline) -> Result:
        """Read its greeting."""
        return Tcp(host=self.host, port=self.port, expect="* OK").look(until)


def first_line(connection: socket.socket, until: Deadline) -> str:
    """Return the first line that the other side says, at most `MOST_GREETING` bytes of it."""
    said = b""
    while b"\n" not in said and len(said) < MOST_GREETING:
        connection.settimeout(until.left_s())
        part = connection.recv(MOST_GREETING - len(said))
        if not part:
            break
        said += part
    return said.partition(b"\n")[0].decode("utf-8", "replace").strip()
