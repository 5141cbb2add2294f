"""The network checks: every minute, on a thread of their own, bounded in time, to hosts the person knows of."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from rackside.settings import Probes
from rackside.watch.limits import CHECK_WINDOW_S, PING_DOWN_AFTER_S, PROBE_WINDOW_S
from rackside.watch.model import Reading
from rackside.watch.probes import dns, gateway, internet

EVERY_S: Final = 60.0
TRIES: Final = 3
"""A check that fails is retried twice before it counts as failed [Uptime Kuma, with retries]."""
RETRY_AFTER_S: Final = 1.0
NAMES: Final = ("gateway", "dns", "internet")
ALL_BAD: Final = 100.0

Check = Callable[[], float | None]


class Tally:
    """Good and bad answers of one check over a window."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._answers: deque[tuple[float, bool]] = deque()

    def add(self, at_s: float, *, good: bool) -> None:
        """Count an answer."""
        self._answers.append((at_s, good))
        while self._answers[0][0] < at_s - self._window_s:
            self._answers.popleft()

    def bad_share(self) -> float:
        """Return the percentage of bad answers."""
        return 100.0 * sum(not good for _, good in self._answers) / len(self._answers) if self._answers else 0.0

    def bad_for_s(self, now_s: float) -> float:
        """Return for how long every answer has been bad."""
        since = now_s
        for at, good in reversed(self._answers):
            if good:
                break
            since = at
        return now_s - since


class Prober:
    """Owns the probing thread; `readings()` are the newest results."""

    def __init__(self, allowed: Callable[[], Probes | None]) -> None:
        """Prepare. `allowed` returns where to, or None as long as the person has not agreed: then nothing is sent."""
        self._allowed = allowed
        self._readings: tuple[Reading, ...] = ()
        self._tallies = {name: Tally(PROBE_WINDOW_S if name == "gateway" else CHECK_WINDOW_S) for name in NAMES}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="probes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; one that waits for the network ends when that does."""
        self._stop.set()

    def readings(self) -> tuple[Reading, ...]:
        """Return the newest results; safe on any thread."""
        return self._readings

    def probe_once(self) -> tuple[Reading, ...]:
        """Do every check now."""
        targets = self._allowed()
        if targets is None:
            self._readings = ()
            return ()
        readings: list[Reading] = []
        router = gateway.address() if targets.ping_gateway else None
        if router:
            took = self._tried("gateway", lambda: gateway.round_trip_ms(router))
            readings += self._answer("gateway", "ping", took)
        took = self._tried("dns", lambda: dns.look_up_ms(targets.dns_name))
        readings += self._answer("dns", "dns", took)
        took = self._tried("internet", lambda: internet.connect_ms(targets.internet_host, targets.internet_port))
        readings += self._answer("internet", "internet", took)
        self._readings = tuple(readings)
        return self._readings

    def _run(self) -> None:
        while not self._stop.is_set():
            self.probe_once()
            self._stop.wait(EVERY_S if self._readings else 5.0)

    def _tried(self, name: str, check: Check) -> float | None:
        for turn in range(TRIES):
            took = check()
            self._tallies[name].add(time.time(), good=took is not None)
            if took is not None or self._stop.wait(RETRY_AFTER_S if turn + 1 < TRIES else 0):
                return took
        return None

    def _answer(self, name: str, metric: str, took: float | None) -> list[Reading]:
        tally = self._tallies[name]
        component = name if metric == "ping" else ""
        share = Reading(f"{metric}.loss" if metric == "ping" else f"{metric}.bad", tally.bad_share(), "%", component)
        down = tally.bad_for_s(time.time()) >= PING_DOWN_AFTER_S or (took is None and tally.bad_share() >= ALL_BAD)
        found = [share, Reading(f"{metric}.down", float(down), "", component)]
        return [*found, Reading(f"{metric}.ms", took, "ms", component)] if took is not None else found
