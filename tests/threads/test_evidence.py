"""Who has it, too, counts once for each organisation, and of each the first context is shown."""

import pytest

from rackside.store import outbox
from rackside.store.documents import get
from rackside.threads.data import load_thread
from rackside.threads.panel_evidence import said
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Delete, Evidence, MeToo, evidence_id
from rackside_server.accounts.models import Member
from rackside_server.groups import actions as groups
from rackside_server.threads.models import MeTooVote, Thread
from tests.people.community import Community, asked, did, feed, make_member, refused
from tests.store.pages import fill, number, thread
from tests.threads.desk import Desk

CAPSULE = "Alert: <host>: /srv is 92 % full"


def shown(pk: str) -> list[Evidence]:
    """Return the contexts that the thread's channel holds, by author."""
    return [
        document
        for (_, _), document in sorted(feed().items())
        if isinstance(document, Evidence) and document.thread == pk
    ]


def says(member: Member, pk: str, capsule: str = "", *, on: bool = True) -> None:
    did(member, MeToo(id=new_id(), thread=pk, on=on, capsule=capsule))


def counted(pk: str) -> int:
    return Thread.objects.get(pk=pk).me_too


def colleagues(community: Community) -> list[Member]:
    """Bring in two members of one organisation."""
    made = [
        make_member(handle, joined_ms=community.owner.joined_ms, email=f"{handle}@globex.example")
        for handle in ("first", "second")
    ]
    for each in made:
        groups.admit(community.public, each)
    return made


@pytest.mark.django_db
class TestOnTheServer:
    def test_a_context_is_shown_in_the_threads_channel_under_its_own_id(self, community: Community) -> None:
        pk = asked(community.owner, community.public)
        says(community.other, pk, CAPSULE)
        [found] = shown(pk)
        assert (found.id, found.author, found.capsule) == (
            evidence_id(pk, community.other.pk),
            community.other.pk,
            CAPSULE,
        )
        assert any(channel == "group:linux" and held == found for (channel, _), held in feed().items())
        assert counted(pk) == 1

    def test_without_a_context_it_counts_and_shows_nothing(self, community: Community) -> None:
        pk = asked(community.owner, community.public)
        says(community.other, pk)
        assert (shown(pk), counted(pk)) == ([], 1)

    def test_a_context_can_come_later_and_be_given_anew_and_none_takes_it_away_but_its_word(
        self, community: Community
    ) -> None:
        pk = asked(community.owner, community.public)
        says(community.other, pk)
        for capsule in (CAPSULE, "Alert: worse", ""):
            says(community.other, pk, capsule)
        assert ([each.capsule for each in shown(pk)], counted(pk)) == (["Alert: worse"], 1)
        says(community.other, pk, on=False)
        assert (shown(pk), counted(pk), MeTooVote.objects.count()) == ([], 0, 0)

    def test_a_second_of_an_organisation_replaces_nothing_and_is_not_counted(self, community: Community) -> None:
        pk = asked(community.owner, community.public)
        first, second = colleagues(community)
        says(first, pk, CAPSULE)
        says(second, pk, "Alert: mine")
        assert ([each.author for each in shown(pk)], counted(pk)) == ([first.pk], 1)
        says(first, pk, on=False)
        assert ([each.author for each in shown(pk)], counted(pk)) == ([second.pk], 1)

    def test_a_thread_that_is_deleted_takes_the_contexts_with_it(self, community: Community) -> None:
        pk = asked(community.owner, community.public)
        says(community.other, pk, CAPSULE)
        did(community.owner, Delete(id=new_id(), item=pk, item_kind="thread"))
        assert (shown(pk), MeTooVote.objects.count()) == ([], 0)

    def test_nobody_adds_to_her_own_question(self, community: Community) -> None:
        pk = asked(community.owner, community.public)
        assert refused(community.owner, MeToo(id=new_id(), thread=pk, on=True, capsule=CAPSULE)) == "own"


ME, OTHER = number(902), number(903)


def given(author: str, at_ms: int, capsule: str = CAPSULE) -> Evidence:
    return Evidence(
        id=evidence_id(number(1), author), thread=number(1), author=author, capsule=capsule, created_ms=at_ms
    )


def seen(desk: Desk) -> list[tuple[str, str, bool]]:
    view = load_thread(desk.store, number(1), ME)
    assert view is not None
    return [(each.evidence.author, each.evidence.capsule, each.pending) for each in view.evidence]


def test_a_thread_shows_the_contexts_newest_first_with_hers_before_it_is_sent(desk: Desk) -> None:
    fill(desk.store, thread(1, me_too=2), given(OTHER, 5), given(number(904), 9, "newest"))
    assert seen(desk) == [(number(904), "newest", False), (OTHER, CAPSULE, False)]
    desk.context.act(MeToo(id=new_id(), thread=number(1), on=True, capsule="mine"))
    assert seen(desk)[0] == (ME, "mine", True)
    desk.context.act(MeToo(id=new_id(), thread=number(1), on=False))
    assert len(seen(desk)) == 2


def test_hers_goes_at_once_when_she_takes_her_word_back(desk: Desk) -> None:
    fill(desk.store, thread(1, me_too=1), given(ME, 5))
    desk.context.act(MeToo(id=new_id(), thread=number(1), on=False))
    assert seen(desk) == []
    assert isinstance(get(desk.store, evidence_id(number(1), ME)), Evidence)
    assert outbox.pending(desk.store)


def test_it_is_said_how_many_had_it_and_how_many_show_their_machine() -> None:
    assert said(12, 7) == "12 had it too · 7 machines"
    assert said(1, 1) == "1 had it too · 1 machine"
