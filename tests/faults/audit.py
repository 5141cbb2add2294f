"""Looks for what was promised on both sides, and counts what was lost, doubled or left partial."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine
from rackside.sync.errors import SyncError
from rackside.sync.http import Client
from tests.faults.child import DRAFT, PROMISES
from tests.faults.server import RealServer


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
    differences: list[str] = field(default_factory=list)
    """A sentence for each document of the feed that is not as the server's own rows say."""
    caught: Counter[str] = field(default_factory=Counter)
    """What was under way when the kill came."""
    network: Counter[str] = field(default_factory=Counter)
    """How often each fault of the network came about."""
    restarts_s: list[float] = field(default_factory=list)
    """Seconds from each start to the first sync."""

    @property
    def different(self) -> int:
        """Documents of the feed that are not as the server's own rows say."""
        return len(self.differences)

    @property
    def faults(self) -> int:
        """All that must be 0."""
        return self.lost + self.doubled + self.partial + self.drafts_lost + self.crashed + self.different


def partial(home: Path, server: RealServer) -> int:
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
    for name, epoch, version, document, there in server.feed():
        at = cursors.get(name)
        if at and name not in staging and at.epoch == epoch and version <= at.version:
            wrong += int(held.get((name, document)) != (version if there else None))
    return wrong


def note_what_was_under_way(home: Path, figures: Figures) -> None:
    """Note what the kill interrupted."""
    with Store.open(home) as store:
        for state in ("queued", "sending", "sent"):
            figures.caught[state] += bool(outbox.count(store, state))
        figures.caught["nothing held yet"] += not documents.channels(store)


def count(home: Path, server: RealServer, figures: Figures) -> None:
    """Sync to the end; count what was promised and is not there, and what is there twice."""
    promises = (home / PROMISES).read_text().split("\n")[:-1]
    actions = [each for each in promises if not each.startswith("draft ")]
    strokes = [int(each.removeprefix("draft ")) for each in promises if each.startswith("draft ")]
    with Store.open(home) as store:
        with suppress(SyncError):  # what is not sent then is counted as lost
            engine.sync(store, Client(server.url, server.token))
        held = Counter(document for document, _ in documents.everything(store))
        figures.lost += len(outbox.pending(store))
        figures.drafts_lost += int(outbox.draft(store, DRAFT) or 0) < max(strokes, default=0)
    there = Counter(document for _, _, _, document, alive in server.feed() if alive)
    figures.promised = len(actions)
    figures.lost += sum(not (held[each] and there[each]) for each in actions)
    figures.doubled += sum(max(held[each], there[each]) > 1 for each in held.keys() | there.keys())
    figures.partial += partial(home, server)
    figures.differences += server.operate("verify").splitlines()
