"""A console finds the answers of the pack by alert and by words, and takes the thread itself where it holds it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rackside.answers.context import KIND_WORDS, from_alert, from_text
from rackside.answers.data import find_answers
from rackside.answers.first_steps import is_first_steps
from rackside.store import Store
from rackside.watch import limits
from rackside_protocol.answers import ALERT_KINDS, PackedAnswer, packed_answer_id
from rackside_protocol.groups import Membership
from rackside_protocol.queries import Query
from rackside_protocol.threads import Post, Thread
from rackside_ranking.quality import Answer
from tests.store.pages import ALICE, fill, number, post, thread

DISK = "disk.used/ext4/"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


def packed(question: Thread, *posts: Post) -> PackedAnswer:
    return PackedAnswer(id=packed_answer_id(question.id), thread=question, posts=list(posts))


def question(value: int, **changes: object) -> Thread:
    return thread(value, "The log ate the disk", signature=DISK, replies=1, accepted=number(value + 100), **changes)


def answer(value: int) -> Post:
    return post(value + 100, value, "Rotate it with logrotate.", accepted=True, helpful=3)


def test_every_alert_that_can_be_raised_has_words_and_room_in_the_pack() -> None:
    raised = {rule.kind for rule in limits.RULES} | {kind for kind, _, _ in limits.FILLING} | {"rtt"}
    assert raised <= ALERT_KINDS
    assert set(KIND_WORDS) == ALERT_KINDS


def of_peers(store: Store, query: Query) -> list[Answer]:
    """What is found, without the cards that come with the program."""
    return [each for each in find_answers(store, query) if not is_first_steps(each.thread)]


def test_an_alert_finds_an_answer_of_a_group_that_is_not_followed_and_says_so(store: Store) -> None:
    fill(store, packed(question(1), answer(1)), channel="answers")
    found = of_peers(store, from_alert(DISK, "/var is 92 % full"))
    assert [each.thread.id for each in found] == [number(1)]
    assert found[0].why[0] == "same alert"
    assert "3 found it helpful" in found[0].why
    assert found[0].why[-1] == "not in your groups"


def test_words_of_a_packed_answer_are_found(store: Store) -> None:
    fill(store, packed(question(1), answer(1)), channel="answers")
    assert [each.thread.id for each in of_peers(store, from_text("logrotate"))] == [number(1)]
    assert of_peers(store, from_text("quetzal")) == []


def test_a_thread_that_is_held_stands_once_and_as_it_is_held(store: Store) -> None:
    fill(store, packed(question(1), answer(1)), channel="answers")
    fill(store, question(1, me_too=7), answer(1), Membership(id=number(9), group="linux"))
    for query in (from_alert(DISK, "/var is 92 % full"), from_text("logrotate")):
        found = of_peers(store, query)
        assert [each.thread.me_too for each in found] == [7]
        assert "not in your groups" not in found[0].why


def test_a_packed_answer_of_a_followed_group_is_not_called_foreign(store: Store) -> None:
    fill(store, Membership(id=number(9), group="linux"), channel=f"me:{ALICE}")
    fill(store, packed(question(1), answer(1)), channel="answers")
    assert "not in your groups" not in of_peers(store, from_alert(DISK, "/var is 92 % full"))[0].why
