"""The network checks: every minute, each on a thread, bounded in time, to hosts the person knows of."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from statistics import median
from typing import Final, TypeAlias

from rackside.settings import Probes
from rackside.watch.limits import CHECK_WINDOW_S, LEAST_CHECKS, LEAST_ECHOES, PING_WINDOW_S
from rackside.watch.model import Reading
from rackside.watch.probes import dns, gateway, internet

EVERY_S: Final = 60.0
LOOK_FOR_CONSENT_S: Final = 5.0
BOUND_S: Final = 48.0
TRIES: Final = 3
"""A check that fails is retried twice before it counts as failed [Uptime Kuma, with retries]."""
RETRY_AFTER_S: Final = 1.0
CHECKS: Final = ("dns", "internet")

Trips: TypeAlias = list[float | None]
"""Answers of one check in milliseconds, None for each that did not come."""
Check: TypeAlias = Callable[[], Trips]


class Tally:
    """Good and bad answers of one check over a window."""

    def __init__(self, window_s: float, least: int) -> None:
        self._window_s, self._least = window_s, least
        self._answers: deque[tuple[float, bool]] = deque()

    def add(self, at_s: float, *, good: bool) -> None:
        """Count an answer."""
        self._answers.append((at_s, good))
        while self._answers[0][0] < at_s - self._window_s:
            self._answers.popleft()

    def bad_share(self) -> float | None:
        """Return the percentage of bad answers, or None while they are too few to say."""
        if len(self._answers) < self._least:
            return None
        return 100.0 * sum(not good for _, good in self._answers) / len(self._answers)

    def bad_times(self) -> int:
        """Return at how many moments of the window an answer was bad."""
        return len({at_s for at_s, good in self._answers if not good})

    def forget(self) -> None:
        """Begin anew, for another host."""
        self._answers.clear()


class Prober:
    """Owns the probing thread. What has never answered is not judged: many networks let none of it through."""

    def __init__(self, allowed: Callable[[], Probes | None]) -> None:
        """Prepare. `allowed` returns where to, or None as long as the person has not agreed: then nothing is sent."""
        self._allowed = allowed
        self._readings: tuple[Reading, ...] = ()
        self._fresh = False
        self._router: str | None = None
        self._tallies = {name: Tally(CHECK_WINDOW_S, LEAST_CHECKS) for name in CHECKS}
        self._echoes = Tally(PING_WINDOW_S, LEAST_ECHOES)
        self._answered: set[str] = set()
        self._workers: dict[str, threading.Thread] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="probes", daemon=True)

    def start(self, answered: Iterable[str] = ()) -> None:
        """Begin; `answered` names the checks, `dns` or `internet`, that have answered on this machine before."""
        self._answered.update(answered)
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; a check that waits for the network ends when that does."""
        self._stop.set()

    def take(self) -> tuple[Reading, ...]:
        """Return the results that nobody took yet."""
        fresh, self._fresh = self._fresh, False
        return self._readings if fresh else ()

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest results; safe on any thread."""
        return self._readings

    def probe_once(self, now_s: float | None = None) -> tuple[Reading, ...]:
        """Do every check now. `now_s` is monotonic."""
        targets = self._allowed()
        if targets is None:
            self._readings = ()
            return ()
        router = gateway.address() if targets.ping_gateway else None
        if router != self._router:
            self._router = router
            self._echoes.forget()
            self._answered.discard("gateway")
        checks: dict[str, Check] = {
            "dns": lambda: self._tried(lambda: dns.look_up_ms(targets.dns_name)),
            "internet": lambda: self._tried(
                lambda: internet.connect_ms(targets.internet_host, targets.internet_port),
            ),
        }
        if router is not None:
            checks["gateway"] = lambda: gateway.round_trips_ms(router)
        answers = self._in_time(checks)
        self._readings = tuple(self._judge(answers, time.monotonic() if now_s is None else now_s))
        self._fresh = True
        return self._readings

    def _run(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            self.probe_once()
            wait_s = EVERY_S - (time.monotonic() - began) if self._readings else LOOK_FOR_CONSENT_S
            self._stop.wait(max(LOOK_FOR_CONSENT_S, wait_s))

    def _in_time(self, checks: dict[str, Check]) -> dict[str, Trips]:
        """Do all at once, each on its thread; one that is not done in time has failed, and is not begun again."""
        answers: dict[str, Trips] = {name: [None] for name in checks}

        def answer(name: str, check: Check) -> None:
            answers[name] = check()

        for name, check in checks.items():
            before = self._workers.get(name)
            if before is None or not before.is_alive():
                self._workers[name] = threading.Thread(
                    target=answer, args=(name, check), name=f"probe {name}", daemon=True
                )
                self._workers[name].start()
        until = time.monotonic() + BOUND_S
        for name in checks:
            self._workers[name].join(max(0.0, until - time.monotonic()))
        return dict(answers)

    def _tried(self, once: Callable[[], float | None]) -> Trips:
        for turn in range(TRIES):
            if turn and self._stop.wait(RETRY_AFTER_S):
                break
            took = once()
            if took is not None:
                return [took]
        return [None]

    def _judge(self, answers: dict[str, Trips], now_s: float) -> Iterable[Reading]:
        """Turn answers into readings; what stands behind something that is down is not counted."""
        blocked = False
        if "gateway" in answers:
            trips = answers["gateway"]
            is_down = all(trip is None for trip in trips)
            for trip in trips if not is_down else ():
                self._echoes.add(now_s, good=trip is not None)
            yield from self._results("gateway", "ping", trips, None if is_down else self._echoes.bad_share())
            blocked = "gateway" in self._answered and is_down
        for name in CHECKS:
            good = answers[name][0] is not None
            if good or not blocked:
                self._tallies[name].add(now_s, good=good)
            yield from self._results(name, name, answers[name], self._tallies[name].bad_share())
            blocked = blocked or not good

    def _results(self, name: str, metric: str, trips: Trips, bad: float | None) -> Iterable[Reading]:
        component = name if metric == "ping" else ""
        took = [trip for trip in trips if trip is not None]
        if took:
            self._answered.add(name)
            yield Reading(f"{metric}.ms", median(took), "ms", component, component)
        known = name in self._answered
        if known or metric != "ping":
            yield Reading(f"{metric}.down", float(not took), "", component, component)
        if known and bad is not None:
            yield Reading(f"{metric}.loss" if metric == "ping" else f"{metric}.bad", bad, "%", component, component)
            tally = self._echoes if metric == "ping" else self._tallies[name]
            yield Reading(f"{metric}.bad_times", float(tally.bad_times()), "", component, component)
