"""The checks of watched machines and services: each on a thread of its own when it is due, so none delays another."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.store import Store, checks
from rackside.store.checks import Watched
from rackside.store.database import StoreError
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.ping import ECHOES
from rackside.watch.checks.run import AnyCheck, run
from rackside.watch.limits import CHECK_WINDOW_S, LEAST_CHECKS, LEAST_ECHOES, PING_WINDOW_S
from rackside.watch.model import Reading
from rackside.watch.probing import RETRY_AFTER_S, TRIES, Tally

log = logging.getLogger(__name__)

TICK_S: Final = 1.0
LOOK_AGAIN_S: Final = 10.0
"""How often the store is asked for checks that were added or removed meanwhile."""
METRICS: Final[Mapping[str, str]] = {
    "ping": "host",
    "tcp": "tcp",
    "ssh": "tcp",
    "smtp": "tcp",
    "imap": "tcp",
    "tls": "tls",
    "http": "http",
    "prometheus": "http",
    "dns": "name",
}
"""What the readings of each kind are called: `tcp.ms`, `tcp.bad`."""
State: TypeAlias = Literal["pending", "up", "down"]


def read_check(body: bytes) -> Check:
    """Read a check as it is kept.

    Raises:
        msgspec.MsgspecError: it is none that this version knows.
    """
    check: Check = msgspec.json.decode(body, type=AnyCheck)
    return check


@dataclass
class Standing:
    """How a check stands: what it found last, what it is in, and when it is done next (monotonic seconds)."""

    watched: Watched
    check: Check
    due_s: float
    state: State = "pending"
    found: Result | None = None
    failures: int = 0
    tally: Tally = field(default_factory=lambda: Tally(CHECK_WINDOW_S, LEAST_CHECKS))
    echoes: Tally = field(default_factory=lambda: Tally(PING_WINDOW_S, LEAST_ECHOES))
    worker: threading.Thread | None = None

    def take(self, found: Result, now_s: float) -> bool:
        """Take what was found; return whether it counts. What fails is tried again soon, and counts the third time."""
        self.failures = self.failures + 1 if found.level == "critical" else 0
        if 0 < self.failures < TRIES and self.state != "down":
            self.due_s = now_s + RETRY_AFTER_S
            return False
        self.due_s = now_s + self.watched.every_s
        self.found, self.state = found, "down" if found.level == "critical" else "up"
        self.tally.add(now_s, good=found.level != "critical")
        lost = round(ECHOES * found.values.get("loss", (0.0, "%"))[0] / 100)
        for number in range(ECHOES if "loss" in found.values else 0):
            self.echoes.add(now_s, good=number >= lost)
        return True

    def readings(self) -> Iterator[Reading]:
        """Yield what the last counted check says, under the check's label."""
        if self.found is None:
            return
        kind = str(type(self.check).__struct_config__.tag)
        metric, label = METRICS[kind], self.watched.label
        if "time" in self.found.values:
            yield Reading(f"{metric}.ms", self.found.values["time"][0], "ms", label, kind)
        if "days" in self.found.values:
            yield Reading(f"{metric}.days", self.found.values["days"][0], "d", label, kind)
        yield Reading(f"{metric}.down", float(self.state == "down"), "", label, kind)
        shown = (
            ("host.loss", self.echoes.bad_share()) if metric == "host" else (f"{metric}.bad", self.tally.bad_share())
        )
        if shown[1] is not None:
            yield Reading(shown[0], shown[1], "%", label, kind)
            if metric == "host":
                yield Reading("host.bad_times", float(self.echoes.bad_times()), "", label, kind)


class Checker:
    """Owns the thread that begins checks. A check that hangs is left behind by `run`, and begun again when it ended."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._standings: dict[str, Standing] = {}
        self._fresh: dict[str, tuple[Reading, ...]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; checks that wait for the network end when that does."""
        self._stop.set()

    def take(self) -> tuple[Reading, ...]:
        """Return what was found since it was asked last."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        return tuple(reading for each in fresh.values() for reading in each)

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest of every check; safe on any thread."""
        return tuple(reading for each in list(self._standings.values()) for reading in each.readings())

    def load(self, found: list[Watched], now_s: float) -> None:
        """Take over which checks there are; new ones are spread over their interval."""
        held = {each.label: each for each in found}
        for label in [label for label, each in self._standings.items() if held.get(label) != each.watched]:
            del self._standings[label]
        for place, each in enumerate(each for each in found if each.label not in self._standings):
            try:
                check = read_check(bytes(each.check))
            except msgspec.MsgspecError as error:
                log.warning("The check %s is not understood and is left out: %s", each.label, error)
                continue
            self._standings[each.label] = Standing(each, check, now_s + each.every_s * place / len(found))

    def begin_due(self, now_s: float) -> None:
        """Begin every check that is due and not under way."""
        for each in list(self._standings.values()):
            if now_s >= each.due_s and (each.worker is None or not each.worker.is_alive()):
                each.due_s = now_s + each.watched.every_s
                each.worker = threading.Thread(target=self._do, args=(each,), name="check", daemon=True)
                each.worker.start()

    def _do(self, standing: Standing) -> None:
        found = run(standing.check)
        with self._lock:
            if standing.take(found, time.monotonic()):
                self._fresh[standing.watched.label] = tuple(standing.readings())

    def _run(self) -> None:
        look_again_s = 0.0
        while not self._stop.is_set():
            now_s = time.monotonic()
            if now_s >= look_again_s:
                look_again_s = now_s + LOOK_AGAIN_S
                self._look_again(now_s)
            self.begin_due(now_s)
            self._stop.wait(TICK_S)

    def _look_again(self, now_s: float) -> None:
        try:
            with Store.open(self._home) as store:
                self.load(checks.watched(store), now_s)
        except StoreError as error:
            log.info("Which checks there are cannot be read now: %s", error)
