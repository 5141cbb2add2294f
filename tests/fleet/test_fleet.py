"""The ledger's promises, held by a small fleet; `python -m tests.fleet` is the full size."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from rackside_server.answers.records import fresh as ledger_fresh
from rackside_server.feed.verify import in_feed
from tests.fleet import claims
from tests.fleet.claims import Ring
from tests.fleet.simulate import Fleet, imagined
from tests.fleet.world import Size, World

pytestmark = pytest.mark.django_db
SMALL = Size(consoles=400, signatures=8)
SEED = 1
IN_ORDER = 0.95
ABOVE_LUCK = 0.9
"""So few pairs: with 20 outcomes each, luck turns one in 20 around."""


@pytest.fixture(scope="module")
def fleet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Fleet]:
    """A fleet that has told the server what became of its alerts; nothing of it stays."""
    del django_db_setup
    with django_db_blocker.unblock(), imagined():
        lived = Fleet(World(SMALL, SEED))
        lived.live()
        yield lived


def test_the_feed_says_what_the_rows_say(fleet: Fleet) -> None:
    held = in_feed()
    assert all(held[channel, document.id] == document for channel, document in ledger_fresh())
    records = [fleet.record(trouble, fix) for trouble in fleet.world.troubles for fix in trouble.fixes]
    assert {record.all.tried for record in records if record is not None} == {SMALL.outcomes}


def test_after_twenty_outcomes_fixes_that_clearly_differ_stand_in_order(fleet: Fleet) -> None:
    order = fleet.order()
    assert order.of > SMALL.signatures
    assert order.share >= IN_ORDER


def test_a_ring_of_ten_does_not_lift_its_fix_into_the_top_three(fleet: Fleet) -> None:
    alone = claims.below_top(fleet, Ring(newcomers=10))
    tried_by_others = claims.below_top(fleet, Ring(newcomers=10, honest=20))
    assert alone.right == alone.of > 0
    assert tried_by_others.right == tried_by_others.of


def test_the_machines_of_one_organisation_count_as_one(fleet: Fleet) -> None:
    machines, counted = claims.machines_counted(fleet)
    assert machines > SMALL.outcomes
    assert counted == 1


def test_a_fix_that_rides_on_an_alert_which_heals_does_not_rise_over_one_that_cures(fleet: Fleet) -> None:
    order = claims.riding(fleet)
    assert order.of > 0
    assert order.share >= ABOVE_LUCK
