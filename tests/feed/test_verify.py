"""After whatever the cast does, the feed is what the rows say; and a feed that is not is found out."""

import pytest

from rackside_protocol.accounts import RevokeDevice
from rackside_protocol.groups import LeaveGroup
from rackside_protocol.ids import new_id
from rackside_protocol.people import EditProfile
from rackside_protocol.threads import Accept, Ask, Reply, VoteHelpful
from rackside_server.feed.models import FeedRow
from rackside_server.feed.publish import publish
from rackside_server.feed.verify import differences
from tests.feed.test_publishing import document
from tests.kernel.cast import OPEN_GROUP, PRIVATE_GROUP, Actor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", [OPEN_GROUP, PRIVATE_GROUP])
def test_fresh_state_equals_old_state_and_changes(group: str, alice: Actor, bob: Actor, charlie: Actor) -> None:
    question = Ask(id=new_id(), group=group, title="Is it the disk?", body="It is full.")
    answer = Reply(id=new_id(), thread=question.id, body="Look at the open files.")
    for actor, action in (
        (alice, question),
        (bob, answer),
        (charlie, Reply(id=new_id(), thread=question.id, body="I would like to know, too.")),
        (alice, VoteHelpful(id=new_id(), item=answer.id, item_kind="post", on=True)),
        (alice, Accept(id=new_id(), thread=question.id, post=answer.id)),
        (alice, EditProfile(id=new_id(), name="Alice", headline="Disks")),
        (alice, Accept(id=new_id(), thread=question.id)),
        (bob, LeaveGroup(id=new_id(), group=group)),
        (bob, RevokeDevice(id=new_id(), device=bob.device)),
    ):
        actor.does(action)
        assert list(differences()) == []


def test_a_feed_that_is_wrong_is_found_out(alice: Actor) -> None:
    publish(extra := document(), "public")
    FeedRow.objects.filter(object_id=alice.device).update(payload=None)
    found = " ".join(differences())
    assert f"{extra.id}') should not be" in found
    assert f"{alice.device}') is missing" in found
