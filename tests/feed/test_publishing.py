"""Invariant 4: per channel, versions are dense in commit order. And what changes twice at once is sent once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from threading import Event

import pytest
from django.db import connection, connections

from rackside_protocol.groups import Group
from rackside_protocol.ids import new_id
from rackside_server.feed import publish as publishing
from rackside_server.feed.models import Channel, FeedRow, VersionTag
from rackside_server.feed.publish import announcing, move, publish, publish_late, withdraw

THREADS = 4
ROUNDS = 25


def document(name: str = "A name", pk: str = "") -> Group:
    return Group(id=pk or new_id(), slug="linux", name=name)


@announcing()
def publish_and_fail() -> None:
    publish(document(), "public")
    raise ZeroDivisionError


def versions(channel: str) -> list[int]:
    return sorted(VersionTag.objects.filter(channel__name=channel).values_list("version", flat=True))


@pytest.mark.django_db
class TestOneTransaction:
    def test_each_change_takes_the_next_version(self) -> None:
        for _ in range(3):
            publish(document(), "public")
        assert versions("public") == [1, 2, 3]
        assert Channel.objects.get(name="public").head == 3

    def test_an_object_that_changes_twice_is_announced_once_as_it_is_last(self) -> None:
        pk = new_id()
        with announcing():
            publish(document("first", pk), "public")
            publish(document("other"), "public")
            publish(document("last", pk), "public")
        rows = FeedRow.objects.filter(channel__name="public").order_by("version")
        assert [b"last" in bytes(row.payload or b"") for row in rows] == [False, True]

    def test_an_edit_leaves_one_row(self) -> None:
        pk = new_id()
        publish(document("first", pk), "public")
        publish(document("second", pk), "public")
        row = FeedRow.objects.get(channel__name="public")
        assert row.version == 2
        assert b"second" in bytes(row.payload or b"")

    def test_what_is_withdrawn_keeps_its_kind_and_loses_its_payload(self) -> None:
        pk = new_id()
        publish(document(pk=pk), "public")
        withdraw(pk, "public")
        row = FeedRow.objects.get(channel__name="public")
        assert (row.version, row.kind, row.payload) == (2, "group", None)

    def test_a_document_that_moves_there_and_back_is_in_one_channel(self) -> None:
        moved = document()
        publish(moved, "public")
        move(moved, "public", "group:linux")
        move(moved, "group:linux", "public")
        present = FeedRow.objects.exclude(payload=None).values_list("channel__name", flat=True)
        assert list(present) == ["public"]
        assert FeedRow.objects.count() == 2

    def test_a_savepoint_that_fails_announces_nothing(self) -> None:
        with announcing():
            publish(document(), "public")
            with pytest.raises(ZeroDivisionError):
                publish_and_fail()
        assert versions("public") == [1]

    def test_a_block_within_another_is_announced_once_with_it(self) -> None:
        with announcing() as outer:
            with announcing():
                publish(document(), "public")
            assert versions("public") == []
            publish(document(), "public")
        assert versions("public") == [1, 2]
        assert len(outer.positions) == 2

    def test_what_is_published_late_is_made_once_at_the_end(self) -> None:
        made: list[str] = []
        late = document()

        def make(when: str) -> Group:
            made.append(when)
            return late

        with announcing():
            publish_late(late.id, "public", partial(make, "first"))
            publish_late(late.id, "public", partial(make, "last"))
            assert made == []
        assert made == ["last"]
        assert versions("public") == [1]

    def test_tags_of_long_past_versions_are_forgotten_but_not_those_of_rows(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(publishing, "TAGS_KEPT", 10)
        monkeypatch.setattr(publishing, "FORGET_EVERY", 5)
        kept, busy = document(), new_id()
        publish(kept, "public")
        for number in range(30):
            publish(document(str(number), busy), "public")
        assert versions("public")[0] == 1
        assert len(versions("public")) <= 17


@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    @pytest.fixture(autouse=True)
    def _closed(self) -> Iterator[None]:
        yield
        connections.close_all()

    def test_versions_are_dense_in_commit_order(self) -> None:
        """A reader that has seen version n never sees a version below it appear later."""
        channels = ["public", "group:linux", "group:network"]

        def write(seed: int) -> None:
            random = Random(seed)  # noqa: S311 - which channel is no secret
            for number in range(ROUNDS):
                with announcing():
                    for name in random.sample(channels, 2):
                        publish(document(str(number)), name)
            connection.close()

        written = Event()

        def read() -> None:
            seen = 0
            while not written.is_set():
                found = versions("public")
                assert found == list(range(1, len(found) + 1))
                assert len(found) >= seen
                seen = len(found)
            connection.close()

        for name in channels:
            publish(document(), name)
        with ThreadPoolExecutor(THREADS + 1) as pool:
            reading = pool.submit(read)
            try:
                for done in [pool.submit(write, seed) for seed in range(THREADS)]:
                    done.result(60)
            finally:
                written.set()
            reading.result(60)
        total = 0
        for name in channels:
            found = versions(name)
            assert found == list(range(1, len(found) + 1))
            assert Channel.objects.get(name=name).head == len(found)
            total += len(found)
        assert total == THREADS * ROUNDS * 2 + len(channels)
