"""Answers are found on the server as on the console, of what the member may see."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec
import pytest
from django.test import Client

from rackside_protocol.ids import new_id
from rackside_protocol.queries import FoundAnswers, Query
from rackside_protocol.registry import encode
from rackside_protocol.threads import Ask, EditThread, Reply
from rackside_ranking.context import from_question
from rackside_server.answers import actions, search
from rackside_server.answers.models import StoredSegment
from rackside_server.answers.search import find
from rackside_server.feed.limits import lifted
from rackside_server.threads.models import Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

pytestmark = pytest.mark.django_db


def ask(actor: Actor, title: str, *, group: str = OPEN_GROUP) -> str:
    action = Ask(id=new_id(), group=group, title=title, body="It happens since Monday.")
    with lifted():
        assert actor.does(action).result == "done"
    return action.id


def titles(actor: Actor, text: str) -> list[str]:
    return [each.answer.thread.title for each in find(actor.member, from_question(text), limit=5)]


Settle: TypeAlias = Callable[[], object]


@pytest.fixture(params=["waiting", "indexed"])
def settle(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settle:
    """Return what is done after writing: nothing, or the hourly work, without which then nothing is found."""
    if request.param == "waiting":
        return lambda: None
    monkeypatch.setattr(search, "LOOKED_THROUGH", 0)
    return actions.index_all


def test_a_question_finds_the_thread_and_says_why(alice: Actor, bob: Actor, settle: Settle) -> None:
    thread = ask(alice, "The zebra printer eats labels")
    for number in range(5):
        ask(alice, f"Router {number} is slow")
    with lifted():
        bob.does(Reply(id=new_id(), thread=thread, body="Clean its sensor."))
    settle()
    (found,) = find(bob.member, from_question("zebra labels"), limit=5)
    assert found.answer.thread.id == thread
    assert [post.body for post in found.answer.posts] == ["Clean its sensor."]
    assert found.why[-1] == "mentions zebra, labels"
    assert titles(bob, "sensor") == ["The zebra printer eats labels"]


def test_a_private_groups_threads_are_found_by_its_members_only(alice: Actor, charlie: Actor, settle: Settle) -> None:
    ask(alice, "The zebra contract", group=PRIVATE_GROUP)
    ask(alice, "The zebra printer")
    settle()
    assert set(titles(alice, "zebra")) == {"The zebra contract", "The zebra printer"}
    assert titles(charlie, "zebra") == ["The zebra printer"]


def test_an_edit_is_found_by_its_new_words_only(alice: Actor, settle: Settle) -> None:
    thread = ask(alice, "The zebra printer")
    settle()
    with lifted():
        alice.does(EditThread(id=new_id(), thread=thread, title="The lion printer", body="It roars."))
    assert titles(alice, "zebra") == []
    settle()
    assert titles(alice, "zebra") == []
    assert titles(alice, "lion") == ["The lion printer"]


def test_a_duplicate_stands_as_what_it_duplicates_unless_that_is_hidden(alice: Actor, charlie: Actor) -> None:
    hidden, shown = ask(alice, "Labels are eaten", group=PRIVATE_GROUP), ask(alice, "The zebra printer")
    Thread.objects.filter(pk=shown).update(duplicate_of=hidden)
    assert titles(alice, "zebra printer")[0] == "Labels are eaten"
    assert titles(charlie, "zebra printer") == ["The zebra printer"]


def test_small_segments_become_one(alice: Actor) -> None:
    for number in range(6):
        ask(alice, f"Router {number} is slow")
        assert actions.index_all() == 1
    assert sum(StoredSegment.objects.values_list("documents", flat=True)) == 6
    assert StoredSegment.objects.count() <= 3
    assert actions.index_all() == 0


def test_the_address_takes_a_query_of_who_is_signed_in(alice: Actor, client: Client) -> None:
    ask(alice, "The zebra printer")
    body = encode(from_question("zebra"))
    sent = {"data": body, "content_type": "application/json"}
    response = client.post("/api/answers", **sent, headers={"Authorization": f"Bearer {alice.token}"})
    assert [each.answer.thread.title for each in msgspec.json.decode(response.content, type=FoundAnswers).answers] == [
        "The zebra printer"
    ]
    assert client.post("/api/answers", **sent).status_code == 401


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "question", "words": ["a"], "weights": []},
        {"kind": "question", "words": ["a"], "weights": [1], "pairs": [[0, 1]], "pair_weights": [1]},
        {"kind": "question", "words": ["a"], "weights": [1e400]},
        {"kind": "poem", "words": [], "weights": []},
        {"kind": "question", "words": ["a"] * 65, "weights": [1] * 65},
    ],
)
def test_a_query_that_is_none_is_refused(broken: dict[str, object], alice: Actor, client: Client) -> None:
    body = msgspec.json.encode(broken).replace(b"null", b"1e400")
    headers = {"Authorization": f"Bearer {alice.token}"}
    response = client.post("/api/answers", data=body, content_type="application/json", headers=headers)
    assert response.status_code == 400


def test_a_query_of_nothing_finds_nothing(alice: Actor) -> None:
    ask(alice, "The zebra printer")
    assert find(alice.member, Query(kind="question", words=(), weights=()), limit=5) == []
