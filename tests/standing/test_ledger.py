"""The ledger: every total can be recomputed, every award traced, and none is given twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from rackside_protocol.people import Member as Profile
from rackside_protocol.registry import read_document
from rackside_protocol.standing import Standing, personal_channel
from rackside_server.accounts.actions import join
from rackside_server.accounts.models import Member
from rackside_server.feed import clock
from rackside_server.feed.models import FeedRow
from rackside_server.standing import rules
from rackside_server.standing.ledger import accepted_answers_of, award, points_of, recount, reverse
from rackside_server.standing.models import Entry, Total

NOON_MS = 1_800_014_400_000


@pytest.fixture
def gina(db: None) -> Member:  # noqa: ARG001 - pytest finds it by name
    return join("gina", name="Gina")


def in_feed(channel: str, kind: str) -> object:
    payload = FeedRow.objects.get(channel__name=channel, kind=kind).payload
    assert payload is not None
    return read_document(bytes(payload))


def totals(member: Member) -> tuple[int, int]:
    total = Total.objects.get(member=member)
    return total.points, total.accepted_answers


def test_an_award_is_given_once(gina: Member) -> None:
    assert award(gina, "helpful", "a" * 32, 5) == 5
    assert award(gina, "helpful", "a" * 32, 5) == 0
    assert points_of(gina) == 5


def test_what_is_taken_back_can_be_given_again_and_leaves_its_trace(gina: Member) -> None:
    for _ in range(2):
        award(gina, "accepted", "a" * 32, 25)
        reverse(gina, "accepted", "a" * 32)
    award(gina, "accepted", "a" * 32, 25)
    assert [entry.points for entry in Entry.objects.order_by("turn")] == [25, -25, 25, -25, 25]
    assert totals(gina) == (25, 1) == (points_of(gina), accepted_answers_of(gina))


def test_what_was_not_given_cannot_be_taken_back(gina: Member) -> None:
    assert reverse(gina, "helpful", "a" * 32) == 0
    award(gina, "helpful", "a" * 32, 5)
    assert reverse(gina, "helpful", "a" * 32) == 5
    assert reverse(gina, "helpful", "a" * 32) == 0
    assert points_of(gina) == 0


def test_taking_back_takes_what_was_given_and_not_what_it_was_worth(gina: Member) -> None:
    with clock.at(NOON_MS):
        for number in range(50):
            award(gina, "helpful", f"{number:032}", 5)
        assert points_of(gina) == rules.POINTS_A_DAY
        reverse(gina, "helpful", f"{49:032}")
    assert points_of(gina) == rules.POINTS_A_DAY


def test_a_new_day_brings_new_points(gina: Member) -> None:
    with clock.at(NOON_MS):
        for number in range(50):
            award(gina, "helpful", f"{number:032}", 5)
        assert award(gina, "accepted", "a" * 32, 25) == 25
    with clock.at(NOON_MS + rules.DAY_MS):
        assert award(gina, "helpful", "b" * 32, 5) == 5


def test_totals_follow_from_the_entries(gina: Member) -> None:
    award(gina, "accepted", "a" * 32, 25)
    award(gina, "helpful", "b" * 32, 5)
    reverse(gina, "helpful", "b" * 32)
    before = totals(gina)
    Total.objects.all().delete()
    recount(gina)
    assert totals(gina) == before == (25, 1)


def test_a_new_member_and_each_award_are_published(gina: Member) -> None:
    own = in_feed(personal_channel(gina.pk), "standing")
    assert own == Standing(id=own.id, level_name="Cage Nut", next_level_points=100, idea_votes_allowed=2)  # type: ignore[attr-defined]
    award(gina, "accepted", "a" * 32, 125)
    profile = in_feed("public", "member")
    assert isinstance(profile, Profile)
    assert (profile.points, profile.level, profile.accepted_answers) == (125, 2, 1)
    own = in_feed(personal_channel(gina.pk), "standing")
    assert isinstance(own, Standing)
    assert (own.points, own.next_level_points) == (125, 250)


@pytest.mark.django_db(transaction=True)
def test_the_days_cap_holds_when_awards_come_at_the_same_time(gina: Member) -> None:
    def give(number: int) -> int:
        with clock.at(NOON_MS):
            given = award(gina, "helpful", f"{number:032}", 30)
        connection.close()
        return given

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(give, range(12))) == rules.POINTS_A_DAY
    assert totals(gina)[0] == rules.POINTS_A_DAY
