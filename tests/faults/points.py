"""Kills a desktop at random points of writing and syncing, and counts what was lost, doubled or left partial."""

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine
from rackside.sync.embedded import EmbeddedServer, Owner
from rackside.sync.http import Client
from tests.faults.child import DRAFT, PROMISES, READY

ROOT: Final = Path(__file__).parents[2]
LONGEST_LIFE_S: Final = 0.8
"""Lives are this times the cube of a uniform number: half of them end within 0.1 s, in the first fill or near it."""
FRESH_EVERY: Final = 2
"""Every so many points the mirror is thrown away first, so that first fills are killed too."""

ROWS: Final = """
    SELECT name, epoch, version, object_id, payload IS NOT NULL AS there
    FROM feed_feedrow JOIN feed_channel ON feed_channel.id = channel_id
"""


@dataclass
class Figures:
    """What became of what was promised."""

    points: int = 0
    promised: int = 0
    lost: int = 0
    doubled: int = 0
    partial: int = 0
    drafts_lost: int = 0
    crashed: int = 0
    """How often it ended by itself, before the kill."""
    caught: Counter[str] = field(default_factory=Counter)
    """What was under way when the kill came."""

    @property
    def faults(self) -> int:
        """All that must be 0."""
        return self.lost + self.doubled + self.partial + self.drafts_lost + self.crashed


def run(folder: Path, points: int, seed: int, *, twin: bool = False, patience: int = 0) -> Figures:
    """Kill a desktop so many times, and return the figures.

    Args:
        folder: an empty folder for the server and the console.
        points: how often.
        seed: of the moments.
        twin: run the unsafe twin, whose rows and cursors are not in one transaction.
        patience: stop after so many faults; 0 goes on.
    """
    home = folder / "home"
    home.mkdir()
    figures, moments = Figures(), random.Random(seed)  # noqa: S311 - repeatable on purpose
    server = EmbeddedServer(folder / "server", demo=True)
    try:
        owner = server.wait()
        for point in range(points):
            if point % FRESH_EVERY == 0:
                for path in home.glob("cache.db*"):
                    path.unlink()
            life_s = LONGEST_LIFE_S * moments.random() ** 3
            figures.crashed += not live_and_die(home, owner, seed + point, life_s, twin=twin)
            figures.points += 1
            figures.partial += partial(home, folder / "server")
            note_what_was_under_way(home, figures)
            if patience and figures.faults >= patience:
                return figures
        count(home, owner, folder / "server", figures)
    finally:
        server.stop()
    return figures


def live_and_die(home: Path, owner: Owner, seed: int, life_s: float, *, twin: bool) -> bool:
    """Start a desktop, let it live for a while from its first sync on, and kill it; return whether it lived so long."""
    command = [sys.executable, "-m", "tests.faults.child", str(home), owner.url, owner.access_token, str(seed)]
    with subprocess.Popen([*command, *(["twin"] if twin else [])], cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        if child.stdout.read(len(READY)) != READY:
            return False
        time.sleep(life_s)
        lived = child.poll() is None
        child.kill()
        child.wait()
    return lived


def partial(home: Path, server: Path) -> int:
    """Count the rows that are not as the cursor of their channel says, and a mirror that is not intact."""
    with Store.open(home) as store:
        cursors = {each.channel: each for each in mirror.cursors(store)}
        staging = cursors.keys() - mirror.seen(store).keys()
        held = {
            (row["name"], row["id"].hex()): int(row["version"])
            for row in store.cache.execute(
                "SELECT name, id, documents.version FROM documents JOIN channels USING (channel)"
            )
        }
        wrong = 0 if mirror.is_intact(store) else 1
    wrong += sum(int(version) > cursors[name].version for (name, _), version in held.items() if name not in staging)
    for name, epoch, version, document, there in feed(server):
        at = cursors.get(name)
        if at and name not in staging and at.epoch == epoch and version <= at.version:
            wrong += int(held.get((name, document)) != (version if there else None))
    return wrong


def feed(server: Path) -> list[tuple[str, str, int, str, bool]]:
    """Read the server's feed from its own file."""
    with closing(sqlite3.connect(next(server.glob("*.db")))) as connection:
        return connection.execute(ROWS).fetchall()


def note_what_was_under_way(home: Path, figures: Figures) -> None:
    """Note what the kill interrupted."""
    with Store.open(home) as store:
        for state in ("queued", "sending", "sent"):
            figures.caught[state] += bool(outbox.count(store, state))
        figures.caught["nothing held yet"] += not documents.channels(store)


def count(home: Path, owner: Owner, server: Path, figures: Figures) -> None:
    """Sync to the end; count what was promised and is not there, and what is there twice."""
    promises = (home / PROMISES).read_text().split("\n")[:-1]
    actions = [each for each in promises if not each.startswith("draft ")]
    strokes = [int(each.removeprefix("draft ")) for each in promises if each.startswith("draft ")]
    with Store.open(home) as store:
        engine.sync(store, Client(owner.url, owner.access_token))
        held = Counter(document for document, _ in documents.everything(store))
        figures.lost += len(outbox.pending(store))
        figures.drafts_lost += int(outbox.draft(store, DRAFT) or 0) < max(strokes, default=0)
    there = Counter(document for _, _, _, document, alive in feed(server) if alive)
    figures.promised = len(actions)
    figures.lost += sum(not (held[each] and there[each]) for each in actions)
    figures.doubled += sum(max(held[each], there[each]) > 1 for each in held.keys() | there.keys())
    figures.partial += partial(home, server)
