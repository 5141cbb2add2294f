"""What must be true of a desktop's folder after a power cut, whatever the disk kept."""

import pickle
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec

from rackside.store import Store, damage, documents, mirror, outbox
from rackside.store.database import StoreError
from rackside.sync import engine
from rackside_protocol.ids import Id
from rackside_protocol.registry import encode, read_action
from rackside_protocol.sync import Cursor
from rackside_protocol.threads import Ask, Thread
from tests.power.desktop import DRAFT, GROUPS, PAGE_ROWS
from tests.power.figures import Figures
from tests.power.trace import Note
from tests.sync.model import Model


@dataclass
class Said:
    """What the desktop and its server had said when the power was cut."""

    promised: dict[Id, bytes] = field(default_factory=dict)
    draft: int = 0
    server: int = 0

    def hear(self, note: Note) -> None:
        """Take a note of the recording."""
        what, *rest = note.text.split()
        if what == "promise":
            self.promised[rest[0]] = bytes.fromhex(rest[1])
        elif what == "draft":
            self.draft = int(rest[0])
        else:
            self.server = int(rest[0])


def server_at(kept: Path, said: Said) -> Model:
    """Return the server as it was when the power was cut: it had none."""
    channels, outcomes = pickle.loads((kept / str(said.server)).read_bytes()) if said.server else ({}, {})  # noqa: S301 - our own
    followed = {f"group:{group}" for group in GROUPS}
    random = Random(said.server)  # noqa: S311 - repeatable on purpose
    return Model(random, PAGE_ROWS, channels=channels, outcomes=outcomes, followed=followed)


def audit(home: Path, said: Said, server: Model, figures: Figures) -> None:
    """Open what the cut left, look for everything that was promised, sync, and look again."""
    figures.cuts += 1
    figures.promised += len(said.promised)
    damage._found_whole.clear()  # each time another process opens the files
    try:
        with Store.open(home) as store:
            _as_found(store, said, server, figures)
            engine.sync(store, server)
            _synced(store, said, server, figures)
    except (StoreError, TypeError, msgspec.DecodeError) as error:  # rows of noise: only a twin's outbox has them
        figures.unopened += 1
        figures.caught[str(error)] += 1
    figures.put_aside += (home / "cache.damaged").exists()


def _as_found(store: Store, said: Said, server: Model, figures: Figures) -> None:
    waiting = {entry.action.id: entry for entry in outbox.pending(store)}
    for state in ("queued", "sending", "sent"):
        figures.caught[state] += any(entry.state == state for entry in waiting.values())
    for action, body in said.promised.items():
        known = server.outcomes.get(action)
        figures.lost += waiting[action].body != body if action in waiting else known is None
    figures.drafts_behind += int(outbox.draft(store, DRAFT) or 0) < said.draft
    cursors = mirror.cursors(store)
    figures.wrong += not mirror.is_intact(store) or not all(_agrees(store, server, cursor) for cursor in cursors)
    heads = {name: channel.head for name, channel in server.channels.items()}
    figures.behind += any(cursor.version < heads.get(cursor.channel, 0) for cursor in cursors)


def _agrees(store: Store, server: Model, at: Cursor) -> bool:
    """Say whether the rows of a channel are those up to its cursor: none beyond it, none missing, none outdated."""
    channel = server.channels.get(at.channel)
    if at.channel in mirror.resetting(store) or channel is None or channel.epoch != at.epoch:
        return True
    statement = "SELECT id, documents.version, payload FROM documents JOIN channels USING (channel) WHERE name = ?"
    held = {row["id"].hex(): row for row in store.cache.execute(statement, (at.channel,))}
    if any(row["version"] > at.version for row in held.values()):
        return False
    for document, (version, value) in channel.rows.items():
        row = held.get(document)
        found = (row["version"], row["payload"]) if row else None
        if version <= at.version and found != ((version, encode(value)) if value else None):
            return False
    return all(channel.rows.get(document, (0, None))[0] for document in held)


def _synced(store: Store, said: Said, server: Model, figures: Figures) -> None:
    figures.lost += len(outbox.pending(store))
    figures.lost += sum(action not in server.outcomes for action in said.promised)
    held = {document: value for (document, _), value in documents.everything(store).items()}
    figures.wrong += held != server.visible() or not mirror.is_intact(store)
    titles = Counter(value.title for value in held.values() if isinstance(value, Thread))
    figures.doubled += sum(times - 1 for times in titles.values())
    asked = [action for body in said.promised.values() if isinstance(action := read_action(body), Ask)]
    ever = {document for channel in server.channels.values() for document in channel.rows}
    figures.lost += sum(ask.id not in ever for ask in asked)
