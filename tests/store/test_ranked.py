"""The index of answers follows the mirror: what is new is found at once, what changed or went is not found any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rackside.answers.context import from_text
from rackside.answers.data import find_answers
from rackside.store import Store, mirror, ranked, rows
from rackside.store.ranked import MirrorIndex, index_some
from rackside_protocol.documents import Document
from rackside_protocol.threads import Thread
from rackside_ranking.ranking import search
from tests.store.pages import fill, number, post, thread

WORDS = ("kernel", "printer", "router", "certificate", "journal", "backup", "switch", "database")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def threads(count: int) -> list[Document]:
    return [thread(at, f"The {WORDS[at % len(WORDS)]} number n{at} fails") for at in range(1, count + 1)]


def index_all(store: Store) -> None:
    while index_some(store):
        pass


def found(store: Store, text: str) -> list[str]:
    return [str(match.problem) for match in search(MirrorIndex(store), from_text(text), limit=5)]


def test_what_waits_is_found_as_what_is_indexed(store: Store) -> None:
    fill(store, *threads(40))
    before = search(MirrorIndex(store), from_text("router n11"), limit=10)
    index_all(store)
    assert [match.problem for match in search(MirrorIndex(store), from_text("router n11"), limit=10)] == [
        match.problem for match in before
    ]
    assert before[0].problem == number(11)


def test_an_edit_is_found_by_its_new_words_only(store: Store) -> None:
    fill(store, *threads(8))
    index_all(store)
    fill(store, thread(3, "The zebra crossing fails"))
    for _ in range(2):
        assert found(store, "zebra") == [number(3)]
        assert found(store, "certificate n3")[:1] != [number(3)]
        index_all(store)


def test_what_went_is_not_found(store: Store) -> None:
    fill(store, *threads(8))
    index_all(store)
    doc = store.cache.execute("SELECT doc FROM documents WHERE id = ?", (bytes.fromhex(number(3)),)).fetchone()["doc"]
    rows.forget(store.cache, [doc])
    assert number(3) not in found(store, "certificate n3")


def test_a_post_is_found_as_its_thread_and_a_duplicate_as_what_it_duplicates(store: Store) -> None:
    fill(store, thread(1, "Mail is slow"), post(101, 1, "Restart postfix-zebra"))
    fill(store, thread(2, "Zebra mail", duplicate_of=number(1)))
    for _ in range(2):
        assert found(store, "zebra") == [number(1)]
        index_all(store)


def test_a_duplicate_of_what_is_not_here_stands_for_itself(store: Store) -> None:
    fill(store, thread(2, "Zebra mail", duplicate_of=number(1)))
    assert found(store, "zebra") == [number(2)]


def test_segments_of_like_size_are_merged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranked, "AT_ONCE", 4)
    fill(store, *threads(64))
    index_all(store)
    sizes = [row[0] for row in store.cache.execute("SELECT documents FROM segments")]
    assert sum(sizes) == 64
    assert len(sizes) <= 5
    assert found(store, "router n11")[0] == number(11)


def test_no_segment_is_left_with_the_words_of_a_channel_that_was_lost(store: Store) -> None:
    fill(store, *threads(8))
    fill(store, thread(99, "The secret zebra"), channel="group:private")
    index_all(store)
    mirror.purge(store, "group:private")
    assert store.cache.execute("SELECT count(*) FROM segments").fetchone()[0] == 0
    assert found(store, "zebra") == []
    assert found(store, "router n3")
    index_all(store)
    assert found(store, "router n3")


@pytest.mark.parametrize("column", ["holders", "impacts", "starts", "terms", "docs"])
def test_a_flipped_bit_of_a_segment_is_seen(store: Store, column: str) -> None:
    fill(store, *threads(40))
    index_all(store)
    assert mirror.is_intact(store)
    blob = bytearray(store.cache.execute(f"SELECT {column} FROM segments").fetchone()[0])  # noqa: S608 - ours
    blob[len(blob) // 2] ^= 1
    store.cache.execute(f"UPDATE segments SET {column} = ?", (bytes(blob),))  # noqa: S608 - ours
    store.cache.commit()
    assert not mirror.is_intact(store)


def test_a_search_writes_nothing(store: Store) -> None:
    fill(store, *threads(40))
    before = store.cache.total_changes
    assert find_answers(store, from_text("router"))
    assert store.cache.total_changes == before
    assert isinstance(find_answers(store, from_text("router"))[0].thread, Thread)
