"""A desktop that writes and syncs without pause until it is killed: the real store, engine and client.

What it was told is safe it notes in `promises`, in a file of its own, after the store said so. When its store is open,
and when it has applied the server's first answer, it says so on its standard output.
"""

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Final, Literal, TypeAlias

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine, http
from rackside.sync.errors import SyncError
from rackside_protocol.actions import Action
from rackside_protocol.groups import Group
from rackside_protocol.ideas import CommentIdea, Idea, Propose
from rackside_protocol.threads import Ask, Reply, Thread
from tests.faults import clocks

PROMISES: Final = "promises"
READY: Final = b"ready\n"
SYNCED: Final = b"synced\n"
Mode: TypeAlias = Literal["as it is", "twin", "jumps"]
"""`twin`: rows and cursors are in no common transaction. `jumps`: the clock does."""
DRAFT: Final = "ask"
LONGEST_PAUSE_S: Final = 0.02
IMPATIENT_S: Final = 0.3
"""How long to wait for an answer, in place of a minute: a half-open connection is to be met more than once."""
AGAIN_AFTER_S: Final = 0.01


class Writer:
    """Writes actions and drafts, and notes each once it is safe."""

    def __init__(self, home: Path, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.store = Store.open(home)
        self.promises = os.open(home / PROMISES, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        self.keystrokes = int(outbox.draft(self.store, DRAFT) or 0)

    def run(self) -> None:
        """Write without end."""
        while True:
            time.sleep(self.random.uniform(0, LONGEST_PAUSE_S))
            action = self.action()
            outbox.put(self.store, action)
            self.promise(action.id)
            self.keystrokes += 1
            outbox.save_draft(self.store, DRAFT, str(self.keystrokes))
            self.promise(f"draft {self.keystrokes}")

    def promise(self, what: str) -> None:
        """Note that something is safe; a SIGKILL does not undo a finished write(2)."""
        os.write(self.promises, f"{what}\n".encode())

    def action(self) -> Action:
        """Make something to do with what is held: ask, reply, propose or comment."""
        groups = documents.of_kind(self.store, Group)
        threads = documents.of_kind(self.store, Thread, limit=20)
        ideas = documents.of_kind(self.store, Idea, limit=20)
        text = f"Words of {self.random.random()}"
        choices: list[Action] = [Propose(id=clocks.new_id(), title=text[:60], body=text)]
        if groups:
            choices.append(Ask(id=clocks.new_id(), group=self.random.choice(groups).slug, title=text, body=text))
        if threads:
            choices.append(Reply(id=clocks.new_id(), thread=self.random.choice(threads).id, body=text))
        if ideas:
            choices.append(CommentIdea(id=clocks.new_id(), idea=self.random.choice(ideas).id, body=text))
        return self.random.choice(choices)


@contextmanager
def each_statement_alone(connection: Connection) -> Iterator[Connection]:
    """Write without a transaction: the unsafe twin of `store.database.writing`."""
    yield connection


def main(home: Path, url: str, token: str, seed: int, mode: str) -> None:
    """Open the store, say so, and go on until killed; see `Mode`."""
    if mode == "twin":
        mirror.writing = each_statement_alone  # type: ignore[attr-defined] # planted on purpose
    elif mode == "jumps":
        clocks.let_jump(seed)
    http.READ_TIMEOUT_S = IMPATIENT_S  # type: ignore[misc] # its own value is for a person's patience
    threading.excepthook = lambda _: os._exit(1)  # a fault of either thread is seen
    threading.Thread(target=lambda: Writer(home, seed).run(), daemon=True).start()
    with Store.open(home) as store:
        os.write(sys.stdout.fileno(), READY)
        sync_once(store, url, token, lambda _: os.write(sys.stdout.fileno(), SYNCED))
        while True:
            sync_once(store, url, token)


def sync_once(store: Store, url: str, token: str, progress: Callable[[engine.Report], object] | None = None) -> None:
    """Sync until it goes well, with a new client each time, as the loop does; only what we did wrong ends it."""
    while True:
        client = http.Client(url, token)
        try:
            engine.sync(store, client, progress=progress)
        except SyncError:
            time.sleep(AGAIN_AFTER_S)
        else:
            return
        finally:
            client.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
