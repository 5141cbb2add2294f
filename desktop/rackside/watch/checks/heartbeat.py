"""Whether a job says in time that it was done: in a folder of this machine, or at an address of the community's server.

In the folder a job writes or touches a file that has the heartbeat's name. What stands in it need not be anything; its
first line may be `ok`, `start` or `fail` with words after it, or an exit code and nothing else. A job that writes its
failures there writes `ok`, too: a touch leaves in the file what stands in it.
"""

import os
import re
import stat
import time
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal, NamedTuple, TypeAlias

import msgspec

from rackside import paths, words
from rackside.store import Store, documents, server_clock
from rackside.store.database import StoreError
from rackside.watch.checks.check import CannotCheckError, Check, Deadline, Result
from rackside.watch.proc import printable
from rackside_protocol import heartbeats as wire

Seconds: TypeAlias = Annotated[float, msgspec.Meta(gt=0)]
FOLDER: Final = "heartbeats"
PRIVATE: Final = 0o700
PRIVATE_FILE: Final = 0o600
WITHIN_S: Final = 86_400.0
GRACE_S: Final = 3_600.0
AHEAD_S: Final = 60.0
"""So far in the future may a sign be dated: clocks of file servers differ by some seconds."""
MOST_BYTES: Final = 4_096
MOST_HEARTBEATS: Final = 1_000
"""Looked through in the mirror; a server takes far fewer."""
LARGEST_EXIT_CODE: Final = 255
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_SAFELY: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Others may write to the folder, too: no link is followed, and no pipe is waited for."""


class Sign(NamedTuple):
    """The last that was heard of a job: what, and when in seconds since the epoch; of `never`, since when it is due."""

    state: wire.BeatState
    at_s: float
    message: str = ""


class Heartbeat(Check, frozen=True, kw_only=True, tag="heartbeat"):
    """A job says in time that it was done. The last sign may be `within_s` old, and `grace_s` beyond that.

    With `through` folder it touches a file called `name` in `folder`, by default the console's own; with `through`
    server it asks for its address there, and `name` is the heartbeat's name.
    """

    TARGET: ClassVar[str] = "name"
    SHOWN: ClassVar[str] = "a job says in time that it was done"
    name: wire.HeartbeatName
    within_s: Seconds = WITHIN_S
    grace_s: Annotated[float, msgspec.Meta(ge=0)] = GRACE_S
    through: Literal["folder", "server"] = "folder"
    folder: str = ""

    def look(self, until: Deadline) -> Result:
        """Read the job's file, or what the last sync brought of it."""
        del until
        return self._at_the_server() if self.through == "server" else self._in_the_folder(time.time())

    def _in_the_folder(self, now_s: float) -> Result:
        folder = Path(self.folder).expanduser() if self.folder else spool()
        if not folder.is_dir():
            raise CannotCheckError(f"There is no folder {printable(str(folder))}")
        try:
            sign = read(folder / self.name, now_s) or Sign("never", _due_since(folder / f".{self.name}", now_s))
        except OSError as error:
            raise CannotCheckError(
                f"{printable(str(folder / self.name))} cannot be read: {printable(error.strerror or str(error))}"
            ) from error
        return judge(sign.state, sign.at_s, now_s, within_s=self.within_s, grace_s=self.grace_s, message=sign.message)

    def _at_the_server(self) -> Result:
        """Judge what the server had at the last sync, with its own clock.

        What it has now is not known. So a job is late when it was late then; when it would be only by now, or when
        that sync was longer ago than the job may be silent, nothing is said of it.
        """
        sign, synced_s, ahead_s = self._mirrored()
        now_s = time.time()
        asked_s, since_s = synced_s + ahead_s, max(0.0, now_s - synced_s)
        then, now = (
            judge(sign.state, sign.at_s, at_s, within_s=self.within_s, grace_s=self.grace_s, message=sign.message)
            for at_s in (asked_s, asked_s + since_s)
        )
        if since_s > self.within_s + self.grace_s or (now.level == "critical" and then.level != "critical"):
            when = words.clock(synced_s, now_s)
            return Result(level="unknown", sentence=f"The community's server was not reached since {when}")
        return now

    def _mirrored(self) -> tuple[Sign, float, float]:
        """Return the last sign, when it was asked for by this machine's clock, and how far the server's is ahead."""
        try:
            with Store.open(paths.home()) as store:
                held = documents.of_kind(store, wire.Heartbeat, limit=MOST_HEARTBEATS)
                found = next((each for each in held if each.name == self.name), None)
                if found is None:
                    known = f"No heartbeat called {self.name} is known here"
                    raise CannotCheckError(f"{known}; rackside heartbeats --add registers it, the next sync brings it")
                synced_s = documents.confirmed_ms(store, found.id) / 1_000
                ahead_s = server_clock.ahead_s(store.folder)
        except StoreError as error:
            raise CannotCheckError(f"What the last sync brought cannot be read: {printable(str(error))}") from error
        at_s = (found.last_ms or found.created_ms) / 1_000
        return Sign(found.last_state, at_s, printable(found.message)[: wire.MOST_MESSAGE]), synced_s, ahead_s


