"""A server on a full disk, for real: it goes on reading, says why it takes nothing, and loses nothing."""

from pathlib import Path

import pytest

from rackside.store import Store, documents, outbox
from rackside.sync import engine
from rackside.sync.errors import Unavailable
from rackside.sync.http import Client
from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from rackside_protocol.sync import SyncRequest
from tests.faults.server import RealServer
from tests.faults.small_disk import fill, make_room, mounted

LONG = "So it goes. " * 1_000
MOST = 60


def propose(store: Store) -> str:
    idea = Propose(id=new_id(), title="A larger disk", body=LONG)
    outbox.put(store, idea)
    return idea.id


def test_a_server_on_a_full_disk_says_so_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with mounted(tmp_path) as disk, RealServer(disk / "server", demo=False) as server, Store.open(home) as store:
        client = Client(server.url, server.token)
        before = propose(store)
        engine.sync(store, client)
        fill(disk)
        written = [propose(store) for _ in range(MOST)]
        with pytest.raises(Unavailable, match=r"The server's disk is full\."):
            engine.sync(store, client)
        assert client.about().name
        assert client.sync(SyncRequest()).channels, "it can still be read"
        make_room(disk)
        engine.sync(store, client)
        server.kill()
        server.start()
        engine.sync(store, Client(server.url, server.token))
        assert not outbox.pending(store)
        assert {before, *written} <= {document for document, _ in documents.everything(store)}
        assert not server.operate("verify")
