"""The sync thread: syncs when something was written, when the doorbell rings, and now and then; says how it goes."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from rackside import settings
from rackside.store import Store, ballast, budget, expiry, mirror, texts
from rackside.store.database import StoreError, is_full
from rackside.store.schema import suspect
from rackside.sync import engine, errors

if TYPE_CHECKING:
    from rackside.sync.http import Client

log = logging.getLogger(__name__)

Phase: TypeAlias = Literal["no consent", "signed out", "connecting", "syncing", "synced", "offline", "trouble"]
QUIET_S: Final = 0.05
"""How long to gather what is written in one breath before it is pushed."""
BREATH_S: Final = 0.02
"""Between two parts of a long work, so that the window's thread is not kept waiting."""
LOOK_AGAIN_S: Final = 1.0
"""How often the doorbell's thread looks whether there is a server to listen to."""
FAULT: Final = "Sync failed by a fault of this program or of the disk."
FAULT_REMEDY: Final = "What you wrote is kept. See whether the disk is full; the log says more."
FULL: Final = "The disk is full, so sync waits."
FULL_REMEDY: Final = "What you wrote is kept. Make room on the disk: Rackside goes on by itself."
_PHASES: Final[dict[type[errors.SyncError], Phase]] = {
    errors.Unreachable: "offline",
    errors.Unavailable: "offline",
    errors.SignedOut: "signed out",
}


@dataclass(frozen=True)
class Status:
    """How sync stands, for a person: `sentence` says it, `remedy` what to do when something is wrong."""

    phase: Phase
    sentence: str = ""
    remedy: str = ""
    synced_s: float = 0.0
    rows: int = 0


class SyncLoop:
    """Owns the sync thread and the doorbell's. `on_change` is called on them with the topics that changed."""

    def __init__(
        self,
        home: Path,
        connect: Callable[[], "Client | None"],
        on_change: Callable[[frozenset[str]], object],
        *,
        period_s: float = 60.0,
    ) -> None:
        """Prepare; nothing is sent before `start`.

        Args:
            home: the folder of the store.
            connect: makes a client of the calling thread's own, or None without consent or token.
            on_change: told the topics: kinds of documents, `outbox`, `sync`.
            period_s: how often to sync when nothing rings.
        """
        self._home, self._connect, self._on_change, self._period_s = home, connect, on_change, period_s
        self._status = Status("connecting")
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._random = SystemRandom()
        self._checked = False

    @property
    def status(self) -> Status:
        """How it goes now; safe to ask on any thread."""
        return self._status

    def start(self) -> None:
        """Begin."""
        for target in (self._run, self._listen):
            thread = threading.Thread(target=target, name=f"sync{target.__name__}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def wake(self) -> None:
        """Sync soon."""
        self._wake.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End both threads; a round trip under way is left to finish or to be repeated next time."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout_s)

    def _run(self) -> None:
        self._forever(self._sync_until_stopped)

    def _listen(self) -> None:
        self._forever(self._listen_until_stopped)

    def _forever(self, work: Callable[[], None]) -> None:
        """Run a thread's work; a fault of ours, or of the disk, is said and does not end it."""
        failures = 0
        while not self._stop.is_set():
            try:
                work()
            except Exception:  # whatever it is, the outbox is intact and the next attempt may succeed
                failures += 1
                log.exception("Sync failed")
                self._say(replace(self._status, phase="trouble", sentence=FAULT, remedy=FAULT_REMEDY))
                self._look_for_damage()
                self._stop.wait(engine.next_delay(failures, self._random))

    def _look_for_damage(self) -> None:
        with suppress(StoreError), Store.open(self._home) as store:
            if not mirror.is_intact(store, self._stop.is_set):
                suspect(self._home)

    def _sync_until_stopped(self) -> None:
        """Sync; after the first time see whether the mirror was damaged while nobody looked, and begin it anew."""
        failures = 0
        with Store.open(self._home) as store:
            while not self._stop.is_set():
                self._wake.clear()
                failures = 0 if self._sync(store) else failures + 1
                if not self._checked:
                    self._checked = True
                    if not mirror.is_intact(store, self._stop.is_set):
                        suspect(self._home)
                        return
                self._wake.wait(engine.next_delay(failures, self._random) if failures else self._period_s)
                self._stop.wait(QUIET_S)

    def _sync(self, store: Store) -> bool:
        """Sync once; return whether it went well."""
        client = self._connect()
        if client is None:
            self._say(Status("no consent", "Not connected.", "Agree on the first page, and sign in."))
            if expired := expiry.expire(store):
                self._on_change(frozenset(expired))
            return True
        try:
            self._wait_for_room()
            self._say(replace(self._status, phase="syncing", sentence="Syncing.", rows=0))
            held = _channels(store)
            done = engine.sync(store, client, progress=self._progress)
            if held - _channels(store):
                expiry.drop_damaged(store)
        except errors.SyncError as error:
            phase = _PHASES.get(type(error), "trouble")
            if phase == "trouble":
                log.warning("Sync: %s", error)
            self._say(Status(phase, str(error), error.remedy, self._status.synced_s))
            self._on_change(frozenset({"outbox", *expiry.expire(store)}))
            return False
        except StoreError as error:
            if not is_full(error):
                raise
            self._say(replace(self._status, phase="trouble", sentence=FULL, remedy=FULL_REMEDY))
            return False
        finally:
            client.close()
        self._say(Status("synced", "Synced.", synced_s=time.time()))
        chosen = settings.load(self._home)
        if budget.trim(store, chosen.cache_budget_mb * 2**20, keep=done.member, days=chosen.cache_days):
            self._on_change(frozenset({"thread", "post"}))
        self._index(store)
        return True

    def _index(self, store: Store) -> None:
        """Put what came into the index of answers, a little at a time: the window is drawn in between."""
        while texts.are_waiting(store.cache) and not self._stop.wait(BREATH_S):
            from rackside.store.ranked import index_some  # noqa: PLC0415 - it brings numpy: 100 ms

            index_some(store)
            self._on_change(frozenset({"thread"}))

    def _wait_for_room(self) -> None:
        """Leave the last room of a disk to what the person writes."""
        while not ballast.keep(self._home) and not self._stop.is_set():
            self._say(replace(self._status, phase="trouble", sentence=FULL, remedy=FULL_REMEDY))
            self._stop.wait(LOOK_AGAIN_S)

    def _progress(self, done: engine.Report) -> None:
        rows = self._status.rows + done.rows
        if done.rows:
            self._say(replace(self._status, rows=rows, sentence=f"Syncing: {rows:,} changes so far."))
        if done.changed:
            self._on_change(done.changed)

    def _listen_until_stopped(self) -> None:
        """Wait for the doorbell while all is well; when it rings, or breaks, sync."""
        failures = 0
        while not self._stop.is_set():
            client = self._connect() if self._status.phase == "synced" else None
            if client is None:
                self._stop.wait(LOOK_AGAIN_S)
                continue
            try:
                with Store.open(self._home) as store:  # anew each time: the mirror may have been put aside
                    heads = mirror.seen(store)
                if client.news(heads).heads:
                    self.wake()
                    self._stop.wait(LOOK_AGAIN_S)
                failures = 0
            except errors.SyncError:
                failures += 1
                self.wake()
                self._stop.wait(engine.next_delay(failures, self._random))
            finally:
                client.close()

    def _say(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self._on_change(frozenset({"sync"}))


def _channels(store: Store) -> set[str]:
    return {cursor.channel for cursor in mirror.cursors(store)}
