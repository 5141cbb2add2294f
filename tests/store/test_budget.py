"""The mirror keeps within its budget: the oldest threads go, with their posts and their words, and one's own stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from rackside.store import Store, budget, documents, local, mirror, outbox, pins, search
from rackside.watch.model import Alert
from rackside_protocol.threads import Post, Reply, Thread
from tests.store.pages import ALICE, cursor, fill, gone, number, page, post, row, thread

BOB = number(0xB0B)
PLENTY = 2**40
WORDS = "lorem ipsum dolor sit amet " * 40


def filled(store: Store) -> int:
    """Fill the mirror with 200 threads of bob, oldest first, two of alice, and a post in each; return its size."""
    for value in range(1, 203):
        author = ALICE if value in {1, 100} else BOB
        fill(store, thread(value, f"Word{value}", body=WORDS, author=author), post(1_000 + value, value, WORDS))
    return budget.used_bytes(store)


def test_within_the_budget_nothing_goes(store: Store) -> None:
    assert budget.trim(store, filled(store), keep=ALICE) == 0


def test_the_oldest_go_with_posts_and_words_until_it_fits_and_ones_own_stay(store: Store) -> None:
    size = filled(store)
    at = cursor(store)
    gone = budget.trim(store, size // 2, keep=ALICE)
    assert gone > 100
    assert budget.used_bytes(store) < size * 0.65
    held = {int(each.id, 16) for each in documents.of_kind(store, Thread, limit=1_000)}
    assert {1, 100, 202} <= held
    bobs = sorted(held - {1, 100})
    assert bobs == list(range(bobs[0], 203)), "the newest are held without a gap"
    assert {int(each.thread, 16) for each in documents.of_kind(store, Post, limit=1_000)} == held
    assert search.match(store, '"word2"', kinds=("thread",)) == []
    assert [hit.id for hit in search.match(store, '"word202"', kinds=("thread",))] == [number(202)]
    assert cursor(store) == at
    assert mirror.is_intact(store)


def test_a_thread_that_changes_later_comes_back(store: Store) -> None:
    size = filled(store)
    budget.trim(store, size // 2, keep=ALICE)
    at = cursor(store)
    again = thread(2, "Word2", author=BOB)
    mirror.apply_pages(store, [page([row(at.version + 1, again)], at.version + 1)], [at])
    assert documents.get(store, number(2)) == again


def test_what_was_trimmed_still_counts_in_the_digest_of_its_channel(tmp_path: Path) -> None:
    digests = []
    for name, budget_bytes in (("all", 2**30), ("little", 1)):
        with Store.open(tmp_path / name) as store:
            filled(store)
            assert bool(budget.trim(store, budget_bytes, keep=ALICE)) == (name == "little")
            at = cursor(store)
            changed = [row(at.version + 1, thread(2, "Word2", author=BOB)), gone(at.version + 2, 3)]
            mirror.apply_pages(store, [page(changed, at.version + 2)], [at])
            assert mirror.is_intact(store)
            digests.append(mirror.digests(store))
    assert digests[0] == digests[1]


class TestWhatStays:
    """Of 30 days, in a mirror whose newest thread is from day 100, with one thread a day."""

    @pytest.fixture(autouse=True)
    def _fill(self, store: Store) -> None:
        for day in range(1, 101):
            asked = thread(day, "A title", author=BOB, signature="dns//", created_ms=day * budget.DAY_MS)
            fill(store, asked, post(1_000 + day, day))

    def held(self, store: Store) -> list[int]:
        return sorted(int(each.id, 16) for each in documents.of_kind(store, Thread, limit=1_000))

    def trim(self, store: Store) -> int:
        return budget.trim(store, PLENTY, keep=ALICE, days=30)

    def test_threads_of_the_last_days_stay_and_older_ones_go_with_their_posts(self, store: Store) -> None:
        assert self.trim(store) == 2 * 69
        assert self.held(store) == list(range(70, 101))
        assert {int(each.thread, 16) for each in documents.of_kind(store, Post, limit=1_000)} == set(range(70, 101))
        assert self.trim(store) == 0
        assert mirror.is_intact(store)

    def test_no_days_keep_all(self, store: Store) -> None:
        assert budget.trim(store, PLENTY, keep=ALICE, days=0) == 0

    def test_pinned_threads_stay_whatever_the_budget(self, store: Store) -> None:
        pins.pin(store, number(3), on=True)
        pins.pin(store, number(4), on=True)
        pins.pin(store, number(4), on=False)
        budget.trim(store, 1, keep=ALICE, days=30)
        assert self.held(store) == [3]
        assert [int(each.thread, 16) for each in documents.of_kind(store, Post)] == [3]

    def test_threads_that_are_written_in_stay(self, store: Store) -> None:
        outbox.save_draft(store, f"reply:{number(5)}", "I had the same, and")
        outbox.put(store, Reply(id=number(9_000), thread=number(6), body="So did I."))
        self.trim(store)
        assert self.held(store) == [5, 6, *range(70, 101)]

    def test_threads_that_answer_an_open_alert_stay(self, store: Store) -> None:
        fill(store, thread(2_000, "Full", author=BOB, signature="disk.used//", created_ms=budget.DAY_MS))
        raised = Alert(
            id=number(7),
            kind="disk.used",
            component="/srv",
            severity="critical",
            summary="/srv is 98 % full",
            signature="disk.used//",
            reading="disk.used /srv",
            value=98.0,
            raised_at_s=1.0,
        )
        local.put_alert(store, raised)
        self.trim(store)
        assert self.held(store) == [*range(70, 101), 2_000]
        local.put_alert(store, replace(raised, cleared_at_s=2.0))
        self.trim(store)
        assert self.held(store) == list(range(70, 101))


def test_freeing_space_makes_the_file_smaller_and_leaves_the_mirror_whole(store: Store) -> None:
    size = filled(store)
    file = store.folder / "cache.db"
    store.cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.stat().st_size
    freed = budget.free_space(store, size // 2, keep=ALICE)
    assert 0 < freed <= before - file.stat().st_size
    assert file.stat().st_size < before * 0.8
    assert mirror.is_intact(store)


def test_a_pin_is_there_when_the_store_is_opened_again(store: Store) -> None:
    pins.pin(store, number(1), on=True)
    pins.pin(store, number(1), on=True)
    with Store.open(store.folder) as again:
        assert pins.pinned(again) == [number(1)]
        assert pins.is_pinned(again, number(1))
        assert not pins.is_pinned(again, number(2))
