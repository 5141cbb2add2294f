"""The answer pack follows the threads: after whatever is done to one, it is what would be chosen anew."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rackside_protocol.actions import Action
from rackside_protocol.answers import ALERT_KINDS, PackedAnswer, alert_kind
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.threads import Accept, Ask, Delete, EditPost, EditThread, MeToo, Reply, VoteHelpful
from rackside_server.answers import actions, rules
from rackside_server.answers.models import Candidate
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.limits import lifted
from rackside_server.feed.models import FeedRow
from rackside_server.feed.verify import differences, in_feed
from rackside_server.groups.actions import save_group
from rackside_server.groups.models import Group
from rackside_server.threads import actions as threads
from rackside_server.threads import bulk
from rackside_server.threads.models import Post, Thread
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

pytestmark = pytest.mark.django_db

DISK = "disk.used/ext4/"
AT_ONCE = 8


def pack() -> dict[str, PackedAnswer]:
    """What the feed holds of the pack, by thread; it is what the rows say."""
    assert list(differences()) == []
    found = {key: each for key, each in in_feed().items() if isinstance(each, PackedAnswer)}
    assert {channel for channel, _ in found} <= {"answers"}
    return {each.thread.id: each for each in found.values()}


def ask(actor: Actor, *, group: str = OPEN_GROUP, signature: str = DISK, body: str = "It is full.") -> str:
    action = Ask(id=new_id(), group=group, title="The disk is full", body=body, signature=signature)
    with lifted():
        assert actor.does(action).result == "done"
    return action.id


def reply(actor: Actor, thread: str, body: str = "Look at the open files.") -> str:
    action = Reply(id=new_id(), thread=thread, body=body)
    with lifted():
        assert actor.does(action).result == "done"
    return action.id


def test_an_answered_thread_of_an_alert_is_in_the_pack_with_its_answer_first(alice: Actor, bob: Actor) -> None:
    thread = ask(alice)
    assert pack() == {}
    posts = [reply(bob, thread, f"Answer {number}") for number in range(5)]
    alice.does(VoteHelpful(id=new_id(), item=posts[3], item_kind="post", on=True))
    alice.does(Accept(id=new_id(), thread=thread, post=posts[4]))
    packed = pack()[thread]
    assert [post.id for post in packed.posts] == [posts[4], posts[3], posts[0]]
    assert packed.posts[0].accepted
    assert packed.thread.replies == 5
    assert packed.parent == "disk.used"


@pytest.mark.parametrize("signature", ["", "disk.used.of.mine/x/", "nothing"])
def test_a_thread_without_an_alerts_signature_takes_no_room(signature: str, alice: Actor, bob: Actor) -> None:
    reply(bob, ask(alice, signature=signature))
    assert pack() == {}
    assert not Candidate.objects.exists()


def test_nothing_of_a_private_group_is_in_the_pack(alice: Actor, bob: Actor, charlie: Actor) -> None:
    thread = ask(alice, group=PRIVATE_GROUP, body="The secret word is quetzal.")
    reply(bob, thread)
    alice.does(MeToo(id=new_id(), thread=thread, on=True))
    assert pack() == {}
    assert b"quetzal" not in encode(charlie.sync())


def test_a_group_that_becomes_private_takes_its_answers_with_it(
    alice: Actor, bob: Actor, two_groups: tuple[Group, Group]
) -> None:
    thread = ask(alice)
    reply(bob, thread)
    assert list(pack()) == [thread]
    group = two_groups[0]
    group.private = True
    save_group(group)
    assert not [each for each in in_feed().values() if isinstance(each, PackedAnswer)]
    group.private = False
    save_group(group)
    assert [each.thread.id for each in in_feed().values() if isinstance(each, PackedAnswer)] == [thread]


def test_the_best_are_chosen_and_who_falls_out_comes_back(alice: Actor, bob: Actor, charlie: Actor) -> None:
    held = [ask(alice) for _ in range(rules.BEST_OF_AN_ALERT + 1)]
    answers = {thread: reply(bob, thread) for thread in held}
    assert set(pack()) == set(held[:-1])
    charlie.does(VoteHelpful(id=new_id(), item=answers[held[-1]], item_kind="post", on=True))
    assert set(pack()) == {*held[:-2], held[-1]}
    bob.does(Delete(id=new_id(), item=answers[held[0]], item_kind="post"))
    assert set(pack()) == set(held[1:])
    charlie.does(VoteHelpful(id=new_id(), item=answers[held[-1]], item_kind="post", on=False))
    threads.remove(Thread.objects.get(pk=held[1]))
    assert set(pack()) == set(held[2:])


def test_alerts_do_not_take_each_others_room(alice: Actor, bob: Actor) -> None:
    for _ in range(rules.BEST_OF_AN_ALERT):
        reply(bob, ask(alice))
    reply(bob, other := ask(alice, signature="dns//"))
    assert other in pack()


def test_long_texts_are_cut_at_a_line_and_leave_no_code_block_open(alice: Actor, bob: Actor) -> None:
    thread = ask(alice, body="```\n" + "x = 1\n" * 1_000 + "```")
    reply(bob, thread, "y" * 9_000)
    packed = pack()[thread]
    for body in (packed.thread.body, packed.posts[0].body):
        assert len(body) < rules.TEXT_CHARACTERS + 20
        assert body.endswith("\n\n…")
    assert packed.thread.body.count("```") == 2


def test_a_pack_is_made_of_threads_that_were_there_before_it(alice: Actor, bob: Actor) -> None:
    thread = ask(alice)
    reply(bob, thread)
    held = pack()
    Candidate.objects.all().delete()
    FeedRow.objects.filter(kind="packed_answer").delete()
    assert actions.fill() == 1
    assert pack() == held
    assert actions.fill() == 1


def test_what_an_importer_announces_is_chosen_from_too(alice: Actor) -> None:
    asked = {"author": alice.member, "body": "It is full.", "created_ms": 1}
    thread = Thread(id=new_id(), group_id=OPEN_GROUP, title="Full", signature=DISK, active_ms=1, **asked)
    post = Post(id=new_id(), thread=thread, **asked)
    bulk.add_threads([thread])
    bulk.add_posts([post])
    bulk.accept({thread.pk: post.pk})
    for are_posts in (False, True):
        assert bulk.announce("", 100, group=OPEN_GROUP, posts=are_posts)
    save_group(Group.objects.get(slug=OPEN_GROUP))
    assert [each.accepted for each in pack()[thread.pk].posts] == [True]


@pytest.mark.parametrize(("signature", "statements"), [("", 0), (DISK, 1)])
def test_a_reply_that_moves_nothing_costs_one_statement_and_none_where_no_alert_is_concerned(
    signature: str, statements: int, alice: Actor, bob: Actor
) -> None:
    held = [ask(alice, signature=signature) for _ in range(rules.BEST_OF_AN_ALERT + 1)]
    for thread in held:
        reply(bob, thread)
    with CaptureQueriesContext(connection) as counted:
        reply(bob, held[-1])
    about_the_pack = [each["sql"] for each in counted.captured_queries if "answers_candidate" in each["sql"]]
    assert len(about_the_pack) == statements * (2 if connection.features.has_select_for_update else 1)


@pytest.mark.django_db(transaction=True)
def test_writers_who_bring_threads_in_at_once_push_one_out_each(
    alice: Actor, bob: Actor, charlie: Actor, staff: Actor
) -> None:
    actors = (bob, charlie, staff)
    asked = {"author": alice.member, "body": "It is full.", "created_ms": 1}
    kinds = {
        kind: [
            Thread(id=new_id(), group_id=OPEN_GROUP, title="Full", signature=f"{kind}//", active_ms=1, **asked)
            for _ in range(rules.BEST_OF_AN_ALERT + len(actors))
        ]
        for kind in sorted(ALERT_KINDS)[:AT_ONCE]
    }
    every = [thread for held in kinds.values() for thread in held]
    bulk.add_threads(every)
    bulk.add_posts(Post(id=new_id(), thread=thread, **asked) for thread in every)
    for are_posts in (False, True):
        bulk.announce("", len(every), group=OPEN_GROUP, posts=are_posts)
    save_group(Group.objects.get(slug=OPEN_GROUP))
    together = Barrier(len(actors))

    def act(place: int) -> None:
        try:
            for held in kinds.values():
                together.wait()
                action = MeToo(id=new_id(), thread=held[rules.BEST_OF_AN_ALERT + place].pk, on=True)
                assert carry_out(actors[place].member, action).result == "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        for done in [pool.submit(act, place) for place in range(len(actors))]:
            done.result(120)
    assert Counter(each.parent for each in pack().values()) == dict.fromkeys(kinds, rules.BEST_OF_AN_ALERT)
    connections.close_all()


Deed = tuple[str, int, int]
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["reply", "vote", "unvote", "accept", "unaccept", "me_too", "delete", "edit", "remove"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=15,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(deeds=DEEDS)
def test_whatever_is_done_to_threads_fresh_is_old_and_changes(deeds: list[Deed], alice: Actor, bob: Actor) -> None:
    asked = [ask(alice, signature=signature) for signature in (DISK, DISK, "dns//", "")]
    posts: dict[str, list[str]] = {thread: [] for thread in asked}
    for kind, which, number in deeds:
        thread = asked[which]
        post = posts[thread][number % len(posts[thread])] if posts[thread] else ""
        made: dict[str, Action] = {
            "unaccept": Accept(id=new_id(), thread=thread),
            "me_too": MeToo(id=new_id(), thread=thread, on=bool(number % 2)),
            "edit": EditThread(id=new_id(), thread=thread, title="Full", body=f"Still {number}"),
        }
        if kind == "reply":
            posts[thread] += [reply(bob, thread)] if not Thread.objects.get(pk=thread).deleted_ms else []
        elif kind == "remove":
            threads.remove(Thread.objects.get(pk=thread))
        elif kind in made:
            (bob if kind == "me_too" else alice).does(made[kind])
        elif post:
            about: dict[str, tuple[Actor, Action]] = {
                "vote": (alice, VoteHelpful(id=new_id(), item=post, item_kind="post", on=True)),
                "unvote": (alice, VoteHelpful(id=new_id(), item=post, item_kind="post", on=False)),
                "accept": (alice, Accept(id=new_id(), thread=thread, post=post)),
                "delete": (bob, Delete(id=new_id(), item=post, item_kind="post")),
            }
            actor, action = about[kind]
            actor.does(action)
            bob.does(EditPost(id=new_id(), post=post, body=f"Better {number}"))
        assert list(differences()) == []
        assert all(alert_kind(each.thread.signature) for each in pack().values())
