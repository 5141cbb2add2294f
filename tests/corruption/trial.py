"""One trial: a file of a mirror is damaged, the program is started, syncs once, and is looked at."""

import logging
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, Self

from rackside.store import Store, mirror
from rackside.store.database import StoreError
from rackside.sync import engine
from rackside.sync.loop import BREATH_S, SyncLoop
from tests.corruption.console import Console, Server, View, unsent, view

ASIDE: Final = "cache.damaged"
MOST_WAITS: Final = 12
"""How often the sync thread may fail, and wait, before it has to have synced."""


@dataclass
class Figures:
    """What became of damage of one kind."""

    trials: int = 0
    noticed: int = 0
    """Put aside, or fetched again, and right after the sync."""
    harmless: int = 0
    unnoticed: int = 0
    """What is seen differs from what an undamaged console shows after the same sync."""
    never_synced: int = 0
    outbox_changed: int = 0
    surprises: Counter[str] = field(default_factory=Counter)
    """What a read raised, other than `StoreError`."""
    differences: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def faults(self) -> int:
        """All that must be 0."""
        return self.unnoticed + self.never_synced + self.outbox_changed + sum(self.surprises.values())


class _Rest(threading.Event):
    """Ends the sync thread when it would wait for something to do, or has failed too often."""

    def __init__(self, loop: SyncLoop) -> None:
        super().__init__()
        self.loop, self.waits = loop, 0

    def wait(self, timeout: float | None = None) -> bool:
        del timeout
        self.waits += 1
        if self.loop.status.phase == "synced" or self.waits > MOST_WAITS:
            self.loop._stop.set()
        return True


class _Stop(_Rest):
    """Says whether the thread was ended, and does not let it wait either."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout != BREATH_S:  # a breath between two pieces of work is no rest
            super().wait(timeout)
        return self.is_set()


@contextmanager
def without_delay() -> Iterator[None]:
    """Let the sync thread try again at once, and its log be silent."""
    before, log = engine.FIRST_RETRY_S, logging.getLogger("rackside")
    level = log.level
    engine.FIRST_RETRY_S = 0.0  # type: ignore[misc] # its own value is for a network's patience
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        engine.FIRST_RETRY_S = before  # type: ignore[misc] # as above
        log.setLevel(level)


def synced(home: Path, server: Server) -> bool:
    """Run the real sync thread's work from its start until it rests; return whether all went well."""
    loop = SyncLoop(home, lambda: server, lambda _: None)  # type: ignore[arg-type, return-value] # a client's methods
    loop._stop = _Stop(loop)
    loop._wake = _Rest(loop)
    loop._run()
    return loop.status.phase == "synced" and loop._wake.waits <= MOST_WAITS


@dataclass(frozen=True)
class Expected:
    """What an undamaged console shows after its next sync, and how many rows that takes."""

    view: View
    rows: int

    @classmethod
    def of(cls, console: Console, home: Path) -> Self:
        """Let the console sync in an empty folder, which is emptied again."""
        server = console.put(home)
        with without_delay():
            assert synced(home, server)
        with Store.open(home) as store:
            found = cls(view(store), server.rows_sent)
        empty(home)
        return found


def run(console: Console, file: tuple[str, bytes], expected: Expected, home: Path, figures: Figures) -> None:
    """Replace one file of a console in an empty folder, and see what comes of it; the folder is emptied again."""
    server = console.put(home)
    name, damaged = file
    (home / name).write_bytes(damaged)
    kept = unsent(home)
    waiting = {action for action, *_ in kept[0]}
    figures.trials += 1
    with without_delay():
        _read(home, figures)
        figures.outbox_changed += unsent(home) != kept
        figures.never_synced += not synced(home, server)
        figures.outbox_changed += not waiting <= server.outcomes.keys() or unsent(home)[1] != kept[1]
        found = _read(home, figures)
    different = {each.split()[0] for each, value in expected.view.items() if found is None or found[each] != value}
    if different:
        figures.unnoticed += 1
        figures.differences.update(different)
    elif (home / ASIDE).exists() or server.rows_sent > expected.rows:
        figures.noticed += 1
    else:
        figures.harmless += 1
    empty(home)


def empty(home: Path) -> None:
    """Delete what is in a folder."""
    for path in home.iterdir():
        path.unlink()


def _read(home: Path, figures: Figures) -> View | None:
    """Read all there is, as the panels do; only `StoreError` is theirs to expect."""
    try:
        with Store.open(home) as store:
            return view(store)
    except StoreError:
        return None
    except Exception as error:  # noqa: BLE001 - whatever it is: to find it is what this is for
        figures.surprises[f"{type(error).__name__}: {error}"] += 1
        return None


@contextmanager
def unchecked() -> Iterator[None]:
    """Take the check of the mirror away: the unsafe twin."""
    check = mirror.is_intact
    mirror.is_intact = lambda *_: True
    try:
        yield
    finally:
        mirror.is_intact = check
