"""News between processes: said after the commit, heard by all, and found by a look when they were not heard."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rackside_server.feed import notify
from rackside_server.feed.doorbell import Doorbell, Heads
from tests.postgres.cluster import HOST, USER, Cluster

LONG_S = 30
SAID_EVERY_S = 0.2
TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"


@pytest.fixture(autouse=True)
def in_the_cluster(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have news go through the cluster, whatever database the tests run on."""
    place = {"host": HOST, "port": cluster.port, "user": USER, "dbname": "postgres"}
    monkeypatch.setattr(notify, "_parameters", lambda: place)


class Database:
    """The heads as the database has them; every look is counted."""

    def __init__(self) -> None:
        self.heads: dict[str, int] = {}
        self.looks = 0

    async def look(self, names: list[str]) -> Heads:
        self.looks += 1
        return {name: self.heads[name] for name in names if name in self.heads}


def told(story: Callable[[Doorbell, notify.Herald, Database], Awaitable[Any]]) -> Any:
    """Run a story of a bell that listens, and of a herald in another process."""
    herald, database = notify.Herald(), Database()

    async def run() -> Any:
        bell = Doorbell(database.look, notify.listen, look_every_s=LONG_S)
        with bell.waiting(["nobody's"], {}):
            await until(lambda: bell.hears)
            return await asyncio.wait_for(story(bell, herald, database), LONG_S)

    try:
        return asyncio.run(run())
    finally:
        herald.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(LONG_S):
        while not true():  # noqa: ASYNC110 - what it waits for is the state of another process
            await asyncio.sleep(0.005)


def test_what_one_process_says_wakes_who_waits_in_another() -> None:
    async def story(bell: Doorbell, herald: notify.Herald, _: Database) -> object:
        with bell.waiting(["public"], {"public": 1}) as waiter:
            herald.say({"public": 2, "staff": 9})
            return await waiter.rung

    assert told(story) == {"public": 2}


def test_heads_of_many_channels_arrive_in_as_few_notes_as_hold_them() -> None:
    heads = {f"me:{number:032x}": number for number in range(1, 1_001)}
    assert 1 < len(notify.notes(heads)) <= notify.MOST_NOTES
    assert all(len(note) < 8_000 for note in notify.notes(heads))

    async def story(bell: Doorbell, herald: notify.Herald, _: Database) -> object:
        last = list(heads)[-1]
        with bell.waiting([last], {}) as waiter:
            herald.say(heads)
            return await waiter.rung == {last: heads[last]}

    assert told(story)


def test_for_more_than_can_be_said_everybody_looks() -> None:
    heads = {f"me:{number:032x}": 1 for number in range(10_000)}

    async def story(bell: Doorbell, herald: notify.Herald, database: Database) -> object:
        with bell.waiting(["public"], {}) as waiter:
            await until(lambda: database.looks > 0)
            database.heads["public"] = 3
            herald.say(heads)
            return await waiter.rung

    assert told(story) == {"public": 3}


def test_a_listening_connection_that_is_killed_is_made_anew_and_what_was_missed_is_looked_for(
    cluster: Cluster,
) -> None:
    async def story(bell: Doorbell, herald: notify.Herald, database: Database) -> object:
        with bell.waiting(["public"], {"public": 1}) as missed:
            database.heads["public"] = 2  # committed, and its note lost with the connection
            assert await asyncio.to_thread(cluster.sql, TERMINATE) == ["t"]
            assert await missed.rung == {"public": 2}
        with bell.waiting(["public"], {"public": 2}) as heard:
            # The bell may not have noticed yet that it lost its connection.
            saying = asyncio.create_task(repeat(lambda: herald.say({"public": 3})))
            try:
                return await heard.rung
            finally:
                saying.cancel()

    assert told(story) == {"public": 3}


async def repeat(say: Callable[[], object]) -> None:
    while True:
        say()
        await asyncio.sleep(SAID_EVERY_S)


def test_a_herald_whose_connection_was_killed_loses_one_note_at_most(
    cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(bell: Doorbell, herald: notify.Herald, _: Database) -> object:
        with bell.waiting(["public"], {}) as first:
            herald.say({"public": 1})
            await first.rung
        notifying = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT'"
        assert await asyncio.to_thread(cluster.sql, notifying) == ["t"]
        with bell.waiting(["public"], {"public": 1}) as second:
            while not second.rung.done():
                herald.say({"public": 2})
                await asyncio.sleep(0.01)
            return second.rung.result()

    assert told(story) == {"public": 2}
    assert "could not be told" in caplog.text


def test_a_twin_that_does_not_look_anew_misses_what_was_said_while_it_was_deaf(cluster: Cluster) -> None:
    """The safety of the first: without the look at a new connection, nothing wakes who waits."""

    class Careless(Doorbell):
        def look_soon(self) -> None:
            """Look never."""

    async def run() -> bool:
        database = Database()
        bell = Careless(database.look, notify.listen, look_every_s=LONG_S)
        with bell.waiting(["public"], {}) as waiter:
            await until(lambda: bell.hears)
            database.heads["public"] = 2
            await asyncio.to_thread(cluster.sql, TERMINATE)
            await until(lambda: not bell.hears)
            await until(lambda: bell.hears)
            await asyncio.sleep(0.2)
            return waiter.rung.done()

    assert not asyncio.run(run())
