"""Whom a new question goes to: who verified a fix for its alert, who answers its topic; seldom, and not who minds."""

from collections.abc import Iterator

import pytest

from rackside_protocol.answers import DismissHelpWanted, HelpWanted, ReportOutcome
from rackside_protocol.groups import LeaveGroup
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Accept, Ask, Delete, Reply
from rackside_server.answers import rules
from rackside_server.feed.limits import lifted
from rackside_server.feed.verify import differences, in_feed
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

pytestmark = pytest.mark.django_db
DISK = "disk.used/ext4/"


@pytest.fixture(autouse=True)
def _no_limits() -> Iterator[None]:
    with lifted():
        yield


def asks(actor: Actor, *, tags: tuple[str, ...] = (), signature: str = "", group: str = OPEN_GROUP) -> str:
    ask = Ask(id=new_id(), group=group, title="The disk is full", body="It is.", tags=list(tags), signature=signature)
    assert actor.does(ask).result == "done"
    return ask.id


def solves(asker: Actor, answerer: Actor, thread: str) -> str:
    reply = Reply(id=new_id(), thread=thread, body="Look at the open files.")
    assert answerer.does(reply).result == "done"
    assert asker.does(Accept(id=new_id(), thread=thread, post=reply.id)).result == "done"
    return reply.id


def invited(thread: str) -> dict[str, tuple[str, str]]:
    """Say who is asked to look at a question, and why."""
    assert list(differences()) == []
    held = [(channel, each) for (channel, _), each in in_feed().items() if isinstance(each, HelpWanted)]
    return {channel: (each.why, each.about) for channel, each in held if each.thread == thread}


def test_who_verified_a_fix_is_asked(alice: Actor, bob: Actor, charlie: Actor) -> None:
    post = solves(alice, bob, asks(alice, signature=DISK))
    charlie.does(ReportOutcome(id=new_id(), signature=DISK, post=post, cleared=True, stayed_h=24))
    assert invited(asks(alice, signature=DISK)) == {f"me:{charlie.id}": ("verified", DISK)}


def test_who_reported_that_it_did_not_help_is_not_asked(alice: Actor, bob: Actor, charlie: Actor) -> None:
    post = solves(alice, bob, asks(alice, signature=DISK))
    charlie.does(ReportOutcome(id=new_id(), signature=DISK, post=post, cleared=False))
    assert invited(asks(alice, signature=DISK)) == {}


def test_whose_answers_on_the_topic_were_accepted_is_asked(alice: Actor, bob: Actor, charlie: Actor) -> None:
    solves(alice, bob, asks(alice, tags=("zfs", "nfs")))
    assert invited(asks(charlie, tags=("zfs",))) == {f"me:{bob.id}": ("topic", "zfs")}
    assert invited(asks(charlie, tags=("cisco",))) == {}
    assert invited(asks(charlie)) == {}
    assert invited(asks(bob, tags=("zfs",))) == {}


def test_who_does_not_follow_the_group_is_not_asked(alice: Actor, bob: Actor) -> None:
    solves(alice, bob, asks(alice, tags=("zfs",), group=PRIVATE_GROUP))
    bob.does(LeaveGroup(id=new_id(), group=PRIVATE_GROUP))
    assert invited(asks(alice, tags=("zfs",), group=PRIVATE_GROUP)) == {}


def test_nobody_is_asked_more_than_a_few_times_a_week(alice: Actor, bob: Actor, charlie: Actor) -> None:
    solves(alice, bob, asks(alice, tags=("zfs",)))
    threads = [asks(charlie, tags=("zfs",)) for _ in range(rules.INVITATIONS_A_WEEK + 1)]
    assert [len(invited(each)) for each in threads] == [1] * rules.INVITATIONS_A_WEEK + [0]


def test_who_puts_several_aside_is_left_alone(
    alice: Actor, bob: Actor, charlie: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "INVITATIONS_A_WEEK", 100)
    solves(alice, bob, asks(alice, tags=("zfs",)))
    for _ in range(rules.ASIDE_IN_A_ROW):
        thread = asks(charlie, tags=("zfs",))
        assert bob.does(DismissHelpWanted(id=new_id(), thread=thread)).result == "done"
        assert invited(thread) == {}
    assert bob.does(DismissHelpWanted(id=new_id(), thread=thread)).reason == "gone"
    assert invited(asks(charlie, tags=("zfs",))) == {}


@pytest.mark.parametrize("end", ["replied", "accepted", "deleted"])
def test_an_invitation_ends_with_its_reason(end: str, alice: Actor, bob: Actor, charlie: Actor) -> None:
    solves(alice, bob, asks(alice, tags=("zfs",)))
    thread = asks(charlie, tags=("zfs",))
    assert invited(thread)
    match end:
        case "replied":
            bob.does(Reply(id=new_id(), thread=thread, body="Which version?"))
        case "accepted":
            solves(charlie, alice, thread)
        case _:
            charlie.does(Delete(id=new_id(), item=thread, item_kind="thread"))
    assert invited(thread) == {}


def test_a_how_to_asks_nobody_and_accepts_nothing(alice: Actor, bob: Actor) -> None:
    solves(alice, bob, asks(alice, tags=("zfs",)))
    how_to = Ask(id=new_id(), group=OPEN_GROUP, title="Grow a pool", body="1. Look.", tags=["zfs"], how_to=True)
    assert alice.does(how_to).result == "done"
    assert invited(how_to.id) == {}
    reply = Reply(id=new_id(), thread=how_to.id, body="Works.")
    bob.does(reply)
    assert alice.does(Accept(id=new_id(), thread=how_to.id, post=reply.id)).reason == "how_to"
