"""Follows this machine's logs on a thread of its own, keeps how far it came, and says what is to be judged."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from rackside.store import Store, logs
from rackside.store.database import StoreError
from rackside.store.logs import KeptGroup
from rackside.watch.collectors.uptime import uptime_s
from rackside.watch.limits import CLEAR_WAIT_S
from rackside.watch.logs import limits
from rackside.watch.logs.eventlog import CHANNELS, EventLog
from rackside.watch.logs.files import File, classic
from rackside.watch.logs.groups import Group, GroupFinding, Groups
from rackside.watch.logs.journal import NO_JOURNAL, NO_PROGRAM, Journal
from rackside.watch.logs.line import Batch, Source
from rackside.watch.model import GroupSeen, Reading, SourceStatus

log = logging.getLogger(__name__)

LEARNING: Final = "It is learned until tomorrow what is usual in it."
FOLLOWED: Final = "It is followed."
NOTHING: Final = "There is neither a journal nor a log file that is known."
BROKEN: Final = "It cannot be read: that is an error of this program. Its log says more."
JOIN_S: Final = 5.0


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a source: since when it is followed, and how far it was read."""

    since_s: float
    position: bytes = b""


def chosen(files: Sequence[Path] = ()) -> list[Source]:
    """Return what is followed on this machine: the event log, the journal or else classic files, and those named.

    The journal has what the classic files have. With both, each error would count twice.
    """
    named: list[Source] = [File(path) for path in files]
    if sys.platform == "win32":
        return [*(EventLog(channel) for channel in CHANNELS), *named]
    journal = Journal()
    paths = [path for path in classic() if path not in files]
    if not journal.problem():
        return [journal, *named]
    without: list[Source] = [File(path) for path in paths]
    return [*without, *named] if journal.problem() in {NO_PROGRAM, NO_JOURNAL} else [journal, *without, *named]


