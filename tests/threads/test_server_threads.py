"""What each role may do with threads on the server, and what each act changes."""

from collections.abc import Callable

import pytest

from rackside_protocol.actions import Action
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Accept, Ask, Delete, EditPost, EditThread, MeToo, Reply, VoteHelpful
from rackside_server.feed.channels import readable_by
from rackside_server.standing.rules import AWARDS_A_DAY
from rackside_server.threads import rules
from rackside_server.threads.models import Post, Thread
from tests.people.community import ROLES, Community, asked, did, refused, replied, tried

pytestmark = pytest.mark.django_db

ACTIONS: dict[str, tuple[Callable[[str, str, str], Action], set[str]]] = {
    "ask": (
        lambda group, _thread, _post: Ask(id=new_id(), group=group, title="Why is it slow?", body="It is."),
        {"owner", "other", "staff", "vendor"},
    ),
    "reply": (
        lambda _group, thread, post: Reply(id=new_id(), thread=thread, body="So it is.", reply_to=post),
        {"owner", "other", "staff", "vendor"},
    ),
    "edit thread": (
        lambda _group, thread, _post: EditThread(id=new_id(), thread=thread, title="Still slow?", body="Yes."),
        {"owner"},
    ),
    "edit post": (lambda _group, _thread, post: EditPost(id=new_id(), post=post, body="Better."), {"other"}),
    "delete thread": (
        lambda _group, thread, _post: Delete(id=new_id(), item=thread, item_kind="thread"),
        set(),  # somebody has replied
    ),
    "delete post": (lambda _group, _thread, post: Delete(id=new_id(), item=post, item_kind="post"), {"other"}),
    "vote for thread": (
        lambda _group, thread, _post: VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=True),
        {"other", "staff", "vendor"},
    ),
    "vote for post": (
        lambda _group, _thread, post: VoteHelpful(id=new_id(), item=post, item_kind="post", on=True),
        {"owner", "staff", "vendor"},
    ),
    "accept": (lambda _group, thread, post: Accept(id=new_id(), thread=thread, post=post), {"owner"}),
    "me too": (
        lambda _group, thread, _post: MeToo(id=new_id(), thread=thread, on=True),
        {"other", "staff", "vendor"},
    ),
}
"""Each action on the owner's thread and the other's post in it, and the roles to whom it is open."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("kind", ["public", "private"])
def test_an_action_is_done_for_whom_it_is_open_to_and_refused_to_all_others(
    name: str, role: str, kind: str, community: Community
) -> None:
    group = community.public if kind == "public" else community.private
    thread = asked(community.owner, group)
    post = replied(community.other, thread)
    make, open_to = ACTIONS[name]
    assert tried(community.member(role), make(group.slug, thread, post)) == (role in open_to)


def test_an_outsider_sees_nothing_of_a_private_group(community: Community) -> None:
    thread = asked(community.owner, community.private)
    replied(community.other, thread)
    for nobody in (community.outsider, None):
        assert not Thread.objects.visible_to(nobody).exists()
        assert not Post.objects.visible_to(nobody).exists()
    assert Thread.objects.visible_to(community.other).get().pk == thread


def test_a_visitor_reads_public_groups(community: Community) -> None:
    thread = asked(community.owner, community.public)
    assert Thread.objects.visible_to(None).get().pk == thread


@pytest.mark.parametrize("name", ACTIONS)
def test_what_is_not_there_is_refused(name: str, community: Community) -> None:
    make, _ = ACTIONS[name]
    refused(community.owner, make("no-such-group", new_id(), new_id()))


def test_the_channel_and_the_query_say_the_same(community: Community) -> None:
    """Invariant 3: who may read a channel sees its threads, and nobody else does."""
    for group in (community.public, community.private):
        asked(community.owner, group)
    for who in (*map(community.member, ROLES), None):
        seen = {thread.channel for thread in Thread.objects.visible_to(who)}
        assert seen == {name for name in readable_by(who) if name.startswith("group:")}


class TestVoting:
    def test_a_vote_is_a_set_and_not_a_sum(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        for on in (True, True, False, False, True):
            did(community.other, VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=on))
        assert Thread.objects.get(pk=thread).helpful == 1
        assert community.points("owner") == rules.POINTS_ASK + rules.POINTS_HELPFUL_GOT

    def test_taking_a_vote_back_takes_its_points_back(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        for on in (True, False):
            did(community.other, VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=on))
        assert Thread.objects.get(pk=thread).helpful == 0
        assert community.points("owner") == rules.POINTS_ASK

    def test_one_person_gets_six_a_day_from_another(self, community: Community) -> None:
        thread = asked(community.staff, community.public)
        posts = [replied(community.staff, thread) for _ in range(rules.HELPFUL_VOTES_TO_ONE_PERSON_A_DAY)]
        for post in posts:
            did(community.other, VoteHelpful(id=new_id(), item=post, item_kind="post", on=True))
        last = VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=True)
        assert refused(community.other, last) == "too_many"


class TestAccepting:
    def test_it_moves_with_its_points(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        first, second = replied(community.other, thread), replied(community.staff, thread)
        did(community.owner, Accept(id=new_id(), thread=thread, post=first))
        assert community.points("other") == rules.POINTS_REPLY + rules.POINTS_ACCEPTED
        did(community.owner, Accept(id=new_id(), thread=thread, post=second))
        assert Thread.objects.get(pk=thread).accepted_id == second
        assert community.points("other") == rules.POINTS_REPLY
        assert community.points("staff") == rules.POINTS_REPLY + rules.POINTS_ACCEPTED
        assert community.points("owner") == rules.POINTS_ASK + rules.POINTS_ACCEPTING
        did(community.owner, Accept(id=new_id(), thread=thread))
        assert community.points("staff") == rules.POINTS_REPLY
        assert community.points("owner") == rules.POINTS_ASK

    def test_ones_own_answer_earns_nothing(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        own = replied(community.owner, thread)
        did(community.owner, Accept(id=new_id(), thread=thread, post=own))
        assert Thread.objects.get(pk=thread).accepted_id == own
        assert community.points("owner") == rules.POINTS_ASK + rules.POINTS_REPLY

    def test_a_post_of_another_thread_is_refused(self, community: Community) -> None:
        thread, elsewhere = asked(community.owner, community.public), asked(community.other, community.public)
        post = replied(community.staff, elsewhere)
        assert refused(community.owner, Accept(id=new_id(), thread=thread, post=post)) == "wrong_thread"


class TestTakingBack:
    def test_a_thread_nobody_replied_to_goes_with_its_points_and_votes(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        did(community.other, VoteHelpful(id=new_id(), item=thread, item_kind="thread", on=True))
        did(community.other, MeToo(id=new_id(), thread=thread, on=True))
        did(community.owner, Delete(id=new_id(), item=thread, item_kind="thread"))
        assert not Thread.objects.visible_to(community.owner).exists()
        assert Thread.objects.get(pk=thread).body == ""
        assert community.points("owner") == 0

    def test_an_accepted_post_goes_with_its_mark(self, community: Community) -> None:
        thread = asked(community.owner, community.public)
        post = replied(community.other, thread)
        did(community.owner, Accept(id=new_id(), thread=thread, post=post))
        did(community.other, Delete(id=new_id(), item=post, item_kind="post"))
        row = Thread.objects.get(pk=thread)
        assert (row.accepted_id, row.replies) == (None, 0)
        assert community.points("other") == 0
        assert community.points("owner") == rules.POINTS_ASK

    def test_what_was_taken_back_counts_for_the_limits_still(self, newcomer: Community) -> None:
        for _ in range(rules.FIRST_DAY_THREADS):
            thread = newcomer.later(lambda: asked(newcomer.owner, newcomer.public))
            did(newcomer.owner, Delete(id=new_id(), item=thread, item_kind="thread"))
        again = Ask(id=new_id(), group=newcomer.public.slug, title="Once more?", body="Please.")
        assert newcomer.later(lambda: refused(newcomer.owner, again)) == "too_many"


class TestFirstDay:
    def test_threads_are_two_minutes_apart(self, newcomer: Community) -> None:
        asked(newcomer.owner, newcomer.public)
        again = Ask(id=new_id(), group=newcomer.public.slug, title="And now?", body="Please.")
        assert refused(newcomer.owner, again) == "too_many"

    def test_a_text_has_two_links_at_most(self, newcomer: Community) -> None:
        links = "https://a.example http://b.example https://c.example"
        many = Ask(id=new_id(), group=newcomer.public.slug, title="Look here", body=links)
        assert refused(newcomer.owner, many) == "too_many_links"

    def test_staff_are_not_limited(self, newcomer: Community) -> None:
        for _ in range(rules.FIRST_DAY_THREADS + 1):
            asked(newcomer.staff, newcomer.public)


def test_ten_replies_a_day_earn_points(community: Community) -> None:
    thread = asked(community.owner, community.public)
    for _ in range(AWARDS_A_DAY["replied"] + 2):
        replied(community.other, thread)
    assert community.points("other") == AWARDS_A_DAY["replied"] * rules.POINTS_REPLY
