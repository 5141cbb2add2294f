"""Search: everything that is held is found, offline, and no text that is typed is anything but words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rackside.store import Store, search
from tests.store.pages import fill, number, post, thread


def found(store: Store, text: str) -> list[int]:
    return [int(hit.id, 16) for hit in search.find(store, text)]


def test_words_are_found_in_titles_bodies_and_tags(store: Store) -> None:
    fill(store, thread(1, "Printer on fire"), thread(2, body="The printer"), thread(3, tags=["printer"]), post(4, 1))
    assert set(found(store, "printer")) == {1, 2, 3}
    assert found(store, "printer fire") == [1]


def test_the_last_word_is_found_while_it_is_typed(store: Store) -> None:
    fill(store, thread(1, "Certificate expired"))
    assert found(store, "expired certif") == [1]
    assert found(store, "certif expired") == [1], "falls back to any of the words"
    assert found(store, "nothing like it") == []


def test_a_word_in_the_title_counts_more_than_one_in_the_body(store: Store) -> None:
    fill(store, thread(1, body="dns " + "words " * 20), thread(2, "dns", body="words " * 20), thread(3), thread(4))
    assert found(store, "dns") == [2, 1]


def test_kinds_can_be_chosen_and_hits_limited(store: Store) -> None:
    fill(store, *(post(value, 1, "kernel panic") for value in range(2, 30)), thread(1, "kernel panic"))
    hits = search.find(store, "kernel", kinds=["post"], limit=5)
    assert [hit.kind for hit in hits] == ["post"] * 5
    assert search.match(store, "") == []


def test_an_edit_is_found_by_its_new_words_only(store: Store) -> None:
    fill(store, thread(1, "Zebra crossing"))
    fill(store, thread(1, "Giraffe crossing"))
    assert found(store, "zebra") == []
    assert found(store, "giraffe") == [1]
    assert number(1) == search.find(store, "crossing")[0].id


@pytest.mark.parametrize(
    "text", ['"', "AND", "a OR", "NEAR(", "title:", "x*", "-y", "^z", "'; DROP TABLE documents", "\0"]
)
def test_operators_are_words(store: Store, text: str) -> None:
    fill(store, thread(1, "Plain"))
    search.find(store, text)


@settings(deadline=None, max_examples=100)
@given(text=st.text(max_size=60))
def test_no_text_is_an_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with Store.open(tmp_path_factory.getbasetemp() / "search") as store:
        search.find(store, text)