def judge(  # noqa: PLR0911 - one a state
    state: wire.BeatState, at_s: float, now_s: float, *, within_s: float, grace_s: float, message: str = ""
) -> Result:
    """Judge the last sign of life of a job, however it came. Pure.

    Args:
        state: what was heard.
        at_s: when, in seconds since the epoch; of `never` since when the job is waited for.
        now_s: the same clock, now.
        within_s: how old a sign may be, and how long a job may take from its start to its end.
        grace_s: how much older before it is late.
        message: what the job said, fit to be shown.
    """
    age_s = max(0.0, now_s - at_s)
    ago, told = words.span(age_s), f": {message}" if message else ""
    late, values = age_s > within_s + grace_s, {"age": (age_s, "s")}
    if at_s > now_s + max(AHEAD_S, grace_s):
        when = words.date_and_time(at_s)
        return Result(level="unknown", sentence=f"The last sign is dated in the future, {when}: a clock is wrong")
    match state:
        case "fail":
            return Result(level="critical", sentence=f"The job failed {ago} ago{told}", values=values)
        case "start" if age_s > within_s:
            return Result(level="critical", sentence=f"The job began {ago} ago and has not ended{told}", values=values)
        case "start":
            return Result(level="ok", sentence=f"The job began {ago} ago and runs{told}", values=values)
        case "never" if late:
            sentence = f"The job was never heard of; it has been waited for {ago}"
            return Result(level="critical", sentence=sentence, values=values)
        case "never":
            return Result(level="unknown", sentence=f"The job has been waited for {ago}; nothing came yet")
    sentence = f"The job was last heard of {ago} ago{told}"
    return Result(level="critical" if late else "ok", sentence=sentence, values=values)


def spool() -> Path:
    """Return the console's own folder of heartbeats; made with mode 0700 when it is not there."""
    folder = paths.home() / FOLDER
    folder.mkdir(mode=PRIVATE, exist_ok=True)
    return folder


def read(path: Path, now_s: float) -> Sign | None:
    """Read the file of a job; None when there is none.

    A file that is dated in the future, as an archive or a copy may have it, counts from when it came to lie here. Where
    no such time is kept, its own stays, and is judged to be wrong.

    Raises:
        CannotCheckError: it is no plain file.
        OSError: it may not be read.
    """
    try:
        descriptor = os.open(path, _SAFELY)
    except FileNotFoundError:
        return None
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise CannotCheckError(f"{printable(str(path))} is no plain file")
        content = os.read(descriptor, MOST_BYTES)
    finally:
        os.close(descriptor)
    came_s = about.st_ctime if os.name == "posix" and about.st_mtime > now_s + AHEAD_S else about.st_mtime
    state, message = said(content)
    return Sign(state, came_s, message)


def said(content: bytes) -> tuple[wire.BeatState, str]:
    """Return what the first line says. A number is an exit code only where it stands alone and can be one.

    PowerShell writes UTF-16 unless it is told not to: a failure must not be lost by that.
    """
    is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    lines = content.decode("utf-16" if is_wide else "utf-8-sig", "replace").strip().splitlines()
    line = printable(lines[0].strip())[: wire.MOST_MESSAGE] if lines else ""
    word, _, rest = line.partition(" ")
    match word.casefold().removesuffix(":"):
        case "ok":
            return "ok", rest.strip()
        case "start":
            return "start", rest.strip()
        case "fail":
            return "fail", rest.strip()
    if _NUMBER.fullmatch(line) and int(line) <= LARGEST_EXIT_CODE:
        return ("fail", f"exit code {int(line)}") if int(line) else ("ok", "")
    return "ok", line


def _due_since(marker: Path, now_s: float) -> float:
    """Return since when a job is waited for that never said anything: when this was asked first.

    It is the time of an empty file beside the job's. Where none can be made, a job is waited for without an end.
    """
    try:
        marker.touch(mode=PRIVATE_FILE, exist_ok=False)
    except FileExistsError:
        return marker.lstat().st_mtime
    except OSError:
        pass
    return now_s
