"""How all checks stand together: what counts, and what is somebody else's fault. Pure: times and outcomes go in.

A check that fails does not count before it is sure that its machine is to blame: it is tried again, what is before the
machine is checked first, and nothing counts while this machine itself is cut off, woke up, or is in maintenance.
"""

import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from rackside.store.checks import Watched
from rackside.store.hosts import Host, Maintenance
from rackside.watch import maintenance
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.run import AnyCheck
from rackside.watch.limits import GAP_S, SETTLE_S
from rackside.watch.model import CheckState, Reading, Stand
from rackside.watch.reach import UNREACHED, WayOut, host_of
from rackside.watch.standing import RETRY_AFTER_S, Standing

log = logging.getLogger(__name__)

PARENT_WAIT_S: Final = 150.0
"""For how long a failure waits for what the check of the machine before it finds: three tries that time out at 48 s."""
AT_ONCE: Final = -math.inf


def read_check(body: bytes) -> Check:
    """Read a check as it is kept.

    Raises:
        msgspec.MsgspecError: it is none that this version knows.
    """
    check: Check = msgspec.json.decode(body, type=AnyCheck)
    return check


class Outcome(NamedTuple):
    """What a check found that was begun and done at two times (monotonic); `at_s` is the second since the epoch.

    `cut_off` says what this machine lacks to reach the target.
    """

    found: Result
    begun_s: float
    done_s: float
    at_s: float
    cut_off: WayOut = ""


