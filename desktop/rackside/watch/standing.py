"""How one check stands: from what it finds, one time after another, to its state and its readings. Pure."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rackside.store.checks import RETRIES, Watched
from rackside.store.hosts import Host
from rackside.watch.checks.check import Check, Level, Result
from rackside.watch.checks.ping import ECHOES
from rackside.watch.limits import CHECK_WINDOW_S, LEAST_CHECKS, LEAST_ECHOES, PING_WINDOW_S
from rackside.watch.model import CheckState, Reading, Stand
from rackside.watch.probing import Tally

RETRY_AFTER_S: Final = 15.0
FAILING_S: Final = 60.0
"""A check is down when it failed for so long, if it is tried again at all [RULES: 3 failures or 60 s]."""
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
    "snmp": "snmp",
    "heartbeat": "beat",
}
"""What the readings of each kind are called: `tcp.ms`, `tcp.bad`."""
PAST: Final[Mapping[Level, float]] = {"ok": 0.0, "warning": 1.0, "critical": 2.0, "unknown": 0.0}
"""How far a number is: past its warning level, or its critical one."""
HAVE_LEVELS: Final = frozenset({"prometheus", "snmp"})
"""The kinds that warn of a number; of the others a rule does."""


@dataclass
class Standing:
    """How a check stands, and when it is done next (monotonic seconds).

    `quiet` says why nothing of it is an alert now, such as a maintenance or a machine before it that is down.
    """

    watched: Watched
    check: Check
    host: Host
    due_s: float
    state: CheckState = "pending"
    since_s: float = 0.0
    before: tuple[CheckState, float] = ("pending", 0.0)
    """What it was before it came into doubt, and since when."""
    said: str = ""
    quiet: str = ""
    failures: int = 0
    failing_since_s: float = 0.0
    silent_since_s: float = 0.0
    """When the first of the failures began; those that count may have begun later."""
    found: Result | None = None
    done_s: float = 0.0
    """When the newest check that is done was begun (monotonic)."""
    tally: Tally = field(default_factory=lambda: Tally(CHECK_WINDOW_S, LEAST_CHECKS))
    echoes: Tally = field(default_factory=lambda: Tally(PING_WINDOW_S, LEAST_ECHOES))

    @property
    def kind(self) -> str:
        """The name of the kind of check."""
        return str(self.check.__struct_config__.tag)

    @property
    def is_away(self) -> bool:
        """Whether it fails for good, whoever is to blame: what stands behind it cannot be known."""
        in_maintenance = self.state == "maintenance" and self.found is not None and self.found.fails
        return self.state == "down" or in_maintenance or bool(self.quiet and self.failures)

    def fails(self, begun_s: float, now_s: float) -> bool:
        """Count a failure of a check that was begun at a time; return whether it is one too many."""
        if self.failures:
            self.failures += 1
        else:
            self.silent_since_s = begun_s
            self.begin_failing(begun_s)
        return self.state == "down" or self.failures > self.watched.retries or self._failed_long(now_s)

    def _failed_long(self, now_s: float) -> bool:
        """Whether it failed for so long that fewer tries are enough; who asked for more tries than usual has them."""
        return self.watched.retries <= RETRIES and now_s - self.failing_since_s >= FAILING_S

    def begin_failing(self, begun_s: float) -> None:
        """Count a failure as the first one."""
        self.failures, self.failing_since_s = 1, begun_s

    def may_sleep(self, now_s: float) -> bool:
        """Return whether the machine may still be asleep."""
        return now_s - self.silent_since_s < self.host.may_sleep_s

    def become(self, state: CheckState, said: str, at_s: float) -> Stand | None:
        """Take a state; return how it stands when that is another one. `at_s` is seconds since the epoch.

        What was only in doubt, and is as it was before, is so since then.
        """
        self.said = said
        if state == self.state:
            return None
        since_s = self.before[1] if state == self.before[0] else at_s
        self.before = (self.state, self.since_s) if state == "pending" else ("pending", 0.0)
        self.state, self.since_s = state, since_s
        return self.stand()

    def stand(self) -> Stand:
        """Return how it stands; why it is quiet says more than what it found."""
        return Stand(label=self.watched.label, state=self.state, since_s=self.since_s, said=self.quiet or self.said)

    def count(self, found: Result, now_s: float) -> None:
        """Take what was found into the shares that the rules judge. What is down loses no packets: it is down."""
        self.found = found
        self.tally.add(now_s, good=not found.fails)
        if "loss" in found.values and not found.fails:
            lost = round(ECHOES * found.values["loss"][0] / 100)
            for number in range(ECHOES):
                self.echoes.add(now_s, good=number >= lost)

    def rest(self) -> None:
        """Begin anew after a time that does not count."""
        self.failures = 0
        self.tally.forget()
        self.echoes.forget()

    def readings(self) -> Iterator[Reading]:
        """Yield what the last counted check says, under the check's label."""
        if self.found is None:
            return
        metric, label, values = METRICS[self.kind], self.watched.label, self.found.values
        if "time" in values:
            yield Reading(f"{metric}.ms", values["time"][0], "ms", label, self.kind)
        if "days" in values:
            yield Reading(f"{metric}.days", values["days"][0], "d", label, self.kind)
        value, unit = values.get(self.found.main, (math.nan, ""))
        if math.isfinite(value):
            yield Reading("check.value", value, unit, label, self.kind)
        if self.kind in HAVE_LEVELS:
            yield Reading("check.warns", PAST[self.found.level], "", label, self.kind)
        yield Reading(f"{metric}.down", float(self.found.fails), "", label, self.kind)
        if metric == "host":
            share, name = self.echoes.bad_share(), "loss"
        else:
            share, name = self.tally.bad_share(), "bad"
        if share is not None and not (name == "loss" and self.found.fails):
            yield Reading(f"{metric}.{name}", share, "%", label, self.kind)
            if metric == "host":
                yield Reading("host.bad_times", float(self.echoes.bad_times()), "", label, self.kind)
