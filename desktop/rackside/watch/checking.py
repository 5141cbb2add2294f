"""The checks of watched machines and services: each on a thread of its own when it is due, so none delays another."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rackside.store import Store, checks, hosts
from rackside.store.database import StoreError
from rackside.watch.checks.run import run
from rackside.watch.model import Reading, Stand
from rackside.watch.reach import WayOut, is_cut_off, target_of
from rackside.watch.standing import Standing
from rackside.watch.standings import Outcome, Standings

log = logging.getLogger(__name__)

TICK_S: Final = 1.0
LOOK_AGAIN_S: Final = 10.0
"""How often the store is asked for checks that were added or removed meanwhile."""


class Checker:
    """Owns the thread that begins checks. A check that hangs is left behind by `run`, and begun again when it ended."""

    def __init__(self, home: Path, way_out: Callable[[], WayOut] = lambda: "") -> None:
        """Prepare.

        Args:
            home: the folder of the store.
            way_out: tells what this machine lacks to reach others; called on any thread.
        """
        self._home, self._way_out = home, way_out
        self.standings = Standings()
        self._workers: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._look_again_s = 0.0
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; checks that wait for the network end when that does."""
        self._stop.set()
        self._wake.set()

    def again(self) -> None:
        """Ask the store at once which checks there are."""
        self._look_again_s = 0.0
        self._wake.set()

    def take(self) -> tuple[Reading, ...]:
        """Return what was found since it was asked last."""
        with self._lock:
            fresh, self.standings.fresh = self.standings.fresh, {}
        return tuple(reading for each in fresh.values() for reading in each)

    def changed(self) -> list[Stand]:
        """Return the states that were taken since it was asked last, oldest first."""
        with self._lock:
            changed, self.standings.changed = self.standings.changed, []
        return changed

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest of every check that is not quiet; safe on any thread."""
        return tuple(reading for each in self._all() if not each.quiet for reading in each.readings())

    def stands(self) -> dict[str, Stand]:
        """Return how every check stands, by label; safe on any thread."""
        return {each.watched.label: each.stand() for each in self._all()}

    def quiet(self) -> frozenset[str]:
        """Return the labels of which nothing is an alert now; safe on any thread."""
        return frozenset(each.watched.label for each in self._all() if each.quiet)

    def begin_due(self, now_s: float) -> None:
        """Begin every check that is due and not under way."""
        for each in self._all():
            label = each.watched.label
            worker = self._workers.get(label)
            if now_s >= each.due_s and (worker is None or not worker.is_alive()):
                each.due_s = now_s + each.watched.every_s
                self._workers[label] = threading.Thread(target=self._do, args=(each,), name="check", daemon=True)
                self._workers[label].start()

    def _all(self) -> list[Standing]:
        with self._lock:
            return list(self.standings.held.values())

    def _do(self, standing: Standing) -> None:
        begun_s = time.monotonic()
        found = run(standing.check)
        lacking = self._way_out() if found.fails else ""
        cut_off: WayOut = lacking if is_cut_off(target_of(standing.check), lacking) else ""
        with self._lock:
            self.standings.judge(standing, Outcome(found, begun_s, time.monotonic(), time.time(), cut_off))

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            now_s, at_s = time.monotonic(), time.time()
            if now_s >= self._look_again_s:
                self._look_again_s = now_s + LOOK_AGAIN_S
                self._look_again(now_s)
            with self._lock:
                self.standings.notice_gap(at_s)
                self.standings.mark_maintenance(at_s, now_s)
            self.begin_due(now_s)
            self._wake.wait(TICK_S)

    def _look_again(self, now_s: float) -> None:
        try:
            with Store.open(self._home) as store:
                found, known, windows = checks.watched(store), hosts.hosts(store), hosts.maintenance(store)
                before = checks.stands(store)
        except StoreError as error:
            log.info("Which checks there are cannot be read now: %s", error)
            return
        with self._lock:
            self.standings.load(found, now_s, known=known, windows=windows, before=before)
