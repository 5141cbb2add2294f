"""Who leaves a channel, or is shown out, has no byte of it left soon after: the real server, the real sync thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rackside.store import Store, documents, mirror, outbox, pins, search
from rackside.sync.http import Client
from rackside.sync.loop import SyncLoop
from rackside_protocol.groups import LeaveGroup, group_channel
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Post, Reply, Thread
from tests.faults.server import RealServer
from tests.sync.keeper import GROUP, keep

CANARY = "zq7k4x9w2v8j3n5"
TRACE = CANARY[4:].encode()
"""What is left to see of it in an index, which shares the beginning of a word with the word before."""
CHANNEL = group_channel(GROUP)
POSTS = 50
"""In one page of posts; each invitation brings so many more."""
PATIENCE_S = 20.0
NEVER_S = 3_600.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with RealServer(tmp_path_factory.mktemp("server"), demo=False) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def loop(home: Path, server: RealServer) -> Iterator[SyncLoop]:
    made = SyncLoop(home, lambda: Client(server.url, server.token), lambda _: None, period_s=NEVER_S)
    yield made
    made.stop(PATIENCE_S)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.01)


def traces(home: Path) -> list[str]:
    """The files in which something of the canary stands."""
    found = []
    for path in sorted(home.iterdir()):
        with suppress(FileNotFoundError):  # the program takes files away while they are looked through
            if TRACE in path.read_bytes():
                found.append(path.name)
    return found


def leaves(store: Store, loop: SyncLoop, _: RealServer) -> None:
    outbox.put(store, LeaveGroup(id=new_id(), group=GROUP))
    loop.wake()


def is_dismissed(_: Store, __: SyncLoop, server: RealServer) -> None:
    keep(server.folder, "dismiss", server.token)


@pytest.mark.parametrize("goes", [leaves, is_dismissed])
def test_no_byte_of_a_channel_is_left_when_it_is_left(
    goes: Callable[[Store, SyncLoop, RealServer], None], home: Path, loop: SyncLoop, server: RealServer
) -> None:
    keep(server.folder, "invite", server.token, CANARY)
    with Store.open(home) as gui:
        loop.start()
        until(lambda: len(documents.of_kind(gui, Post)) == POSTS and loop.status.phase == "synced")
        threads = documents.of_kind(gui, Thread, parent=GROUP)
        pins.pin(gui, threads[0].id, on=True)
        outbox.save_draft(gui, f"reply:{threads[0].id}", "My own words stay.")
        own = Reply(id=new_id(), thread=threads[0].id, body=f"I know {CANARY}, too.")
        outbox.put(gui, own)
        loop.wake()
        until(lambda: documents.get(gui, own.id) and not outbox.pending(gui))
        assert "outbox.db-wal" in traces(home)
        assert search.find(gui, CANARY)
        assert {"cache.db", "cache.db-wal"} & set(traces(home))
        (home / "cache.damaged").write_bytes(b"Put aside while it held " + CANARY.encode())

        goes(gui, loop, server)
        until(lambda: not traces(home))
        assert search.find(gui, CANARY) == []
        assert CHANNEL not in mirror.seen(gui)
        assert outbox.draft(gui, f"reply:{threads[0].id}") == "My own words stay."
        until(lambda: loop.status.phase == "synced")
        assert mirror.is_intact(gui)
