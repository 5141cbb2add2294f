"""The watching thread: asks the collectors that are due, judges, keeps history, and holds a snapshot to be shown."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from rackside.settings import Probes
from rackside.store import Store, damage, local
from rackside.store.database import StoreError
from rackside.store.schema import LOCAL
from rackside.watch import collectors
from rackside.watch.checking import Checker
from rackside.watch.collectors import processes
from rackside.watch.collectors.uptime import uptime_s
from rackside.watch.history import Keeper, answered, note, recall
from rackside.watch.inventory.taker import Taker
from rackside.watch.logs.follower import Follower
from rackside.watch.model import Alert, Process, Reading, Snapshot, Stand
from rackside.watch.probing import Prober
from rackside.watch.reach import way_out
from rackside.watch.rules import Judge

log = logging.getLogger(__name__)

VISIBLE_TICK_S: Final = 1.0
HIDDEN_TICK_S: Final = 10.0
FLUSH_S: Final = 10.0
HIDDEN_FLUSH_S: Final = 60.0
STOP_S: Final = 5.0
RECENT: Final = 120
"""How many values of each reading a snapshot holds: two minutes at one a second."""
PROBES: Final = "probes"


class Looker:
    """Asks each collector when it is due, and holds what each said last."""

    def __init__(self) -> None:
        self._collectors = [(module.NAME, module.EVERY_S, module.Collector()) for module in collectors.ALL]
        self._due: dict[str, float] = {}
        self._said: dict[str, list[Reading]] = {}
        self._failed: set[str] = set()

    def look(self, now_s: float, *, at_all: bool = False) -> list[Reading]:
        """Return what those say that are due, or all of them. `now_s` is monotonic."""
        fresh = []
        for name, every_s, collector in self._collectors:
            if at_all or now_s >= self._due.get(name, 0.0):
                self._due[name] = now_s + every_s - VISIBLE_TICK_S / 2
                self._said[name] = self._read(name, collector, now_s)
                fresh += self._said[name]
        return fresh

    def newest(self, probed: tuple[Reading, ...] = ()) -> dict[str, Reading]:
        """Return by key what each collector said last; what it does not find any more is not there."""
        return {reading.key: reading for said in (*self._said.values(), probed) for reading in said}

    def _read(self, name: str, collector: collectors.Collector, now_s: float) -> list[Reading]:
        try:
            return collector.read(now_s)
        except (OSError, KeyError, ValueError, IndexError) as error:
            if name not in self._failed:
                log.info("The collector %s does not work on this machine: %s", name, error)
        except Exception:  # one collector that we wrote wrongly must not end the watch of all others
            if name not in self._failed:
                log.exception("The collector %s failed", name)
        self._failed.add(name)
        return []


class Watch:
    """Watches this machine. `on_change` is called on the watching thread with `readings`, `alerts` or both."""

    def __init__(
        self,
        home: Path,
        allowed: Callable[[], Probes | None],
        on_change: Callable[[frozenset[str]], object],
        offer: Callable[[Iterable[Alert]], object] = lambda _: None,
        log_files: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Prepare; nothing is read before `start`.

        Args:
            home: the folder of the store.
            allowed: where probes may go, or None before the person agreed.
            on_change: told what there is to show.
            offer: handed the alerts that were raised, changed or cleared, after they were written; it must not wait.
            log_files: returns the log files that the person named; called on any thread.
        """
        self._home, self._on_change, self._offer = home, on_change, offer
        self._looker = Looker()
        self._processes = processes.Collector()
        self._prober = Prober(allowed)
        self._checker = Checker(home, lambda: way_out(self._snapshot.readings))
        self._follower = Follower(home, log_files)
        self._taker = Taker(home, lambda: on_change(frozenset({"events"})))
        self._keeper = Keeper()
        self._recent: dict[str, deque[float]] = {}
        self._busiest: tuple[Process, ...] = ()
        self._busiest_due_s = self._flush_due_s = 0.0
        self._stood: list[Stand] = []
        self._unwritable = False
        self._visible = True
        self._snapshot = Snapshot()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    @property
    def snapshot(self) -> Snapshot:
        """What is known now; safe on any thread."""
        return self._snapshot

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def visible(self, *, on: bool) -> None:
        """Say whether anybody can see the figures; hidden, almost nothing is done."""
        self._visible = on
        self._wake.set()

    def again(self) -> None:
        """Look at once, for instance because the person acknowledged an alert or added a check."""
        self._checker.again()
        self._wake.set()

    def stop(self) -> None:
        """Write what was gathered and end; without `start`, and a second time, it does nothing."""
        self._stopping = True
        self._prober.stop()
        self._checker.stop()
        self._follower.stop()
        self._taker.stop()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            self._watch()
        except StoreError as error:
            if not damage.is_damage(error):
                raise
            damage.suspect(self._home / LOCAL)
            self._watch()

    def _watch(self) -> None:
        with Store.open(self._home) as store:
            judge = recall(store, time.time())
            self._prober.start(answered(store))
            self._checker.start()
            self._follower.start()
            self._taker.start()
            self._flush_due_s = time.monotonic() + FLUSH_S
            while not self._stopping:
                self._wake.clear()
                self._tick(store, judge)
                self._wake.wait(VISIBLE_TICK_S if self._visible else HIDDEN_TICK_S)
            self._use(lambda: self._keeper.flush(store))

    def _tick(self, store: Store, judge: Judge) -> None:
        at_s, now_s = time.time(), time.monotonic()
        fresh_here = [*self._looker.look(now_s), *self._prober.take(), *self._follower.take()]
        fresh = [*fresh_here, *self._checker.take()]
        if self._visible and now_s >= self._busiest_due_s:
            self._busiest_due_s = now_s + processes.EVERY_S - VISIBLE_TICK_S / 2
            with suppress(OSError):  # /proc is not mounted, or hides what others run
                self._busiest = self._processes.read(now_s)
        for reading in fresh_here:
            self._recent.setdefault(reading.key, deque(maxlen=RECENT)).append(reading.value)
        self._keeper.add(at_s, fresh)
        if judge.open():
            self._use(lambda: _mark(store, judge))
        changed = judge.look(fresh, at_s, uptime_s(), self._checker.quiet())
        stood = self._checker.changed()
        self._stood += stood
        self._use(lambda: self._keeper.changed(store, changed))
        if changed:
            self._offer(changed)
        if self._stood and self._use(lambda: note(store, self._stood)):
            self._stood = []
        if now_s >= self._flush_due_s:
            self._flush_due_s = now_s + (FLUSH_S if self._visible else HIDDEN_FLUSH_S)
            self._unwritable = not self._use(lambda: self._keeper.flush(store))
        self._show(at_s, judge)
        self._on_change(frozenset({"readings", "alerts", "events"} if changed or stood else {"readings"}))

    def _use(self, act: Callable[[], None]) -> bool:
        """Do something with the store; watching goes on when the store cannot be used, as on a full disk."""
        try:
            act()
        except StoreError as error:
            if damage.is_damage(error):
                damage.suspect(self._home / LOCAL)
            if not self._unwritable:
                log.warning("What this machine shows cannot be kept now: %s. It is tried again.", error)
            self._unwritable = True
            return False
        return True

    def _show(self, at_s: float, judge: Judge) -> None:
        readings = self._looker.newest((*self._prober.readings(), *self._checker.readings()))
        recent = {key: tuple(values) for key, values in self._recent.items() if key in readings}
        self._snapshot = Snapshot(
            at_s,
            readings,
            recent,
            self._busiest,
            tuple(judge.open()),
            fills(judge, readings),
            self._checker.stands(),
            self._follower.groups(),
            self._follower.status(),
        )


def _mark(store: Store, judge: Judge) -> None:
    for alert in local.open_alerts(store):
        judge.mark(alert)


def fills(judge: Judge, readings: dict[str, Reading]) -> dict[str, float]:
    """Return of each mount that fills up in how many seconds it is full."""
    disks = [reading for reading in readings.values() if reading.metric == "disk.used"]
    return {disk.component: left for disk in disks if (left := judge.full_in_s(disk)) is not None}


def take_reading(home: Path, seconds: float = 1.0) -> Snapshot:
    """Look twice, this many seconds apart, without a thread, a probe or a write; alerts are those in the store."""
    looker, busiest = Looker(), processes.Collector()
    looker.look(time.monotonic())
    busiest.read(time.monotonic())
    time.sleep(seconds)
    looker.look(time.monotonic(), at_all=True)
    seen = busiest.read(time.monotonic())
    readings = looker.newest()
    with Store.open(home) as store:
        judge = recall(store, time.time())
    return Snapshot(time.time(), readings, {}, seen, tuple(judge.open()), fills(judge, readings))
