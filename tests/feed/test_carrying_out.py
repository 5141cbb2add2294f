"""Invariant 6: an action is carried out once, however often it arrives, and its outcome is remembered."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from django.db import connection

from rackside_protocol.actions import Action
from rackside_protocol.groups import JoinGroup, LeaveGroup
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import Outcome
from rackside_protocol.threads import Ask, Reply, VoteHelpful
from rackside_server.accounts.models import Member
from rackside_server.feed import handlers
from rackside_server.feed.handlers import carry_out, carry_out_all
from rackside_server.feed.models import Channel, ReceivedAction
from rackside_server.threads.models import Post, Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor


def ask(group: str = OPEN_GROUP, title: str = "Is it the disk?", pk: str = "") -> Ask:
    return Ask(id=pk or new_id(), group=group, title=title, body="It is full.")


def results(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    return [(outcome.result, outcome.reason) for outcome in outcomes]


@pytest.mark.django_db
class TestOnce:
    def test_a_create_that_arrives_twice_makes_one_object(self, alice: Actor) -> None:
        action = ask()
        first, second = carry_out(alice.member, action), carry_out(alice.member, action)
        assert (first.result, second.result) == ("done", "already")
        assert second.at == first.at
        assert Thread.objects.get().pk == action.id

    def test_twice_in_one_batch_is_twice_too(self, alice: Actor) -> None:
        body = encode(ask())
        assert results(carry_out_all(alice.member, [body, body])) == [("done", ""), ("already", "")]
        assert Thread.objects.count() == 1

    def test_a_refusal_is_remembered_even_when_its_cause_is_gone(self, charlie: Actor) -> None:
        leave, question = LeaveGroup(id=new_id(), group=OPEN_GROUP), ask()
        carry_out(charlie.member, leave)
        refusal = carry_out(charlie.member, question)
        assert refusal.result == "refused"
        assert refusal.message.endswith(".")
        carry_out(charlie.member, JoinGroup(id=new_id(), group=OPEN_GROUP))
        assert carry_out(charlie.member, question) == refusal

    def test_the_same_id_with_another_body_is_a_conflict(self, alice: Actor) -> None:
        action = ask()
        carry_out(alice.member, action)
        other = carry_out(alice.member, ask(title="Is it the memory?", pk=action.id))
        assert (other.result, other.reason) == ("refused", "conflict")
        assert Thread.objects.get().title == action.title

    def test_an_id_is_its_members_own(self, alice: Actor, bob: Actor) -> None:
        leave = LeaveGroup(id=new_id(), group=OPEN_GROUP)
        assert carry_out(alice.member, leave).result == "done"
        assert carry_out(bob.member, leave).result == "done"

    def test_an_outcome_says_where_its_effects_stand_in_the_members_channels_only(
        self, alice: Actor, bob: Actor
    ) -> None:
        question = ask()
        carry_out(alice.member, question)
        heads = dict(Channel.objects.values_list("name", "head"))
        vote = VoteHelpful(id=new_id(), item=question.id, item_kind="thread", on=True)
        places = {at.channel: at.version for at in carry_out(bob.member, vote).at}
        moved = {name: head for name, head in Channel.objects.values_list("name", "head") if head != heads[name]}
        assert f"me:{alice.id}" in moved
        del moved[f"me:{alice.id}"]
        assert places == moved


@pytest.mark.django_db
class TestOneBadApple:
    def test_an_unknown_action_is_refused_and_the_others_are_carried_out(self, alice: Actor) -> None:
        unknown = msgspec.json.encode({"kind": "chapters.found", "id": new_id()})
        outcomes = carry_out_all(alice.member, [unknown, encode(ask())])
        assert results(outcomes) == [("refused", "unknown_action"), ("done", "")]

    @pytest.mark.parametrize("body", [b"[]", b"{}", b"nonsense", b'{"id": "short", "kind": "x"}', b"\xff\xfe"])
    def test_what_cannot_be_read_is_refused(self, body: bytes, alice: Actor) -> None:
        assert results(carry_out_all(alice.member, [body, encode(ask())])) == [("refused", "malformed"), ("done", "")]

    def test_what_breaks_the_schema_is_refused_with_a_sentence(self, alice: Actor) -> None:
        wrong: dict[str, Any] = {**msgspec.json.decode(encode(ask())), "title": "x"}
        outcome = carry_out_all(alice.member, [msgspec.json.encode(wrong)])[0]
        assert (outcome.result, outcome.reason) == ("refused", "invalid")
        assert "title" in outcome.message

    def test_a_fault_in_one_handler_loses_nothing_and_is_tried_again(
        self, alice: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def breaks(member: Member, _action: Action) -> None:
            Thread.objects.filter(author=member).update(title="half done")
            raise ZeroDivisionError

        faulty = JoinGroup(id=new_id(), group=OPEN_GROUP)
        with monkeypatch.context() as patched:
            patched.setitem(handlers._handlers, JoinGroup, breaks)
            outcomes = carry_out_all(alice.member, [encode(ask()), encode(faulty), encode(ask())])
        assert results(outcomes) == [("done", ""), ("refused", "failed"), ("done", "")]
        assert not Thread.objects.filter(title="half done").exists()
        assert [record.levelname for record in caplog.records] == ["ERROR"]
        caplog.clear()
        assert carry_out(alice.member, faulty).result == "done"

    def test_what_a_stranger_may_not_see_is_refused_like_what_is_not_there(self, alice: Actor, charlie: Actor) -> None:
        secret = ask(PRIVATE_GROUP)
        carry_out(alice.member, secret)
        real = carry_out(charlie.member, Reply(id=new_id(), thread=secret.id, body="Let me in."))
        invented = carry_out(charlie.member, Reply(id=new_id(), thread=new_id(), body="Let me in."))
        assert (real.result, real.reason, real.message) == ("refused", invented.reason, invented.message)


@pytest.mark.django_db(transaction=True)
def test_an_action_that_arrives_twice_at_the_same_time_is_carried_out_once(alice: Actor) -> None:
    question = ask()
    carry_out(alice.member, question)
    body = encode(Reply(id=new_id(), thread=question.id, body="Look at the open files."))

    def send(_: int) -> str:
        outcome = carry_out_all(alice.member, [body])[0]
        connection.close()
        return outcome.result

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == ["already", "already", "already", "done"]
    assert Post.objects.count() == 1
    assert ReceivedAction.objects.filter(action_id=msgspec.json.decode(body)["id"]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_members_who_write_to_each_other_crosswise_all_succeed(alice: Actor, bob: Actor) -> None:
    """Batches that touch the same threads in opposite order: no deadlock reaches anybody."""
    mine, hers = ask(), ask()
    carry_out(alice.member, mine)
    carry_out(bob.member, hers)

    def reply(actor: Actor, threads: list[str]) -> list[str]:
        bodies = [encode(Reply(id=new_id(), thread=each, body="And so?")) for each in threads * 5]
        outcomes = carry_out_all(actor.member, bodies)
        connection.close()
        return [outcome.result for outcome in outcomes]

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(reply, alice, [mine.id, hers.id])
        other = pool.submit(reply, bob, [hers.id, mine.id])
        assert set(one.result(60) + other.result(60)) == {"done"}
    assert Post.objects.count() == 20