class Standings:
    """Every check by its label."""

    def __init__(self) -> None:
        self.held: dict[str, Standing] = {}
        self.fresh: dict[str, tuple[Reading, ...]] = {}
        """The readings of checks that were counted and not taken yet."""
        self.changed: list[Stand] = []
        """The states that were taken and not told yet, oldest first."""
        self._known: dict[str, Host] = {}
        self._of_host: defaultdict[str, list[Standing]] = defaultdict(list)
        self._windows: list[Maintenance] = []
        self._settled_at_s = AT_ONCE
        self._last_s: float | None = None

    def load(
        self,
        found: list[Watched],
        now_s: float,
        *,
        known: dict[str, Host] | None = None,
        windows: Iterable[Maintenance] = (),
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
        wanted = {each.label: each for each in found}
        for label in [label for label, each in self.held.items() if wanted.get(label) != each.watched]:
            del self.held[label]
        new = [each for each in found if each.label not in self.held]
        for place, each in enumerate(new):
            self._add(each, now_s + each.every_s * place / len(new), (before or {}).get(each.label))
        self._known, self._windows = known or {}, list(windows)
        self._of_host.clear()
        for standing in self.held.values():
            name = host_of(standing.watched, standing.check)
            standing.host = self._known.get(name) or Host(name=name)
            self._of_host[name].append(standing)

    def judge(self, each: Standing, outcome: Outcome) -> None:
        """Take what a check found."""
        found, at_s = outcome.found, outcome.at_s
        each.done_s = outcome.begun_s
        if maintenance.in_force(self._windows, each.host, at_s) is not None:
            each.found = found
        elif found.level == "unknown":
            each.failures = 0
            self._become(each, "pending", found.sentence, at_s, quiet=found.sentence)
        elif not found.fails:
            each.failures = 0
            self._become(each, "up", found.sentence, at_s)
            self._count(each, outcome)
        elif self._is_its_own_fault(each, outcome):
            self._become(each, "down", found.sentence, at_s)
            self._count(each, outcome)

    def mark_maintenance(self, at_s: float, now_s: float) -> None:
        """Put into maintenance what is in it now, and have checked at once what is not any more."""
        for each in self.held.values():
            planned = maintenance.in_force(self._windows, each.host, at_s) if self._windows else None
            if planned is not None:
                said = planned.note or "in maintenance"
                self._become(each, "maintenance", said, at_s, quiet=said)
            elif each.state == "maintenance":
                self._become(each, "pending", "maintenance is over", at_s)
                each.due_s = now_s

    def notice_gap(self, at_s: float) -> None:
        """After a sleep of this machine nothing counts for a while: its network comes back late."""
        if self._last_s is not None and abs(at_s - self._last_s) > GAP_S:
            self._settled_at_s = at_s + SETTLE_S
        self._last_s = at_s

    def _add(self, each: Watched, due_s: float, before: Stand | None) -> None:
        try:
            check = read_check(bytes(each.check))
        except msgspec.MsgspecError as error:
            log.warning("The check %s is not understood and is left out: %s", each.label, error)
            return
        made = self.held[each.label] = Standing(each, check, Host(name=""), due_s)
        if before is not None and before.state != "maintenance":
            made.state, made.since_s, made.said = before.state, before.since_s, before.said

    def _is_its_own_fault(self, each: Standing, outcome: Outcome) -> bool:
        """Say whether a failure counts; one that does not is tried again soon, or is somebody else's."""
        said = outcome.found.sentence
        enough = each.fails(outcome.begun_s, outcome.done_s) and outcome.at_s >= self._settled_at_s
        unsure = self._unsure(each)
        for one in unsure:
            if one.done_s < each.failing_since_s:
                one.due_s = AT_ONCE
        if not enough and not outcome.cut_off:
            self._try_again(each, outcome, f"{said}; tried again")
            return False
        excuse = self._excuse(each, outcome)
        if not excuse and unsure and outcome.done_s - each.failing_since_s < PARENT_WAIT_S:
            self._try_again(each, outcome, f"{said}; what is before it is checked")
        elif excuse:
            self._become(each, "pending", said, outcome.at_s, quiet=excuse)
        elif each.quiet:
            # It was excused so far, and this check may have begun before that was over.
            self._try_again(each, outcome, f"{said}; tried again", quiet="")
            each.begin_failing(outcome.begun_s)
        else:
            return True
        return False

    def _excuse(self, each: Standing, outcome: Outcome) -> str:
        """Return why a failure is not the machine's own, in words; "" when it is, as far as is known."""
        if outcome.cut_off:
            return UNREACHED[outcome.cut_off]
        if each.state == "down" and not each.quiet:
            return ""
        if each.may_sleep(outcome.done_s):
            return f"may be asleep: {outcome.found.sentence}"
        blame = self._blame(each)
        return f"not known: it is behind {blame}" if blame else ""

    def _try_again(self, each: Standing, outcome: Outcome, said: str, quiet: str | None = None) -> None:
        each.due_s = outcome.begun_s + min(RETRY_AFTER_S, each.watched.every_s)
        self._become(each, "pending", said, outcome.at_s, quiet=each.quiet if quiet is None else quiet)

    def _become(self, each: Standing, state: CheckState, said: str, at_s: float, *, quiet: str = "") -> None:
        if each.quiet and not quiet:
            each.rest()
        each.quiet = quiet
        stand = each.become(state, said, at_s)
        if stand is not None:
            self.changed.append(stand)

    def _count(self, each: Standing, outcome: Outcome) -> None:
        each.count(outcome.found, outcome.done_s)
        self.fresh[each.watched.label] = tuple(each.readings())

    def _blame(self, each: Standing) -> str:
        """Return the machine before this one that is to blame, in words; "" when none is, as far as is known."""
        for name, telling in self._before(each):
            if all(one.is_away for one in telling):
                is_down = all(one.state == "down" for one in telling)
                return f"{name}, which is down" if is_down else f"{name}, which is not known itself"
        return ""

    def _unsure(self, each: Standing) -> list[Standing]:
        """Return the checks before this one of which no other tells, and that fail or were not done since it does."""
        if each.state == "down" and not each.quiet:
            return []
        levels = [telling for _, telling in self._before(each)]
        return [
            one
            for telling in levels
            if all(one.failures or one.done_s < each.failing_since_s for one in telling)
            for one in telling
        ]

    def _before(self, each: Standing) -> Iterator[tuple[str, list[Standing]]]:
        """Yield what tells of the machine and of those before it, the nearest first; a circle is gone once round.

        A machine's own ping stands before its other checks; its parents stand before all of them.
        """
        seen: set[str] = set()
        name = each.host.name
        while name and name not in seen:
            of_host = [one for one in self._of_host.get(name, ()) if one is not each]
            telling = [one for one in of_host if one.kind == "ping"] or ([] if name == each.host.name else of_host)
            if telling and (name != each.host.name or each.kind != "ping"):
                yield name, telling
            seen.add(name)
            name = self._known[name].parent if name in self._known else ""
