"""The journal of systemd, through journalctl: asked now and then, never followed, with a bound in bytes and in time."""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

import msgspec

from rackside.watch.logs.limits import JOURNAL_TIMEOUT_S, LINE_BYTES, MOST_IN_A_HURRY, MOST_READ_BYTES
from rackside.watch.logs.line import ERROR, Batch, Line
from rackside.watch.proc import printable

FOLDERS: Final = (Path("/var/log/journal"), Path("/run/log/journal"))
FIELDS: Final = "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT,__REALTIME_TIMESTAMP"
MICRO: Final = 1_000_000
SAID_BYTES: Final = 500
"""Of what journalctl complains of."""
NO_PROGRAM: Final = "The journal cannot be read: journalctl is not on this machine."
NO_JOURNAL: Final = "There is no journal on this machine."
NO_RIGHT: Final = (
    "The journal of the system may not be read by you. Whoever is in the group systemd-journal or adm may: "
    "sudo usermod -aG systemd-journal YOU, then sign in again."
)
TOO_LONG: Final = "A message of more than 4 KiB"
"""What is known of a message that journalctl leaves out of JSON."""


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far the journal was read: a cursor, and the time of what it stands for, for when the cursor is not known."""

    cursor: str = ""
    at_us: int = 0
    hurried: int = 0


class Entry(msgspec.Struct):
    """An entry as journalctl gives it; a message is bytes where it is no text, and null where it is long."""

    cursor: str = msgspec.field(name="__CURSOR")
    realtime: str = msgspec.field(name="__REALTIME_TIMESTAMP")
    message: object = msgspec.field(name="MESSAGE", default=None)
    priority: object = msgspec.field(name="PRIORITY", default=None)
    identifier: object = msgspec.field(name="SYSLOG_IDENTIFIER", default=None)
    unit: object = msgspec.field(name="_SYSTEMD_UNIT", default=None)

    def line(self) -> Line:
        """Return it as a line."""
        priority = text_of(self.priority)
        return Line(
            at_s=int(self.realtime) / MICRO,
            unit=text_of(self.identifier) or text_of(self.unit),
            level=int(priority) if priority.isdecimal() else ERROR,
            text=TOO_LONG if self.message is None else text_of(self.message)[:LINE_BYTES],
        )


class Journal:
    """The journal of this machine, or of a folder."""

    name = "journal"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def problem(self) -> str:
        """Say why the journal cannot be read, or nothing. Without the right to, journalctl shows another one."""
        if shutil.which("journalctl") is None:
            return NO_PROGRAM
        found = [each for folder in self._folders() for each in _journals(folder)]
        if any(_may(each, os.R_OK) for each in found):
            return ""
        hidden = any(_is_hidden(each) for folder in self._folders() for each in (folder, *_below(folder)))
        return NO_RIGHT if found or hidden else NO_JOURNAL

    def read(self, position: bytes, at_s: float) -> Batch:
        """Return the lines of error level since a position; see `Source`."""
        problem = self.problem()
        if problem:
            return Batch(position=position, problem=problem)
        try:
            held = msgspec.json.decode(position, type=Position) if position else None
        except msgspec.MsgspecError:
            held = None
        try:
            if held is None:
                return Batch(position=self._end(at_s))
            if held.hurried >= MOST_IN_A_HURRY:
                return Batch(
                    position=self._end(at_s),
                    missed="What the journal had more was passed over: it is too much to read.",
                )
            return self._since(held, position)
        except (OSError, ValueError) as error:
            return Batch(position=position, problem=f"The journal cannot be read: {printable(str(error))}")

    def _folders(self) -> tuple[Path, ...]:
        return (self._folder,) if self._folder is not None else FOLDERS

    def _end(self, at_s: float) -> bytes:
        """Return the position after the last entry of any severity, or after now where there is none."""
        entries, _ = self._ask("-n", "1")
        cursor = entries[-1].cursor if entries else ""
        return msgspec.json.encode(Position(cursor=cursor, at_us=int(at_s * MICRO)))

    def _since(self, held: Position, position: bytes) -> Batch:
        since = f"--since=@{held.at_us // MICRO}.{held.at_us % MICRO:06d}"
        missed = ""
        try:
            # Not --after-cursor: where its entry is no error, or was vacuumed, that passes over the next one.
            entries, more = self._ask("-p", "err", f"--cursor={held.cursor}" if held.cursor else since)
        except ValueError:
            if not held.cursor:
                raise
            entries, more = self._ask("-p", "err", since)
            missed = "The place in the journal was lost; it is gone on with by the time of the last line."
        if entries and entries[0].cursor == held.cursor:
            del entries[0]
        if not entries:
            return Batch(position=position, more=more)
        last = entries[-1]
        fresh = Position(cursor=last.cursor, at_us=int(last.realtime) + 1, hurried=held.hurried + 1 if more else 0)
        return Batch(
            lines=[entry.line() for entry in entries], position=msgspec.json.encode(fresh), more=more, missed=missed
        )

    def _ask(self, *what: str) -> tuple[list[Entry], bool]:
        """Return the entries that journalctl names, and whether there were more than may be read at once.

        Raises:
            OSError: it cannot be started, or does not end in time without having said anything.
            ValueError: it does not understand the question, with what it says.
        """
        where = ["-D", str(self._folder)] if self._folder is not None else ["--system"]
        command = ["journalctl", "-o", "json", f"--output-fields={FIELDS}", "--no-pager", "-q", *where, *what]
        with subprocess.Popen(  # noqa: S603 - by argument list
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stderr is not None
                said, whole = _bounded(process.stdout)
                complaint = b"" if said or not whole else process.stderr.read(SAID_BYTES)
            finally:
                process.kill()
        entries = list(_entries(said))
        if not whole and not entries:
            raise TimeoutError(f"journalctl said nothing in {JOURNAL_TIMEOUT_S:.0f} s.")
        if complaint:
            raise ValueError(complaint.decode("utf-8", "replace").strip())
        return entries, not whole


def _bounded(stream: IO[bytes]) -> tuple[bytes, bool]:
    """Return what comes within the bounds, and whether it is all."""
    said = bytearray()
    until = time.monotonic() + JOURNAL_TIMEOUT_S
    while len(said) < MOST_READ_BYTES:
        left = until - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            return bytes(said), False
        piece = os.read(stream.fileno(), 64 * 1024)
        if not piece:
            return bytes(said), True
        said += piece
    return bytes(said), False


def _entries(said: bytes) -> Iterator[Entry]:
    """Yield what is understood of the whole lines; the last may have been cut off."""
    decoder = msgspec.json.Decoder(Entry)
    for line in said[: said.rfind(b"\n") + 1].splitlines():
        with suppress(msgspec.MsgspecError):
            entry = decoder.decode(line)
            if entry.realtime.isdecimal():
                yield entry


def text_of(value: object) -> str:
    """Return a field of the journal as text: it may be text, a list of bytes, or several of either."""
    if isinstance(value, list):
        if value and isinstance(value[0], int):
            return text_of(bytes(each & 0xFF for each in value if isinstance(each, int)).decode("utf-8", "replace"))
        return text_of(value[-1]) if value else ""
    return printable(" ".join(value.split())) if isinstance(value, str) else ""


def _journals(folder: Path) -> Iterator[Path]:
    """Yield the journals of the system in a folder or in those of the machines below it, as systemd names them."""
    with suppress(OSError):
        yield from folder.glob("system*.journal")
        yield from folder.glob("*/system*.journal")


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def _below(folder: Path) -> list[Path]:
    """Return the folders of the machines, if there are any to be seen."""
    with suppress(OSError):
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir()]
    return []


def _is_hidden(folder: Path) -> bool:
    try:
        return folder.is_dir() and not _may(folder, os.R_OK | os.X_OK)
    except PermissionError:
        return True
