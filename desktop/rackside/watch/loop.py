"""The watching thread: asks the collectors that are due, judges, keeps history, and holds a snapshot to be shown."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rackside.settings import Probes
from rackside.store import Store, local
from rackside.watch import collectors
from rackside.watch.collectors import processes
from rackside.watch.collectors.uptime import uptime_s
from rackside.watch.limits import FILL_FIT_S
from rackside.watch.model import Process, Reading, Snapshot
from rackside.watch.probing import Prober
from rackside.watch.rules import Judge

log = logging.getLogger(__name__)

VISIBLE_TICK_S: Final = 1.0
HIDDEN_TICK_S: Final = 10.0
FLUSH_S: Final = 10.0
HIDDEN_FLUSH_S: Final = 60.0
RECENT: Final = 120
"""How many values of each reading a snapshot holds: two minutes at one a second."""
UNKEPT: Final = frozenset({"uptime", "memory.oom", "disk.size", "swap.out_share", "cpu.core", "nic.link"})
"""Readings without a history of their own: they hardly change, or another one says it."""


class Watch:
    """Watches this machine. `on_change` is called on the watching thread with `readings`, `alerts` or both."""

    def __init__(
        self,
        home: Path,
        allowed: Callable[[], Probes | None],
        on_change: Callable[[frozenset[str]], object],
    ) -> None:
        """Prepare; nothing is read before `start`.

        Args:
            home: the folder of the store.
            allowed: where probes may go, or None before the person agreed.
            on_change: told what there is to show.
        """
        self._home, self._on_change = home, on_change
        self._collectors = [(module.NAME, module.EVERY_S, module.Collector()) for module in collectors.ALL]
        self._processes = processes.Collector()
        self._prober = Prober(allowed)
        self._due: dict[str, float] = {}
        self._failed: set[str] = set()
        self._readings: dict[str, Reading] = {}
        self._recent: dict[str, deque[float]] = {}
        self._batch: dict[str, list[tuple[float, float]]] = {}
        self._flushed_s = time.monotonic()
        self._seen: tuple[Process, ...] = ()
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
        self._prober.start()

    def visible(self, *, on: bool) -> None:
        """Say whether anybody can see the figures; hidden, almost nothing is done."""
        self._visible = on
        self._wake.set()

    def again(self) -> None:
        """Look at once, for instance because the person acknowledged an alert."""
        self._wake.set()

    def stop(self) -> None:
        """Write what was gathered and end."""
        self._stopping = True
        self._prober.stop()
        self._wake.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        with Store.open(self._home) as store:
            judge = Judge(local.open_alerts(store))
            _recall(store, judge)
            while not self._stopping:
                self._wake.clear()
                self._tick(store, judge)
                self._wake.wait(VISIBLE_TICK_S if self._visible else HIDDEN_TICK_S)
            self._flush(store)

    def _tick(self, store: Store, judge: Judge) -> None:
        at_s = time.time()
        readings = self._collect(time.monotonic()) + list(self._prober.readings())
        for reading in readings:
            self._readings[reading.key] = reading
            self._recent.setdefault(reading.key, deque(maxlen=RECENT)).append(reading.value)
            if reading.metric not in UNKEPT:
                self._batch.setdefault(reading.key, []).append((at_s, reading.value))
        held = local.open_alerts(store) if judge.open() else []
        for alert in held:
            judge.mark(alert)
        changed = judge.look(readings, at_s, uptime_s())
        for alert in changed:
            local.put_alert(store, alert)
        if time.monotonic() - self._flushed_s >= (FLUSH_S if self._visible else HIDDEN_FLUSH_S):
            self._flush(store)
        self._show(at_s, judge)
        self._on_change(frozenset({"readings", "alerts"} if changed else {"readings"}))

    def _collect(self, now_s: float) -> list[Reading]:
        readings: list[Reading] = []
        for name, every_s, collector in self._collectors:
            if now_s < self._due.get(name, 0.0):
                continue
            self._due[name] = now_s + every_s - VISIBLE_TICK_S / 2
            try:
                readings += collector.read(now_s)
            except (OSError, KeyError, ValueError, IndexError) as error:
                if name not in self._failed:
                    log.info("The collector %s does not work on this machine: %s", name, error)
                    self._failed.add(name)
        if self._visible and now_s >= self._due.get(processes.NAME, 0.0):
            self._due[processes.NAME] = now_s + processes.EVERY_S - VISIBLE_TICK_S / 2
            self._seen = self._processes.read(now_s)
        return readings

    def _flush(self, store: Store) -> None:
        self._flushed_s = time.monotonic()
        batch, self._batch = self._batch, {}
        if batch:
            local.add_readings(store, batch)

    def _show(self, at_s: float, judge: Judge) -> None:
        recent = {key: tuple(values) for key, values in self._recent.items()}
        mounts = [each.component for each in self._readings.values() if each.metric == "disk.used"]
        fills_in_s = {mount: left for mount in mounts if (left := judge.fills_in_s(mount)) is not None}
        self._snapshot = Snapshot(at_s, dict(self._readings), recent, self._seen, tuple(judge.open()), fills_in_s)


def take_reading(home: Path, seconds: float = 1.0) -> Snapshot:
    """Look twice, this many seconds apart, without a thread, a probe or a write; alerts are those in the store."""
    found = [module.Collector() for module in collectors.ALL]
    busiest = processes.Collector()
    for look in range(2):
        if look:
            time.sleep(seconds)
        readings = [reading for collector in found for reading in _safely(collector)]
        seen = busiest.read(time.monotonic())
    with Store.open(home) as store:
        alerts = tuple(local.open_alerts(store))
    return Snapshot(time.time(), {reading.key: reading for reading in readings}, {}, seen, alerts)


def _safely(collector: collectors.Collector) -> list[Reading]:
    try:
        return collector.read(time.monotonic())
    except (OSError, KeyError, ValueError, IndexError):
        return []


def _recall(store: Store, judge: Judge) -> None:
    """Give the judge the last hours of each file system, so that a restart does not forget how it fills."""
    now_s = time.time()
    for key in local.metrics(store):
        metric, _, component = key.partition(" ")
        if metric == "disk.used":
            points = [point for point in local.history(store, key, "day", now_s) if point.at_s >= now_s - FILL_FIT_S]
            judge.recall_filling(component, [(point.at_s, point.mean) for point in points])
