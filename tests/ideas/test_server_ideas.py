"""What each role may do with ideas on the server, and what each act changes."""

from collections.abc import Callable

import pytest

from rackside_protocol.actions import Action
from rackside_protocol.ideas import CommentIdea, Propose, SetIdeaState, VoteIdea
from rackside_protocol.ids import new_id
from rackside_server.accounts.models import Member
from rackside_server.ideas import rules
from rackside_server.ideas.actions import votes_used
from rackside_server.ideas.documents import idea_document
from rackside_server.ideas.models import Idea, IdeaVote
from rackside_server.standing.rules import idea_votes_allowed
from tests.people.community import ROLES, Community, did, refused, tried

pytestmark = pytest.mark.django_db

ACTIONS: dict[str, tuple[Callable[[str], Action], set[str]]] = {
    "propose": (lambda _idea: Propose(id=new_id(), title="Show the UPS", body="Its runtime."), set(ROLES)),
    "vote": (lambda idea: VoteIdea(id=new_id(), idea=idea, on=True), set(ROLES)),
    "comment": (lambda idea: CommentIdea(id=new_id(), idea=idea, body="Please."), set(ROLES)),
    "set state": (lambda idea: SetIdeaState(id=new_id(), idea=idea, state="planned"), {"staff"}),
}
"""Each action on the owner's idea, and the roles to whom it is open."""


def proposed(member: Member, title: str = "Group alerts by rack") -> str:
    return did(member, Propose(id=new_id(), title=title, body="So that one cause is one line."))


def moved(idea: str, state: str, **terms: str) -> SetIdeaState:
    return SetIdeaState(id=new_id(), idea=idea, state=state, **terms)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_done_for_whom_it_is_open_to_and_refused_to_all_others(
    name: str, role: str, community: Community
) -> None:
    make, open_to = ACTIONS[name]
    assert tried(community.member(role), make(proposed(community.owner))) == (role in open_to)


@pytest.mark.parametrize("name", ["vote", "comment", "set state"])
def test_what_is_not_there_is_refused(name: str, community: Community) -> None:
    make, _ = ACTIONS[name]
    assert refused(community.staff, make(new_id())) == "gone"


class TestBudget:
    def test_a_proposer_votes_for_her_idea_while_her_budget_allows(self, community: Community) -> None:
        ideas = [proposed(community.owner) for _ in range(idea_votes_allowed(0) + 1)]
        assert [Idea.objects.get(pk=idea).ballots.count() for idea in ideas] == [1, 1, 0]
        assert refused(community.owner, VoteIdea(id=new_id(), idea=ideas[-1], on=True)) == "budget"

    def test_a_vote_is_a_set_and_not_a_sum(self, community: Community) -> None:
        idea = proposed(community.owner)
        for on in (True, True, False, False, True):
            did(community.other, VoteIdea(id=new_id(), idea=idea, on=on))
        assert Idea.objects.get(pk=idea).ballots.count() == 2
        assert community.points("owner") == rules.POINTS_PROPOSED + rules.POINTS_VOTE_GOT

    @pytest.mark.parametrize("state", ["completed", "declined"])
    def test_it_is_given_back_when_the_idea_closes(self, state: str, community: Community) -> None:
        idea = proposed(community.owner)
        assert votes_used(community.owner) == 1
        did(community.staff, moved(idea, state, reason="It is in the new release."))
        assert votes_used(community.owner) == 0
        assert refused(community.other, VoteIdea(id=new_id(), idea=idea, on=True)) == "closed"
        assert idea_document(Idea.objects.get(pk=idea)).votes == 1

    def test_it_grows_with_trust(self) -> None:
        assert [idea_votes_allowed(level) for level in range(5)] == [2, 4, 6, 8, 10]


class TestDuplicates:
    def test_votes_move_once(self, community: Community) -> None:
        idea, original = proposed(community.owner), proposed(community.other)
        did(community.vendor, VoteIdea(id=new_id(), idea=idea, on=True))
        did(community.vendor, VoteIdea(id=new_id(), idea=original, on=True))
        did(community.staff, moved(idea, "duplicate", reason="As the other.", duplicate_of=original))
        assert not IdeaVote.objects.filter(idea=idea).exists()
        voters = set(IdeaVote.objects.filter(idea=original).values_list("member_id", flat=True))
        assert voters == {community.owner.pk, community.other.pk, community.vendor.pk}
        again = moved(idea, "duplicate", reason="Again.", duplicate_of=original)
        assert refused(community.staff, again) == "wrong_move"

    def test_of_itself_or_of_another_duplicate_is_refused(self, community: Community) -> None:
        first, second, third = (proposed(community.owner) for _ in range(3))
        move = moved(first, "duplicate", reason="As it.", duplicate_of=first)
        assert refused(community.staff, move) == "wrong_move"
        did(community.staff, moved(first, "duplicate", reason="As it.", duplicate_of=second))
        move = moved(third, "duplicate", reason="As it.", duplicate_of=first)
        assert refused(community.staff, move) == "wrong_move"

    @pytest.mark.parametrize("state", sorted(rules.REASON_NEEDED))
    def test_a_reason_is_needed(self, state: str, community: Community) -> None:
        idea = proposed(community.owner)
        assert refused(community.staff, moved(idea, state)) == "wrong_move"


class TestAlike:
    IDEAS = (
        rules.Candidate("a", "Group alerts by rack", "One UPS takes twelve hosts down; show one alert for the rack."),
        rules.Candidate("b", "Export a report as PDF", "For the customer, each month."),
        rules.Candidate("c", "Read toner levels over SNMP", "The printers know."),
    )

    @pytest.mark.parametrize(
        ("title", "best"),
        [("grouping alert by racks", "a"), ("PDF reports, exported monthly", "b"), ("snmp for printers", "c")],
    )
    def test_shared_rare_words_find_an_idea(self, title: str, best: str) -> None:
        assert rules.similar(title, "", self.IDEAS)[:1] == [best]

    @pytest.mark.parametrize("title", ["", "the and of", "quantum entanglement", "???"])
    def test_nothing_shared_finds_nothing(self, title: str) -> None:
        assert rules.similar(title, "", self.IDEAS) == []
