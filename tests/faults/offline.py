"""30 days without a network: what she wrote meanwhile and what others wrote meet in one sync."""

import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine
from rackside.sync.http import Client
from rackside_protocol.actions import Action
from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask, Reply, Thread
from tests.faults.operator import DAY_MS, GROUP, WORDS
from tests.faults.server import RealServer

HANDLE: Final = "robinson"
DAYS: Final = 29.5
BEFORE: Final = 100
"""Texts of others that she had seen."""


@dataclass(frozen=True)
class Return:
    """How it went."""

    actions: int
    rows: int
    """What the server sent."""
    refused: int
    lost: int
    """Actions that are not in the feed."""
    unequal: int
    """Channels whose digests differ."""
    seconds: float
    cpu_s: float
    """Of the console."""

    @property
    def faults(self) -> int:
        """All that must be 0."""
        return self.refused + self.lost + self.unequal


def come_back(server: RealServer, home: Path, actions: int, changes: int, *, days: float = DAYS) -> Return:
    """Have a member write for 30 days without a network, and others with one; then let her sync.

    Args:
        server: one that runs.
        home: an empty folder.
        actions: how many she wrote.
        changes: how many texts the others wrote.
        days: how long she took; in an instant it is a burst, which the server refuses.
    """
    token = server.operate("join", HANDLE).strip()
    server.operate("write", str(BEFORE))
    with Store.open(home) as store:
        engine.sync(store, Client(server.url, token))
        written = _write(store, actions, days)
        server.operate("write", str(changes))
        began, cpu = time.monotonic(), time.process_time()
        report = engine.sync(store, Client(server.url, token))
        seconds, cpu_s = time.monotonic() - began, time.process_time() - cpu
        ours, theirs = mirror.digests(store), server.digests()
        there = {document for _, _, _, document, alive in server.feed() if alive}
        refused = outbox.count(store, "refused")
    return Return(
        actions=report.pushed,
        rows=report.rows,
        refused=refused,
        lost=len(written - there),
        unequal=sum(ours[name] != theirs[name] for name in ours),
        seconds=seconds,
        cpu_s=cpu_s,
    )


def _write(store: Store, actions: int, days: float) -> set[str]:
    """Write actions whose ids are of the days when they were written; return the ids of what they make."""
    thread = next(each.id for each in documents.of_kind(store, Thread, limit=1_000) if each.group == GROUP)
    until_ms = time.time_ns() // 1_000_000
    made: set[str] = set()
    kinds = cycle(("ask", "reply", "reply", "idea", "reply", "reply"))
    for number in range(actions):
        moment_ms = until_ms - round((actions - number) / actions * days * DAY_MS)
        action = _action(next(kinds), f"{moment_ms:012x}{new_id()[12:]}", thread)
        outbox.put(store, action)
        made.add(action.id)
        if isinstance(action, Ask):
            thread = action.id
    return made


def _action(kind: str, made: str, thread: str) -> Action:
    if kind == "ask":
        return Ask(id=made, group=GROUP, title="Does anybody else see this?", body=WORDS)
    if kind == "idea":
        return Propose(id=made, title="Show the array's state", body=WORDS)
    return Reply(id=made, thread=thread, body=WORDS)
