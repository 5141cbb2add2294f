"""A desktop that is recorded: it writes actions and drafts, syncs with the model of a server, and checkpoints.

What the store said is safe is noted on standard output after it said so. The server has another plug, so what it holds
after each request is kept beside, and its number noted before the answer is given.
"""

import os
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection
from typing import Final, TypeAlias

from rackside.store import Store, damage, database, documents, outbox, schema
from rackside.sync import engine
from rackside.sync.errors import Unreachable
from rackside_protocol.ids import Id, new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import SyncRequest, SyncResponse
from rackside_protocol.threads import Ask, Delete, Thread
from tests.store.pages import thread
from tests.sync.model import Model

HOME: Final = "home"
DRAFT: Final = "ask"
GROUPS: Final = ("linux", "windows")
TWINS: Final = ("normal", "off", "folder", "cache")
"""Unsafe on purpose: an outbox that syncs at a checkpoint only, or never; a new folder whose name is not synced; and a
mirror that never syncs."""
PAGE_ROWS: Final = 7
PAGE_BYTES: Final = 4_096
SPOILED: Final = "sqlite_autoindex_actions_1"
WEIGHTS: Final = {
    "ask": 6,
    "type": 3,
    "delete": 1,
    "sync": 3,
    "checkpoint": 1,
    "reopen": 0.3,
    "reset": 0.3,
    "damage": 0.2,
}


Opener: TypeAlias = Callable[[Path], Connection]


def note(*words: object) -> None:
    """Say something where the trace has it: a line is one call."""
    os.write(sys.stdout.fileno(), " ".join([*map(str, words), "\n"]).encode())


class Noted(Model):
    """A server that keeps what it holds after each request, before the answer to it is heard or lost."""

    kept: Path
    requests = 0

    def sync(self, request: SyncRequest) -> SyncResponse:
        """Do one round trip."""
        try:
            return super().sync(request)
        finally:
            self.requests += 1
            (self.kept / str(self.requests)).write_bytes(pickle.dumps((self.channels, self.outcomes)))
            note("server", self.requests)


class Writer:
    """One member at one console."""

    def __init__(self, root: Path, kept: Path, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.home = root / HOME
        self.server = Noted(self.random, page_rows=PAGE_ROWS, followed={f"group:{group}" for group in GROUPS})
        self.server.kept = kept
        self.store = Store.open(self.home)
        self.written: list[Id] = []
        self.asked = self.keystrokes = 0

    def turn(self) -> None:
        """Do something."""
        (what,) = self.random.choices(list(WEIGHTS), list(WEIGHTS.values()))
        getattr(self, what)()

    def ask(self) -> None:
        """Write a question."""
        self.asked += 1
        words = f"Question {self.asked}"
        body = "Words. " * self.random.randrange(1, 200)
        ask = Ask(id=new_id(), group=self.random.choice(GROUPS), title=words, body=body)
        self._put(ask)
        self.written.append(ask.id)

    def delete(self) -> None:
        """Delete one of one's own, whether it was sent already or not."""
        if self.written:
            self._put(Delete(id=new_id(), item=self._one(), item_kind="thread"))

    def type(self) -> None:
        """Write a draft on."""
        self.keystrokes += 1
        outbox.save_draft(self.store, DRAFT, str(self.keystrokes))
        note("draft", self.keystrokes)

    def sync(self) -> None:
        """Sync, now and then with a lost request or answer, after others wrote, changed and deleted something."""
        for _ in range(self.random.randrange(4)):
            value = self.random.randrange(1, 50)
            changed = None if self.random.random() < 1 / 4 else thread(value, f"Title {self.random.random()}")
            self.server.publish(f"group:{GROUPS[value % len(GROUPS)]}", thread(value).id, changed)
        self.server.lose_request = self.random.random() < 1 / 8
        self.server.lose_answer = self.random.random() < 1 / 8
        try:
            engine.sync(self.store, self.server)
        except Unreachable:
            return

    def checkpoint(self) -> None:
        """Move a WAL into its file, in the four ways there are."""
        how = self.random.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
        for connection in (self.store.cache, self.store.outbox):
            connection.execute(f"PRAGMA wal_checkpoint({how})")

    def reopen(self) -> None:
        """Close the store, which checkpoints and deletes each WAL, and open it again."""
        self.store.close()
        self.store = Store.open(self.home)

    def reset(self) -> None:
        """Have the server begin a channel anew, with all that it held."""
        name = f"group:{self.random.choice(GROUPS)}"
        if name in self.server.channels:
            self.server.channels[name].epoch = f"e{self.random.getrandbits(32)}"

    def damage(self) -> None:
        """Have the disk spoil a page of the closed outbox, and open it as another process does, which mends it.

        It is a page of an index: every row can be read, so every row has to be saved.
        """
        self.store.outbox.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = self.store.outbox.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (SPOILED,)).fetchone()
        self.store.close()
        file = os.open(self.home / "outbox.db", os.O_WRONLY)
        os.pwrite(file, b"\xff" * PAGE_BYTES, (found["rootpage"] - 1) * PAGE_BYTES)
        os.fsync(file)
        os.close(file)
        damage._found_whole.clear()
        self.store = Store.open(self.home)

    def _one(self) -> Id:
        return self.written.pop(self.random.randrange(len(self.written)))

    def _put(self, action: Ask | Delete) -> None:
        outbox.put(self.store, action)
        note("promise", action.id, encode(action).hex())


def plant(twin: str) -> None:
    """Make the store unsafe."""
    if twin in {"normal", "off"}:
        schema.outbox = _careless(schema.outbox, twin)  # type: ignore[assignment] # planted on purpose
    elif twin == "cache":
        schema.cache = _careless(schema.cache, "off")  # type: ignore[assignment] # as above
    elif twin == "folder":
        database._sync_names = lambda path: None  # noqa: ARG005 - by name


def _careless(careful: Opener, level: str) -> Opener:
    def careless(folder: Path) -> Connection:
        connection = careful(folder)
        connection.execute(f"PRAGMA synchronous = {level}")
        return connection

    return careless


def main(root: Path, kept: Path, seed: int, turns: int, twin: str) -> None:
    """Write so many times."""
    plant(twin)
    writer = Writer(root, kept, seed)
    for _ in range(turns):
        writer.turn()
    assert documents.count_threads(writer.store)
    assert isinstance(documents.of_kind(writer.store, Thread)[0], Thread)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