class Follower:
    """Owns the thread that reads the logs. What it says of them can be asked for on any thread."""

    def __init__(
        self, home: Path, files: Callable[[], tuple[str, ...]] = tuple, *, sources: Sequence[Source] | None = None
    ) -> None:
        """Prepare.

        Args:
            home: the folder of the store.
            files: returns the paths that the person named, beside those of the machine; called on this thread.
            sources: what to follow instead of both.
        """
        self._home, self._files, self._fixed = home, files, sources
        self._named: tuple[str, ...] = ()
        self._sources: Sequence[Source] = ()
        self._groups = Groups()
        self._kept: dict[str, _Kept] = {}
        self._unsaved: set[str] = set()
        self._broken: set[str] = set()
        self._saved_s = 0.0
        self._fresh: dict[str, Reading] = {}
        self._shown: tuple[GroupSeen, ...] = ()
        self._status: dict[str, SourceStatus] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="logs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Write how far it came and end; without `start`, and a second time, it does nothing."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_S)

    def take(self) -> tuple[Reading, ...]:
        """Return what is to be judged since it was asked last."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        return tuple(fresh.values())

    def groups(self) -> tuple[GroupSeen, ...]:
        """Return the groups of errors that were seen last, newest first."""
        return self._shown

    def status(self) -> tuple[SourceStatus, ...]:
        """Return how it stands with each log; of none at all, what that means."""
        found = tuple(self._status.values())
        return found or (SourceStatus(name="logs", followed=False, sentence=NOTHING),)

    def recall(self, store: Store, at_s: float) -> None:
        """Take over what was learned, and say again what was found shortly before the program ended.

        Raises:
            StoreError: the store cannot be read now.
        """
        self._named = self._files()
        self._sources = chosen([Path(each) for each in self._named]) if self._fixed is None else self._fixed
        names = {source.name for source in self._sources}
        self._status = {name: status for name, status in self._status.items() if name in names}
        held = logs.positions(store)
        logs.forget(store, held.keys() - names)
        self._kept = {name: kept for name in held.keys() & names if (kept := _read_kept(held[name])) is not None}
        self._groups = Groups(_read_groups(store), booted_s=at_s - uptime_s())
        self._tell(self._groups.alerting(at_s, CLEAR_WAIT_S))

    def look(self, store: Store, at_s: float) -> bool:
        """Read every log once and keep what was found; return whether there is more to be read.

        What cannot be kept now is kept at the next look.
        """
        more = False
        for source in self._sources:
            kept = self._kept.get(source.name, _Kept(since_s=at_s))
            batch = self._read(source, kept.position, at_s)
            learning = at_s - kept.since_s < limits.LEARN_S
            self._tell(self._groups.take(batch.lines, at_s, learning=learning))
            if batch.position != kept.position:
                self._kept[source.name] = msgspec.structs.replace(kept, position=batch.position)
                self._unsaved.add(source.name)
            self._say(source.name, batch, learning=learning)
            more = more or batch.more
            if batch.lines or not kept.position:
                self._keep(store)
            if self._stop.is_set():
                break
        if time.monotonic() - self._saved_s >= limits.SAVE_S:
            self._keep(store)
        self._show(at_s)
        return more

    def _read(self, source: Source, position: bytes, at_s: float) -> Batch:
        try:
            return source.read(position, at_s)
        except Exception:  # one kind of log that we read wrongly must not end the following of all others
            if source.name not in self._broken:
                log.exception("The log %s cannot be read", source.name)
            self._broken.add(source.name)
            return Batch(position=position, problem=BROKEN)

    def _keep(self, store: Store) -> None:
        changed = [(key, self._groups.get(key)) for key in self._groups.changed]
        try:
            logs.keep(
                store,
                {name: msgspec.json.encode(self._kept[name]) for name in self._unsaved},
                [_kept_group(group) for _, group in changed if group is not None],
                [key for key, group in changed if group is None],
            )
        except StoreError as error:
            log.info("How far the logs were read cannot be kept now: %s", error)
            return
        self._groups.changed.clear()
        self._unsaved.clear()
        self._saved_s = time.monotonic()

    def _tell(self, found: list[GroupFinding]) -> None:
        with self._lock:
            self._fresh.update({reading.key: reading for reading in (each.reading() for each in found)})

    def _say(self, name: str, batch: Batch, *, learning: bool) -> None:
        before = self._status.get(name)
        sentence = batch.problem or batch.missed or (LEARNING if learning else FOLLOWED)
        if batch.missed:
            log.info("%s: %s", name, batch.missed)
        if before is None or before.sentence != sentence:
            self._status = {
                **self._status,
                name: SourceStatus(name=name, followed=not batch.problem, sentence=sentence),
            }

    def _show(self, at_s: float) -> None:
        self._shown = tuple(_seen(group, at_s) for group in self._groups.newest())
        with self._lock:
            number = self._groups.recent(at_s)
            self._fresh["log.errors"] = Reading("log.errors", float(number), "/10 min")

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stop.wait(wait_s):
            try:
                with Store.open(self._home) as store:
                    self._follow(store)
            except StoreError as error:
                log.info("How far the logs were read cannot be known now: %s", error)
            wait_s = limits.POLL_S

    def _follow(self, store: Store) -> None:
        self.recall(store, time.time())
        while True:
            if self._files() != self._named:
                self._keep(store)
                self.recall(store, time.time())
            more = self.look(store, time.time())
            if self._stop.wait(limits.HURRY_S if more else limits.POLL_S):
                break
        self._keep(store)


def _read_kept(body: bytes) -> _Kept | None:
    try:
        return msgspec.json.decode(body, type=_Kept)
    except msgspec.MsgspecError:
        return None


def _read_groups(store: Store) -> list[Group]:
    """Return the groups that are kept; one that another version wrote in another way is learned anew."""
    found = []
    for each in logs.groups(store):
        try:
            found.append(msgspec.json.decode(each.body, type=Group))
        except msgspec.MsgspecError as error:
            log.info("A group of errors is not understood and is learned anew: %s", error)
    return found


def _kept_group(group: Group) -> KeptGroup:
    body = msgspec.json.encode(group)
    return KeptGroup(signature=group.signature, unit=group.unit, body=body, last_s=group.last_s)


def _seen(group: Group, at_s: float) -> GroupSeen:
    return GroupSeen(
        signature=group.signature,
        unit=group.unit,
        error=group.error,
        example=group.example,
        level=group.level,
        count=group.count,
        first_s=group.first_s,
        last_s=group.last_s,
        usual_per_h=group.usual_per_h(at_s),
    )
