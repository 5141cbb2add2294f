"""The demo community is told as actions, once."""

import msgspec
import pytest

from rackside_protocol.sponsors import Campaign
from rackside_protocol.threads import Thread
from rackside_server.accounts.actions import join
from rackside_server.demo import content, seed
from rackside_server.feed import clock
from rackside_server.feed.models import Channel
from tests.people.community import DAY_MS, feed, fresh

pytestmark = pytest.mark.django_db


def test_the_feed_is_what_the_rows_say() -> None:
    seed()
    assert feed() == fresh()


def test_seeding_again_a_day_later_changes_nothing() -> None:
    seed()
    before, heads = feed(), dict(Channel.objects.values_list("name", "head"))
    with clock.at(clock.now_ms() + DAY_MS):
        seed()
    assert feed() == before
    assert dict(Channel.objects.values_list("name", "head")) == heads


def test_a_newer_version_adds_its_texts_and_leaves_the_older_words(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(content.threads())
    older = [msgspec.structs.replace(thread, body="In other words.") for thread in told[:40]]
    with monkeypatch.context() as before:
        before.setattr(content, "threads", lambda: iter(older))
        seed()
    with clock.at(clock.now_ms() + DAY_MS):
        seed()
    threads = [document for document in feed().values() if isinstance(document, Thread)]
    assert len(threads) == len(told)
    assert sum(thread.body == "In other words." for thread in threads) == len(older)
    assert feed() == fresh()


def test_all_that_is_written_is_there_and_in_the_past() -> None:
    seed()
    threads = [document for document in feed().values() if isinstance(document, Thread)]
    assert len(threads) == len(list(content.threads()))
    assert max(thread.moment_ms for thread in threads) <= clock.now_ms()
    assert {thread.group for thread in threads} <= {
        group.slug for group in content.read("groups", "group", content.Group)
    }
    assert any(isinstance(document, Campaign) for document in feed().values())


def test_who_was_there_before_follows_the_public_groups() -> None:
    owner = join("owner")
    seed()
    followed = set(owner.group_memberships.values_list("group__slug", flat=True))
    assert followed == {group.slug for group in content.read("groups", "group", content.Group) if not group.private}
