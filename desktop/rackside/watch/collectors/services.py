"""systemd's units: which have failed, and which services systemd has restarted of late."""

import sys
from collections import deque
from collections.abc import Iterator
from typing import Final

from rackside.watch import systemd
from rackside.watch.model import Reading
from rackside.watch.proc import printable

NAME = "services"
EVERY_S = 30.0
MOST_UNITS: Final = 500
WINDOW_S: Final = 300.0
AGAIN_AFTER_S: Final = 120.0
"""How long a bus that did not answer is left alone."""
ACTIVE, PATH, UNIT, LOAD = 3, 6, 0, 2
"""Columns of a unit in ListUnitsByPatterns (org.freedesktop.systemd1(5))."""


class Collector:
    """A unit is told while it is in trouble and, as 0, from then on, so that its alert can clear.

    Units are listed only when systemd has carried out a job since the last look, or counts a unit that failed.
    """

    def __init__(self) -> None:
        self._again_at_s = 0.0
        self._jobs: int | str | None = None
        self._counted: dict[str, int] = {}
        self._restarts: dict[str, deque[tuple[float, int]]] = {}
        self._troubled: dict[str, str] = {}

    def read(self, now_s: float) -> list[Reading]:
        """Look once."""
        if not systemd.is_running() or now_s < self._again_at_s:
            return []
        try:
            with systemd.Manager() as manager:
                failed = _failed(manager)
                self._count_restarts(manager, now_s)
        except systemd.BusError:
            self._again_at_s, self._jobs = now_s + AGAIN_AFTER_S, None
            raise
        self._troubled |= failed | dict.fromkeys(self._restarts, "service")
        for name in list(self._troubled)[:-MOST_UNITS]:
            del self._troubled[name]
            self._restarts.pop(name, None)
        return [reading for name, kind in self._troubled.items() for reading in self._of(name, kind, failed, now_s)]

    def _of(self, name: str, kind: str, failed: dict[str, str], now_s: float) -> Iterator[Reading]:
        yield Reading("service.failed", float(name in failed), "", name, kind)
        if kind == "service":
            seen = self._restarts.get(name, deque())
            while seen and now_s - seen[0][0] >= WINDOW_S:
                seen.popleft()
            yield Reading("service.restarts", float(sum(count for _, count in seen)), "", name, kind)

    def _count_restarts(self, manager: systemd.Manager, now_s: float) -> None:
        jobs = manager.value(systemd.PATH, "Manager", "NInstalledJobs")
        if jobs == self._jobs:
            return
        [units] = manager.call("ListUnitsByPatterns", "asas", ([], ["*.service"]))
        loaded = [unit for unit in units if unit[LOAD] == "loaded" and unit[ACTIVE] != "inactive"][:MOST_UNITS]
        first, before, self._counted = self._jobs is None, self._counted, {}
        for unit in loaded:
            try:
                count = int(manager.value(unit[PATH], "Service", "NRestarts"))
            except systemd.RefusedError:
                continue  # it went away meanwhile
            name = printable(unit[UNIT])
            self._counted[name] = count
            # A count that fell back was set to zero by a person's start.
            earlier = before.get(name, count if first else 0)
            grown = count - earlier if count >= earlier else count
            if grown:
                self._restarts.setdefault(name, deque(maxlen=MOST_UNITS)).append((now_s, grown))
        self._jobs = jobs


def _failed(manager: systemd.Manager) -> dict[str, str]:
    """Return the units that failed, with their class."""
    if not manager.value(systemd.PATH, "Manager", "NFailedUnits"):
        return {}
    [units] = manager.call("ListUnitsByPatterns", "asas", (["failed"], []))
    return {name: name.rpartition(".")[2] for name in (printable(unit[UNIT]) for unit in units[:MOST_UNITS])}


def lacking() -> str:
    """Say what this machine cannot tell, or nothing."""
    return "" if systemd.is_running() or sys.platform == "win32" else systemd.NOT_HERE
