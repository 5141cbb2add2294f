"""The mirror keeps within its budget: the oldest threads go, with their posts and their words, and one's own stay."""

from rackside.store import Store, budget, documents, mirror, search
from rackside_protocol.threads import Post, Thread
from tests.store.pages import ALICE, cursor, fill, number, page, post, row, thread

BOB = number(0xB0B)
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
