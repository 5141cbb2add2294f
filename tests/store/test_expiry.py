"""Private channels go after 30 days without contact, whatever the clock does; what everybody may read stays."""

import os

import pytest

from rackside.store import Store, documents, expiry, mirror
from rackside_protocol.groups import Group, Membership
from tests.store.pages import ALICE, fill, number, page, thread

NOW_MS = 1_800_000_000_000
DAYS = expiry.KEPT_DAYS
PRIVATE = "group:owners"
CANARY = "quetzalcoatl"
ALL = {"answers", "group:linux", PRIVATE, f"me:{ALICE}", "public", "staff", "vendor:northvault"}
KEPT = {"answers", "group:linux", f"me:{ALICE}", "public"}


@pytest.fixture(autouse=True)
def _fill(store: Store) -> None:
    """Fill every sort of channel; the last contact was at NOW_MS."""
    fill(store, Group(id=number(1), slug="linux", name="Linux servers"), channel="public")
    fill(store, Membership(id=number(3), group="owners"), channel=f"me:{ALICE}")
    fill(store, thread(4), channel="group:linux")
    owners = Group(id=number(2), slug="owners", name="Owners", private=True)
    fill(store, owners, thread(5, CANARY, body=f"{CANARY} " * 50, group="owners"), channel=PRIVATE)
    for value, channel in enumerate(("answers", "staff", "vendor:northvault"), 6):
        fill(store, thread(value), channel=channel)
    contact(store, NOW_MS)


def contact(store: Store, at_ms: int) -> None:
    store.cache.execute("UPDATE channels SET synced_ms = ?", (at_ms,))


def held(store: Store) -> set[str]:
    return {state.name for state in documents.channels(store)}


def days_later(days: float) -> int:
    return NOW_MS + int(days * expiry.DAY_MS)


def on_disk(store: Store) -> bytes:
    return b"".join(path.read_bytes() for path in store.folder.iterdir())


def test_thirty_days_after_the_last_contact_private_channels_go_and_the_rest_stays(store: Store) -> None:
    assert expiry.expire(store, days_later(DAYS)) == set()
    assert held(store) == ALL
    assert expiry.expire(store, days_later(DAYS + 0.01)) == {"group", "thread"}
    assert held(store) == KEPT
    assert mirror.is_intact(store)


def test_no_byte_of_an_expired_channel_is_left(store: Store) -> None:
    store.cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert CANARY.encode() in on_disk(store)
    expiry.expire(store, days_later(DAYS + 1))
    assert CANARY.encode() not in on_disk(store)


@pytest.mark.parametrize(("days", "left"), [(DAYS - 1, True), (DAYS + 1, False)])
def test_a_damaged_mirror_that_was_put_aside_goes_with_it(days: int, store: Store, *, left: bool) -> None:
    aside = store.folder / "cache.damaged"
    aside.write_bytes(CANARY.encode())
    os.utime(aside, (NOW_MS / 1_000, NOW_MS / 1_000))
    expiry.expire(store, days_later(days))
    assert aside.exists() is left


def test_a_sync_that_brings_nothing_is_contact(store: Store) -> None:
    contact(store, 1)
    mirror.confirm(store)
    assert expiry.expire(store) == set()
    assert held(store) == ALL


def test_a_clock_that_was_ahead_at_the_last_contact_does_not_keep_them_for_longer(store: Store) -> None:
    contact(store, days_later(365))
    assert expiry.expire(store, NOW_MS) == set()
    assert expiry.expire(store, days_later(DAYS - 1)) == set()
    assert expiry.expire(store, days_later(DAYS + 1)) != set()
    assert held(store) == KEPT


def test_a_first_fill_that_was_cut_off_is_not_taken_for_one_of_long_ago(store: Store) -> None:
    late = page([], 9, channel="group:late", state="reset", more=True)
    mirror.apply_pages(store, [late], [])
    assert expiry.expire(store, days_later(1)) == set()
    assert "group:late" in held(store)
    expiry.expire(store, days_later(DAYS + 2))
    assert "group:late" not in held(store)


def test_a_group_that_nobody_described_counts_as_private(store: Store) -> None:
    fill(store, thread(20), channel="group:unknown")
    contact(store, NOW_MS)
    expiry.expire(store, days_later(DAYS + 1))
    assert held(store) == KEPT
