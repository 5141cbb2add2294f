"""The demo community is told as actions, once."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from rackside_protocol.sponsors import Campaign
from rackside_protocol.threads import Thread
from rackside_server.accounts.actions import join
from rackside_server.accounts.models import Member
from rackside_server.demo import content, seed
from rackside_server.feed import clock
from rackside_server.feed.models import Channel
from tests.people.community import DAY_MS, feed, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Member]:
    """The demo community, told once for all tests that only look at it; the member who was there before."""
    del django_db_setup
    with django_db_blocker.unblock(), transaction.atomic():
        owner = join("owner")
        seed()
        yield owner
        transaction.set_rollback(True)


@pytest.mark.usefixtures("seeded")
def test_the_feed_is_what_the_rows_say() -> None:
    assert feed() == fresh()


@pytest.mark.usefixtures("seeded")
def test_seeding_again_a_day_later_changes_nothing() -> None:
    before, heads = feed(), dict(Channel.objects.values_list("name", "head"))
    with clock.at(clock.now_ms() + DAY_MS):
        seed()
    assert feed() == before
    assert dict(Channel.objects.values_list("name", "head")) == heads


@pytest.mark.usefixtures("seeded")
def test_all_that_is_written_is_there_and_in_the_past() -> None:
    threads = [document for document in feed().values() if isinstance(document, Thread)]
    assert len(threads) == len(list(content.threads()))
    assert max(thread.moment_ms for thread in threads) <= clock.now_ms()
    assert {thread.group for thread in threads} <= {
        group.slug for group in content.read("groups", "group", content.Group)
    }
    assert any(isinstance(document, Campaign) for document in feed().values())


def test_who_was_there_before_follows_the_public_groups(seeded: Member) -> None:
    followed = set(seeded.group_memberships.values_list("group__slug", flat=True))
    assert followed == {group.slug for group in content.read("groups", "group", content.Group) if not group.private}
