"""The checks of watched machines and services: each on a thread of its own when it is due, so none delays another.

A check that fails does not count before it is sure that its machine is to blame: it is tried again, what is before the
machine is checked first, and nothing counts while this machine itself is cut off, woke up, or is in maintenance.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from rackside.store import Store, checks, hosts
from rackside.store.checks import Watched
from rackside.store.database import StoreError
from rackside.store.hosts import Host, Maintenance
from rackside.watch import maintenance
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.run import AnyCheck, run
from rackside.watch.limits import GAP_S, SETTLE_S
from rackside.watch.model import CheckState, Reading, Stand
from rackside.watch.reach import UNREACHED, WayOut, host_of, is_cut_off, target_of
from rackside.watch.standing import RETRY_AFTER_S, Standing

log = logging.getLogger(__name__)

TICK_S: Final = 1.0
LOOK_AGAIN_S: Final = 10.0
"""How often the store is asked for checks that were added or removed meanwhile."""
PARENT_WAIT_S: Final = 150.0
"""For how long a failure waits for what the check of the machine before it finds: three tries that time out at 48 s."""


def read_check(body: bytes) -> Check:
    """Read a check as it is kept.

    Raises:
        msgspec.MsgspecError: it is none that this version knows.
    """
    check: Check = msgspec.json.decode(body, type=AnyCheck)
    return check


class Checker:
    """Owns the thread that begins checks. A check that hangs is left behind by `run`, and begun again when it ended."""

    def __init__(self, home: Path, way_out: Callable[[], WayOut] = lambda: "") -> None:
        """Prepare.

        Args:
            home: the folder of the store.
            way_out: tells what this machine lacks to reach others; called on any thread.
        """
        self._home, self._way_out = home, way_out
        self._standings: dict[str, Standing] = {}
        self._workers: dict[str, threading.Thread] = {}
        self._of_host: defaultdict[str, list[Standing]] = defaultdict(list)
        self._known: dict[str, Host] = {}
        self._windows: list[Maintenance] = []
        self._fresh: dict[str, tuple[Reading, ...]] = {}
        self._changed: list[Stand] = []
        self._settled_at_s = 0.0
        self._last_s = 0.0
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
            fresh, self._fresh = self._fresh, {}
        return tuple(reading for each in fresh.values() for reading in each)

    def changed(self) -> list[Stand]:
        """Return the states that were taken since it was asked last, oldest first."""
        with self._lock:
            changed, self._changed = self._changed, []
        return changed

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest of every check that is not quiet; safe on any thread."""
        return tuple(
            reading for each in list(self._standings.values()) if not each.quiet for reading in each.readings()
        )

    def stands(self) -> dict[str, Stand]:
        """Return how every check stands, by label; safe on any thread."""
        return {
            each.watched.label: Stand(
                label=each.watched.label, state=each.state, since_s=each.since_s, said=each.quiet or each.said
            )
            for each in list(self._standings.values())
        }

    def quiet(self) -> frozenset[str]:
        """Return the labels of which nothing is an alert now; safe on any thread."""
        return frozenset(each.watched.label for each in list(self._standings.values()) if each.quiet)

    def load(
        self,
        found: list[Watched],
        now_s: float,
        *,
        known: dict[str, Host] | None = None,
        windows: list[Maintenance] | None = None,
        before: dict[str, Stand] | None = None,
    ) -> None:
        """Take over which checks there are; new ones are spread over their interval.

        Args:
            found: the checks.
            now_s: monotonic seconds.
            known: what is said of machines.
            windows: the times of maintenance.
            before: how checks stood before the program started.
        """
        before = before or {}
        held = {each.label: each for each in found}
        with self._lock:
            self._known = known or {}
            for label in [label for label, each in self._standings.items() if held.get(label) != each.watched]:
                del self._standings[label]
            new = [each for each in found if each.label not in self._standings]
            for place, each in enumerate(new):
                self._add(each, now_s + each.every_s * place / len(new), before.get(each.label))
            self._windows = windows or []
            self._of_host.clear()
            for standing in self._standings.values():
                name = host_of(standing.watched, standing.check)
                standing.host = self._known.get(name) or Host(name=name)
                self._of_host[name].append(standing)

    def begin_due(self, now_s: float) -> None:
        """Begin every check that is due and not under way."""
        for label, each in list(self._standings.items()):
            worker = self._workers.get(label)
            if now_s >= each.due_s and (worker is None or not worker.is_alive()):
                each.due_s = now_s + each.watched.every_s
                self._workers[label] = threading.Thread(target=self._do, args=(each,), name="check", daemon=True)
                self._workers[label].start()

    def _add(self, each: Watched, due_s: float, before: Stand | None) -> None:
        try:
            check = read_check(bytes(each.check))
        except msgspec.MsgspecError as error:
            log.warning("The check %s is not understood and is left out: %s", each.label, error)
            return
        made = self._standings[each.label] = Standing(each, check, Host(name=""), due_s)
        if before is not None and before.state != "maintenance":
            made.state, made.since_s, made.said = before.state, before.since_s, before.said

    def _do(self, standing: Standing) -> None:
        begun_s = time.monotonic()
        found = run(standing.check)
        lacking = self._way_out() if found.level == "critical" else ""
        cut_off: WayOut = lacking if is_cut_off(target_of(standing.check), lacking) else ""
        with self._lock:
            self.judge(standing, found, begun_s=begun_s, at_s=time.time(), cut_off=cut_off)

    def judge(self, each: Standing, found: Result, *, begun_s: float, at_s: float, cut_off: WayOut = "") -> None:
        """Take what a check found, which was begun at `begun_s` (monotonic); `at_s` is seconds since the epoch."""
        each.done_s = begun_s
        if maintenance.in_force(self._windows, each.host, at_s) is not None:
            each.found = found
            return
        if found.level == "unknown":
            self._become(each, "pending", found.sentence, at_s, quiet=found.sentence)
        elif found.level != "critical":
            each.failures = 0
            self._become(each, "up", found.sentence, at_s)
            self._count(each, found, begun_s)
        elif self._is_its_own_fault(each, found, begun_s, at_s, cut_off):
            self._become(each, "down", found.sentence, at_s)
            self._count(each, found, begun_s)

    def _is_its_own_fault(self, each: Standing, found: Result, begun_s: float, at_s: float, cut_off: WayOut) -> bool:
        """Say whether a failure counts; one that does not is tried again soon, or is somebody else's."""
        enough = each.fails(begun_s)
        if cut_off:
            self._become(each, "pending", found.sentence, at_s, quiet=UNREACHED[cut_off])
            return False
        if not enough or at_s < self._settled_at_s:
            self._try_again(each, f"{found.sentence}; tried again", at_s)
            return False
        if each.state == "down" and not each.quiet:
            return True
        if each.may_sleep(begun_s):
            self._become(each, "pending", found.sentence, at_s, quiet=f"may be asleep: {found.sentence}")
            return False
        blame = self._blame(each)
        if blame is None and begun_s - each.failing_since_s < PARENT_WAIT_S:
            self._try_again(each, f"{found.sentence}; what is before it is checked", at_s)
            return False
        if blame:
            self._become(each, "pending", found.sentence, at_s, quiet=f"not known: it is behind {blame}, which is down")
        return not blame

    def _try_again(self, each: Standing, said: str, at_s: float) -> None:
        each.due_s = time.monotonic() + min(RETRY_AFTER_S, each.watched.every_s)
        self._become(each, "pending", said, at_s, quiet=each.quiet)

    def _become(self, each: Standing, state: CheckState, said: str, at_s: float, *, quiet: str = "") -> None:
        if each.quiet and not quiet:
            each.rest()
        each.quiet = quiet
        stand = each.become(state, said, at_s)
        if stand is not None:
            self._changed.append(stand)

    def _count(self, each: Standing, found: Result, now_s: float) -> None:
        each.count(found, now_s)
        self._fresh[each.watched.label] = tuple(each.readings())

    def _blame(self, each: Standing) -> str | None:
        """Return the machine before this one that is down; "" when none is, None while that is not known.

        A machine's own ping stands before its other checks; its parents stand before all of them.
        """
        for name in self._before(each):
            of_host = [one for one in self._of_host.get(name, ()) if one is not each]
            telling = [one for one in of_host if one.kind == "ping"] or ([] if name == each.host.name else of_host)
            if telling and all(one.state == "down" for one in telling):
                return name
            unsure = [one for one in telling if one.done_s < each.failing_since_s or one.failures > 0]
            if len(unsure) == len(telling) > 0:
                for one in unsure:
                    if one.done_s < each.failing_since_s:
                        one.due_s = min(one.due_s, time.monotonic())
                return None
        return ""

    def _before(self, each: Standing) -> Iterator[str]:
        """Yield the names of the machine and of those before it, the nearest first; a circle is gone once round."""
        seen: set[str] = set()
        name = each.host.name
        while name and name not in seen:
            if name != each.host.name or each.kind != "ping":
                yield name
            seen.add(name)
            name = self._known[name].parent if name in self._known else ""

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            now_s = time.monotonic()
            self._notice_gap(time.time())
            if now_s >= self._look_again_s:
                self._look_again_s = now_s + LOOK_AGAIN_S
                self._look_again(now_s)
            self.mark_maintenance(time.time(), now_s)
            self.begin_due(now_s)
            self._wake.wait(TICK_S)

    def _notice_gap(self, at_s: float) -> None:
        """After a sleep of this machine nothing counts for a while: its network comes back late."""
        if self._last_s and abs(at_s - self._last_s) > GAP_S:
            self._settled_at_s = at_s + SETTLE_S
        self._last_s = at_s

    def mark_maintenance(self, at_s: float, now_s: float) -> None:
        """Put into maintenance what is in it now, and have checked at once what is not any more."""
        with self._lock:
            for each in self._standings.values():
                planned = maintenance.in_force(self._windows, each.host, at_s) if self._windows else None
                if planned is not None:
                    said = planned.note or "in maintenance"
                    self._become(each, "maintenance", said, at_s, quiet=said)
                elif each.state == "maintenance":
                    self._become(each, "pending", "maintenance is over", at_s)
                    each.due_s = now_s

    def _look_again(self, now_s: float) -> None:
        try:
            with Store.open(self._home) as store:
                self.load(
                    checks.watched(store),
                    now_s,
                    known=hosts.hosts(store),
                    windows=hosts.maintenance(store),
                    before=checks.stands(store),
                )
        except StoreError as error:
            log.info("Which checks there are cannot be read now: %s", error)
