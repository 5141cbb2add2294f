"""Several processes of one server on PostgreSQL: consoles that sync through any of them hold the same feed."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine
from rackside.sync.errors import Unavailable
from rackside.sync.http import Client
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import NewsRequest, SyncRequest
from rackside_protocol.threads import Ask
from tests.postgres.cluster import HOST, Cluster
from tests.postgres.people import SLUG
from tests.postgres.servers import Server, populate

CONSOLES, ASKS = 4, 5
GRANIANS_OWN_LIMIT = 1_024
LONG_S = 60
ROWS = """
    SELECT name, object_id FROM feed_feedrow JOIN feed_channel ON feed_channel.id = channel_id
    WHERE payload IS NOT NULL AND name LIKE 'group:%'
"""


@pytest.fixture(scope="module")
def people(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Members who follow one group."""
    return populate(tmp_path_factory.mktemp("people"), cluster.url, 1, CONSOLES)


@pytest.fixture
def server(cluster: Cluster, people: list[dict[str, str]], tmp_path: Path) -> Iterator[Server]:  # noqa: ARG001 - theirs are the tables
    """A server of three processes."""
    with Server(tmp_path / "server", cluster.url, workers=3) as running:
        yield running


def rows(cluster: Cluster) -> set[tuple[str, str]]:
    """What the feed holds: channels and ids."""
    return {(name, key) for name, key in (line.split("|") for line in cluster.sql(ROWS))}


def work(server: Server, home: Path, token: str) -> None:
    """Write and sync as one console does, on a new connection each time, and so through any process."""
    home.mkdir()
    with Store.open(home) as store:
        for number in range(ASKS):
            client = Client(server.url, token)
            outbox.put(store, Ask(id=new_id(), group=SLUG.format(0), title=f"Degraded array, case {number}", body="?"))
            engine.sync(store, client)
            client.close()


def test_consoles_that_sync_through_any_process_hold_the_same_feed(
    cluster: Cluster, server: Server, people: list[dict[str, str]], tmp_path: Path
) -> None:
    before = rows(cluster)
    homes = [tmp_path / f"console-{number}" for number in range(CONSOLES)]
    works = [Thread(target=work, args=(server, home, each["token"])) for home, each in zip(homes, people, strict=True)]
    for each in works:
        each.start()
    for each in works:
        each.join(LONG_S)
    there = rows(cluster)
    assert len([name for name, _ in there - before if name == f"group:{SLUG.format(0)}"]) == CONSOLES * ASKS
    for home, person in zip(homes, people, strict=True):
        with ExitStack() as stack:
            store = stack.enter_context(Store.open(home))
            client = Client(server.url, person["token"])
            stack.callback(client.close)
            engine.sync(store, client)
            held = {(channel, key) for key, channel in documents.everything(store) if channel.startswith("group:")}
            assert held == there
            assert outbox.count(store, "queued") == 0
            assert mirror.is_intact(store, lambda: False)


def test_what_is_written_through_one_process_wakes_who_waits_at_another(
    server: Server, people: list[dict[str, str]], tmp_path: Path
) -> None:
    """Eight wait, over three processes: whoever takes the action, most of them wait elsewhere."""
    first = Client(server.url, people[0]["token"])
    known = first.news({}).heads
    first.close()
    woken: list[dict[str, int]] = []

    def wait() -> None:
        client = Client(server.url, people[0]["token"])
        woken.append(client.news(known).heads)
        client.close()

    waits = [Thread(target=wait) for _ in range(8)]
    for each in waits:
        each.start()
    work(server, tmp_path / "writer", people[1]["token"])
    for each in waits:
        each.join(LONG_S)
    assert len(woken) == 8
    assert all(woken)


def test_while_the_database_is_away_consoles_are_told_so_and_then_go_on(programs: None, tmp_path: Path) -> None:  # noqa: ARG001 - it skips
    with ExitStack() as stack:
        cluster = stack.enter_context(Cluster("fsync=off")).create()
        [person] = populate(tmp_path / "server", cluster.url, 1, 1)
        server = stack.enter_context(Server(tmp_path / "server", cluster.url))
        client = Client(server.url, person["token"])
        stack.callback(client.close)
        asks = (lambda: client.sync(SyncRequest()), lambda: client.news({}))
        for ask in asks:
            ask()
        cluster.kill()
        for ask in asks:
            with pytest.raises(Unavailable, match="The server's database does not answer now"):
                ask()
        cluster.start()
        for ask in asks * 4:  # whatever process and thread takes it
            ask()


def test_more_consoles_than_granian_lets_in_by_itself_shut_nobody_out(
    cluster: Cluster, people: list[dict[str, str]], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(Server(tmp_path / "server", cluster.url, workers=1))
        known = Client(server.url, people[0]["token"]).news({}).heads
        body = encode(NewsRequest(heads=known))
        head = f"POST /api/news HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {people[0]['token']}\r\n"
        for _ in range(GRANIANS_OWN_LIMIT + 20):
            waiting = stack.enter_context(socket.create_connection((HOST, server.port), timeout=LONG_S))
            waiting.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert server.is_up()
