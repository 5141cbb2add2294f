"""Clocks that jump by years on both sides: nothing lost, nothing doubled, and no wait that becomes a year."""

import time
from pathlib import Path

import pytest

from rackside.store import Store, outbox
from rackside.sync.http import Client
from rackside.sync.loop import SyncLoop
from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from tests.faults.clocks import YEAR_S
from tests.faults.kills import Run, kill_desktops
from tests.faults.server import RealServer

KILLS = 6
LOOKS = 3_000
LOOK_EVERY_S = 0.01


def test_clocks_that_jump_on_both_sides_lose_and_double_nothing(server: RealServer, tmp_path: Path) -> None:
    with server.running("tests.faults.jumping_server"):
        figures = kill_desktops(Run(server, tmp_path, KILLS, 1, "jumps"))
    assert figures.faults == 0, figures
    assert figures.promised > KILLS


def test_sync_goes_on_at_once_after_each_jump(
    server: RealServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall_s = time.time
    loop = SyncLoop(tmp_path, lambda: Client(server.url, server.token), bool)
    loop.start()
    try:
        with Store.open(tmp_path) as store:
            for offset_s in (0, YEAR_S, -YEAR_S, 0):
                monkeypatch.setattr(time, "time", lambda offset_s=offset_s: wall_s() + offset_s)
                outbox.put(store, Propose(id=new_id(), title=f"At {offset_s} s", body="The clock was set."))
                loop.wake()
                until_empty(store)
    finally:
        loop.stop()


def until_empty(store: Store) -> None:
    for _ in range(LOOKS):
        if not outbox.count(store, "queued", "sending", "sent"):
            return
        time.sleep(LOOK_EVERY_S)
    pytest.fail("it was never sent")
