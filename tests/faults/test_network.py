"""Each fault of the network by itself, at every other request, against the real server: nothing lost, nothing twice."""

from collections import Counter
from pathlib import Path

import pytest

from rackside.store import Store, documents, outbox
from rackside.sync import engine, http
from rackside.sync.errors import SyncError
from rackside_protocol.ideas import Propose
from rackside_protocol.ids import new_id
from tests.faults.network import FAULTS
from tests.faults.proxy import Proxy
from tests.faults.server import RealServer

ACTIONS = 4
ATTEMPTS = 100
IMPATIENT_S = 0.3


@pytest.fixture(autouse=True)
def an_impatient_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_TIMEOUT_S", IMPATIENT_S)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_loses_and_doubles_nothing(name: str, server: RealServer, tmp_path: Path) -> None:
    written = []
    with Proxy(server.port, {name: (0.5, FAULTS[name][1])}, seed=3) as proxy, Store.open(tmp_path) as store:
        for number in range(ACTIONS):
            action = Propose(id=new_id(), title=f"Idea {number} under {name}", body="It is all the same to me.")
            outbox.put(store, action)
            written.append(action.id)
            sync_as_often_as_it_takes(store, proxy, server)
        assert proxy.happened[name], "it never came about"
        assert not outbox.pending(store)
        held = Counter(document for document, _ in documents.everything(store))
        assert [held[each] for each in written] == [1] * ACTIONS
        channels = {each.name for each in documents.channels(store)}
    there = Counter(document for name, _, _, document, alive in server.feed() if alive and name in channels)
    assert held == there


def sync_as_often_as_it_takes(store: Store, proxy: Proxy, server: RealServer) -> None:
    """Sync until it goes well, with a new client each time, as the loop does."""
    for _ in range(ATTEMPTS):
        client = http.Client(proxy.url, server.token)
        try:
            engine.sync(store, client)
        except SyncError:
            continue
        else:
            return
        finally:
            client.close()
    pytest.fail("it never went well")
