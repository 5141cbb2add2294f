"""Kills a desktop, or the server, at random points of writing and syncing, and looks what became of everything."""

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.audit import Figures, count, note_what_was_under_way, partial
from tests.faults.child import Mode
from tests.faults.desktop import Desktop
from tests.faults.network import FAULTS
from tests.faults.proxy import Proxy
from tests.faults.server import RealServer

LONGEST_LIFE_S: Final = 0.8
"""Lives are this times the cube of a uniform number: half of them end within 0.1 s, in the first fill or near it."""
LONGEST_SERVICE_S: Final = 1.0
FRESH_EVERY: Final = 2
"""Every so many points the mirror is thrown away first, so that first fills are killed too."""
RESTARTS: Final = 5


@dataclass(frozen=True)
class Run:
    """A server that runs, a console's empty folder, and how often to kill which of them."""

    server: RealServer
    home: Path
    points: int
    seed: int
    mode: Mode = "as it is"
    """Of the desktop."""
    patience: int = 0
    """Stop after so many faults; 0 goes on."""

    def spent(self, figures: Figures) -> bool:
        """Say whether there were faults enough."""
        return bool(self.patience) and figures.faults >= self.patience


def kill_desktops(run: Run) -> Figures:
    """Kill a desktop so many times, behind a network that fails."""
    figures, moments = Figures(), random.Random(run.seed)  # noqa: S311 - repeatable on purpose
    with Proxy(run.server.port, FAULTS, run.seed) as proxy:
        figures.network = proxy.happened
        for point in range(run.points):
            if point % FRESH_EVERY == 0:
                for path in run.home.glob("cache.db*"):
                    path.unlink()
            with Desktop(run.home, proxy.url, run.server.token, run.seed + point, run.mode) as desktop:
                time.sleep(LONGEST_LIFE_S * moments.random() ** 3)
                figures.crashed += not desktop.lives
            figures.points += 1
            figures.partial += partial(run.home, run.server)
            note_what_was_under_way(run.home, figures)
            if run.spent(figures):
                return figures
    count(run.home, run.server, figures)
    for restart in range(RESTARTS):
        with Desktop(run.home, run.server.url, run.server.token, run.seed - restart) as desktop:
            figures.restarts_s.append(desktop.synced_s())
    return figures


def kill_servers(run: Run) -> Figures:
    """Kill the server so many times and start it again on its port, while a desktop writes and syncs."""
    figures, moments = Figures(), random.Random(run.seed)  # noqa: S311 - repeatable on purpose
    with Proxy(run.server.port, FAULTS, run.seed) as proxy:
        figures.network = proxy.happened
        with Desktop(run.home, proxy.url, run.server.token, run.seed, run.mode) as desktop:
            for _ in range(run.points):
                time.sleep(LONGEST_SERVICE_S * moments.random())
                run.server.kill()
                figures.restarts_s.append(run.server.start())
                figures.points += 1
            figures.crashed += not desktop.lives
    note_what_was_under_way(run.home, figures)
    count(run.home, run.server, figures)
    return figures
