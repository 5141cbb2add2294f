"""What each role may do with groups on the server, and what each act changes."""

import pytest

from rackside_protocol.groups import JoinGroup, LeaveGroup
from rackside_protocol.ids import new_id
from rackside_protocol.sync import Cursor
from rackside_server.feed.channels import follows
from rackside_server.feed.pull import pages
from rackside_server.groups import actions
from rackside_server.groups.models import Group, GroupMember
from tests.people.community import DAY_MS, ROLES, Community, did, make_group, make_member, refused, tried

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_a_public_group_is_joined_and_left_by_everybody(role: str, community: Community) -> None:
    member = community.member(role)
    did(member, JoinGroup(id=new_id(), group="linux"))
    assert follows(member, "group:linux")
    did(member, LeaveGroup(id=new_id(), group="linux"))
    assert not GroupMember.objects.filter(member=member, group=community.public).exists()


@pytest.mark.parametrize("role", ROLES)
def test_a_private_group_is_joined_by_invitation_only(role: str, community: Community) -> None:
    member = community.member(role)
    assert tried(member, JoinGroup(id=new_id(), group="owners")) == (role != "outsider")
    assert follows(member, "group:owners") == (role != "outsider")
    actions.admit(community.private, member)
    assert follows(member, "group:owners")


def test_a_private_group_that_was_left_is_not_joined_again(community: Community) -> None:
    did(community.owner, LeaveGroup(id=new_id(), group="owners"))
    assert not follows(community.owner, "group:owners")
    assert refused(community.owner, JoinGroup(id=new_id(), group="owners")) == "gone"


@pytest.mark.parametrize("slug", ["linux", "owners"])
def test_a_group_that_was_left_is_gone_at_the_next_sync(slug: str, community: Community) -> None:
    held = [Cursor(channel=f"group:{slug}")]
    assert "gone" not in {page.state for page in pages(community.owner, held, [])}
    did(community.owner, LeaveGroup(id=new_id(), group=slug))
    left = {page.channel: page.state for page in pages(community.owner, held, [])}
    assert left[f"group:{slug}"] == "gone"


def test_joining_and_leaving_twice_changes_nothing(community: Community) -> None:
    for _ in range(2):
        did(community.outsider, JoinGroup(id=new_id(), group="linux"))
    assert GroupMember.objects.filter(member=community.outsider).count() == 1
    for _ in range(2):
        did(community.outsider, LeaveGroup(id=new_id(), group="linux"))
    assert not GroupMember.objects.filter(member=community.outsider).exists()


def test_a_group_that_is_not_there_is_refused(community: Community) -> None:
    assert refused(community.owner, JoinGroup(id=new_id(), group="nowhere")) == "gone"


def test_a_new_member_follows_the_default_public_groups(community: Community) -> None:
    make_group("quiet", default=False)
    member = make_member("newcomer", joined_ms=100 * DAY_MS)
    actions.welcome(member)
    assert list(member.group_memberships.values_list("group__slug", flat=True)) == [community.public.slug]


def test_who_is_not_in_a_private_group_does_not_see_it(community: Community) -> None:
    for nobody in (community.outsider, None):
        assert [group.slug for group in Group.objects.visible_to(nobody)] == ["linux"]
    assert Group.objects.visible_to(community.owner).count() == 2
