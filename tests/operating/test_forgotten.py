"""An action that comes again after it was forgotten doubles nothing, whatever its kind."""

import pytest

from rackside_protocol.registry import ACTIONS
from rackside_server.feed import verify
from rackside_server.feed.models import FeedRow, ReceivedAction
from rackside_server.standing.models import Entry
from tests.house.cases import CASES, Scene
from tests.house.test_house import actor, scene

__all__ = ["scene"]

pytestmark = pytest.mark.django_db


def held() -> dict[tuple[str, str], str]:
    """Return what the feed holds of each object, by its channel and id."""
    rows = FeedRow.objects.exclude(payload=None).values_list("channel__name", "object_id", "kind")
    return {(channel, object_id): kind for channel, object_id, kind in rows}


def points() -> dict[str, int]:
    """Return the points of each member, summed from the ledger."""
    sums: dict[str, int] = {}
    for member, number in Entry.objects.values_list("member_id", "points"):
        sums[member] = sums.get(member, 0) + number
    return sums


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_what_comes_again_after_it_was_forgotten_doubles_nothing(
    kind: str, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    doer = actor(scene, kind)
    action = CASES[kind].make(scene)
    doer.does(action)
    scene.all_sync()
    before, earned = held(), points()
    ReceivedAction.objects.filter(action_id=action.id).delete()
    answer = doer.actor.sync(action).outcomes[0]
    assert answer.result in {"done", "refused"}
    assert (held(), points()) == (before, earned)
    assert list(verify.differences()) == []
    caplog.clear()
