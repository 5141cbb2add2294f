"""An answer shows one moment: what moves between channels while it is read is in one of them, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import msgspec
import pytest
from django.db import connection

from rackside_server.feed.publish import move, publish
from rackside_server.feed.pull import pages
from tests.feed.test_publishing import document
from tests.kernel.cast import OPEN_GROUP, Actor

MOVES = 60


@pytest.mark.django_db(transaction=True)
def test_what_moves_between_channels_is_seen_once_at_every_moment(alice: Actor) -> None:
    here, there = "public", f"group:{OPEN_GROUP}"
    wandering = document()
    publish(wandering, here)
    done = Event()

    def wander() -> None:
        for number in range(MOVES):
            move(wandering, *((here, there) if number % 2 == 0 else (there, here)))
        connection.close()

    def look() -> set[int]:
        counts = set()
        while not done.is_set():
            rows = [row for page in pages(alice.member, [], []) for row in page.rows]
            counts.add(sum(row.id == wandering.id and row.document is not msgspec.UNSET for row in rows))
        connection.close()
        return counts

    with ThreadPoolExecutor(2) as pool:
        looking = pool.submit(look)
        try:
            pool.submit(wander).result(60)
        finally:
            done.set()
        assert looking.result(60) == {1}
