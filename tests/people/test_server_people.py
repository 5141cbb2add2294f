"""Who may change a profile on the server, and what it shows."""

import pytest

from rackside_protocol.ids import new_id
from rackside_protocol.people import EditProfile
from rackside_protocol.threads import Accept
from rackside_server.accounts.models import Member
from rackside_server.standing.documents import member_document
from rackside_server.threads import rules as thread_rules
from tests.people.community import ROLES, Community, asked, did, refused, replied

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_everybody_changes_her_own_profile_and_nobody_elses(role: str, community: Community) -> None:
    edit = EditProfile(id=new_id(), name="  Ada\nByte ", bio="\nText\n", topics=["ZFS", "zfs ", " "])
    others = {each: member_document(community.member(each)) for each in ROLES if each != role}
    did(community.member(role), edit)
    shown = member_document(community.member(role))
    assert (shown.name, shown.bio, shown.topics) == ("Ada Byte", "Text", ["zfs"])
    assert {each: member_document(community.member(each)) for each in others} == others


def test_a_name_of_spaces_is_refused(community: Community) -> None:
    assert refused(community.owner, EditProfile(id=new_id(), name="   ")) == "no_name"


def test_a_profile_shows_points_and_accepted_answers(community: Community) -> None:
    thread = asked(community.owner, community.public)
    did(community.owner, Accept(id=new_id(), thread=thread, post=replied(community.other, thread)))
    shown = member_document(Member.objects.get(pk=community.other.pk))
    assert shown.accepted_answers == 1
    assert shown.points == thread_rules.POINTS_REPLY + thread_rules.POINTS_ACCEPTED


def test_a_profile_says_who_works_for_a_vendor_and_who_is_staff(community: Community) -> None:
    assert member_document(community.member("vendor")).vendor == "northvault"
    assert member_document(community.member("staff")).staff
