"""Bad input gets a clear refusal and leaves nothing behind, whatever the action."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rackside_protocol.ids import new_id
from rackside_protocol.registry import ACTIONS, encode
from rackside_server.feed.handlers import carry_out_all
from tests.people.community import Community, asked, feed, fresh, replied

pytestmark = pytest.mark.django_db

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(["linux", "owners", "no-such-group", "0" * 32, "\0", "\u202e", "https://a.example", "2026-02-31"]),
    st.lists(st.text(max_size=4), max_size=6),
)


@pytest.mark.parametrize("kind", sorted(ACTIONS))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_values_are_answered(kind: str, data: st.DataObject, community: Community) -> None:
    thread = asked(community.staff, community.public)
    post = replied(community.staff, thread)
    ids = st.sampled_from([thread, post, community.owner.pk, new_id()])
    body = {"kind": kind, "id": new_id()}
    for name in msgspec.structs.fields(ACTIONS[kind]):
        if name.name not in body:
            body[name.name] = data.draw(st.one_of(ids, VALUES), label=name.name)
    (outcome,) = carry_out_all(community.owner, [encode(body)])
    assert outcome.reason != "failed"
    assert outcome.result == "done" or outcome.message.endswith(".")
    assert feed() == fresh()


@pytest.mark.parametrize("text", ["\0", "nul \0 inside"])
def test_a_nul_character_is_refused_with_a_remedy(text: str, community: Community) -> None:
    body = {"kind": "threads.ask", "id": new_id(), "group": "linux", "title": "A title", "body": text}
    (outcome,) = carry_out_all(community.owner, [encode(body)])
    assert (outcome.result, outcome.reason) == ("refused", "invalid")
    assert "NUL" in outcome.message
