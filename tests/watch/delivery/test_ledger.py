"""What is told, once, and what is not: batches, quiet hours, flaps, failures."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from rackside.settings import Delivery
from rackside.watch.delivery.ledger import MOST_ATTEMPTS, Ledger
from rackside.watch.delivery.model import WAYS, DeliveryError, News, Way
from rackside.watch.model import Alert
from tests.watch.delivery.making import ALL, BAD, CALM, NOON_S, cleared, many

HOUR_S = 3_600.0
QUIET = msgspec.structs.replace(ALL, quiet=True)
NIGHT_S = NOON_S + 11 * HOUR_S
MORNING_S = NOON_S + 19 * HOUR_S


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = os.environ.get("TZ")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    if before is None:
        monkeypatch.delenv("TZ")
    else:
        monkeypatch.setenv("TZ", before)
    time.tzset()


class World:
    """A ledger, and alerts as they are now."""

    def __init__(self, delivery: Delivery = ALL) -> None:
        self.ledger, self.delivery = Ledger(), delivery
        self.alerts: dict[str, Alert] = {}

    def see(self, *alerts: Alert, at_s: float) -> None:
        for alert in alerts:
            self.alerts[alert.id] = alert
            self.ledger.take(alert, self.delivery, at_s)

    def due(self, way: Way, at_s: float) -> list[News]:
        return self.ledger.due(way, self.delivery, at_s, self.alerts.get)

    def tell(self, way: Way, at_s: float) -> list[str]:
        batch = self.due(way, at_s)
        if batch:
            self.ledger.sent(way, batch, at_s)
        return [f"{news.transition} {news.alert.id}" for news in batch]

    def fail(self, way: Way, at_s: float, **how: object) -> int:
        batch = self.due(way, at_s)
        self.ledger.failed(way, batch, DeliveryError("no", **how), at_s)  # type: ignore[arg-type]
        return len(batch)


def test_an_alert_is_told_once_by_each_way_with_its_end_where_it_was_told() -> None:
    world = World()
    world.see(CALM, CALM, at_s=NOON_S)
    assert world.tell("desktop", NOON_S) == ["raised a1"]
    assert world.tell("mail", NOON_S + 29) == []
    for way in WAYS:
        assert world.tell(way, NOON_S + 30) == ([] if way == "desktop" else ["raised a1"])
        assert world.tell(way, NOON_S + 31) == []
    world.see(cleared(CALM, NOON_S + HOUR_S), at_s=NOON_S + HOUR_S)
    assert {way: world.tell(way, NOON_S + HOUR_S + 30) for way in WAYS} == {
        "desktop": [],
        "mail": ["cleared a1"],
        "webhook": ["cleared a1"],
    }


def test_many_at_once_are_one_message() -> None:
    world = World()
    for number, alert in enumerate(many(500)):
        world.see(alert, at_s=NOON_S + number * 0.05)
    assert len(world.tell("mail", NOON_S + 30)) == 500
    assert world.ledger.waiting("mail") == 0


def test_what_grows_worse_is_told_and_what_eases_only_where_it_was() -> None:
    world = World(msgspec.structs.replace(ALL, mail=msgspec.structs.replace(ALL.mail, least="critical")))
    world.see(CALM, at_s=NOON_S)
    assert (world.tell("mail", NOON_S + 30), world.tell("webhook", NOON_S + 30)) == ([], ["raised a1"])
    world.see(BAD, at_s=NOON_S + 60)
    assert (world.tell("mail", NOON_S + 90), world.tell("webhook", NOON_S + 90)) == (["worse a1"], ["worse a1"])
    world.see(CALM, at_s=NOON_S + 120)
    assert (world.tell("mail", NOON_S + 150), world.tell("webhook", NOON_S + 150)) == (["eased a1"], ["eased a1"])
    world.see(cleared(CALM, NOON_S + 200), at_s=NOON_S + 200)
    assert world.tell("mail", NOON_S + 230) == ["cleared a1"]


def test_an_end_that_nobody_was_told_the_begin_of_is_not_told() -> None:
    world = World(Delivery())
    world.see(CALM, at_s=NOON_S)
    world.delivery = ALL
    world.see(cleared(CALM, NOON_S + 9), at_s=NOON_S + 9)
    assert world.tell("mail", NOON_S + HOUR_S) == []


def test_what_the_person_knows_of_by_then_is_not_told() -> None:
    world = World()
    world.see(CALM, at_s=NOON_S)
    world.alerts["a1"] = replace(CALM, acknowledged_at_s=NOON_S + 5)
    assert world.tell("mail", NOON_S + 30) == []
    assert world.ledger.waiting("mail") == 0


def test_what_is_snoozed_is_told_when_it_wakes_and_is_still_open() -> None:
    world = World()
    world.see(replace(CALM, snoozed_until_s=NOON_S + HOUR_S), at_s=NOON_S)
    assert world.tell("mail", NOON_S + HOUR_S - 1) == []
    assert world.tell("mail", NOON_S + HOUR_S) == ["raised a1"]


class TestQuiet:
    def test_what_came_in_the_night_is_one_message_in_the_morning_of_what_is_still_open(self) -> None:
        world = World(QUIET)
        alerts = many(5)
        for hour, alert in enumerate(alerts):
            world.see(alert, at_s=NIGHT_S + hour * HOUR_S)
        world.see(cleared(alerts[0], NIGHT_S + 5 * HOUR_S), at_s=NIGHT_S + 5 * HOUR_S)
        world.alerts["m1"] = replace(alerts[1], acknowledged_at_s=NIGHT_S)
        for way in WAYS:
            assert world.tell(way, MORNING_S - 1) == []
            batch = world.due(way, MORNING_S)
            assert [news.alert.id for news in batch] == ["m2", "m3", "m4"]
            assert {news.wait for news in batch} == {"quiet"}
            world.ledger.sent(way, batch, MORNING_S)
            assert world.tell(way, MORNING_S + HOUR_S) == []

    def test_what_cleared_unseen_before_the_morning_is_left_out(self) -> None:
        world = World(QUIET)
        world.see(CALM, at_s=NIGHT_S)
        world.alerts["a1"] = cleared(CALM, MORNING_S - 1)
        assert world.tell("mail", MORNING_S) == []
        assert world.ledger.waiting("mail") == 0

    def test_what_is_critical_comes_through_and_so_does_its_end(self) -> None:
        world = World(QUIET)
        world.see(CALM, at_s=NIGHT_S)
        world.see(BAD, at_s=NIGHT_S + 60)
        assert world.tell("mail", NIGHT_S + 90) == ["raised a1"]
        world.see(cleared(BAD, NIGHT_S + HOUR_S), at_s=NIGHT_S + HOUR_S)
        assert world.tell("mail", NIGHT_S + HOUR_S + 30) == ["cleared a1"]

    def test_the_end_of_what_was_told_in_the_evening_waits_for_the_morning(self) -> None:
        world = World(QUIET)
        world.see(CALM, at_s=NOON_S)
        world.tell("mail", NOON_S + 30)
        world.see(cleared(CALM, NIGHT_S), at_s=NIGHT_S)
        assert world.tell("mail", NIGHT_S + HOUR_S) == []
        assert world.tell("mail", MORNING_S) == ["cleared a1"]

    def test_what_is_held_comes_at_once_when_quiet_hours_are_turned_off(self) -> None:
        world = World(QUIET)
        world.see(CALM, at_s=NIGHT_S)
        world.delivery = ALL
        world.ledger.hurry(NIGHT_S + 1)
        assert world.tell("mail", NIGHT_S + 1) == ["raised a1"]

    def test_a_message_that_failed_in_the_evening_does_not_wake_anybody_nor_hold_back_what_is_critical(self) -> None:
        world = World(QUIET)
        world.see(CALM, at_s=NIGHT_S - HOUR_S - 31)
        assert world.fail("mail", NIGHT_S - HOUR_S - 1) == 1
        assert world.tell("mail", NIGHT_S) == []
        world.see(replace(BAD, id="b", component="/var"), at_s=NIGHT_S)
        assert world.tell("mail", NIGHT_S + 30) == ["raised b"]
        assert world.tell("mail", MORNING_S) == ["raised a1"]


class TestFlaps:
    def test_a_signal_that_flaps_is_told_once_an_hour_and_the_rest_is_counted(self) -> None:
        world = World()
        told = []
        for number in range(7):
            at_s = NOON_S + number * 600
            alert = replace(CALM, id=f"f{number}", raised_at_s=at_s, flaps=number)
            world.see(alert, at_s=at_s)
            told += [(news.transition, news.alert.id, news.missed) for news in world.due("mail", at_s + 60)]
            world.tell("mail", at_s + 60)
            if number < 6:
                world.see(cleared(alert, at_s + 300), at_s=at_s + 300)
                told += [(news.transition, news.alert.id, news.missed) for news in world.due("mail", at_s + 330)]
                world.tell("mail", at_s + 330)
        assert told == [("raised", "f0", 0), ("cleared", "f0", 0), ("raised", "f6", 5)]

    def test_one_that_came_again_and_stays_is_told_when_the_hour_is_over(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.tell("mail", NOON_S + 30)
        world.see(cleared(CALM, NOON_S + 900), at_s=NOON_S + 900)
        world.tell("mail", NOON_S + 930)
        world.see(replace(CALM, id="a2"), at_s=NOON_S + 1_000)
        assert world.tell("mail", NOON_S + 30 + HOUR_S - 1) == []
        assert world.tell("mail", NOON_S + 30 + HOUR_S) == ["raised a2"]

    def test_one_that_is_worse_than_what_was_told_does_not_wait(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.tell("mail", NOON_S + 30)
        world.see(cleared(CALM, NOON_S + 900), at_s=NOON_S + 900)
        world.tell("mail", NOON_S + 930)
        world.see(replace(BAD, id="a2"), at_s=NOON_S + 1_000)
        assert world.tell("mail", NOON_S + 1_030) == ["raised a2"]

    def test_one_that_goes_to_and_fro_between_bad_and_worse_is_not_told_each_time(self) -> None:
        world = World()
        told = []
        for number in range(10):
            world.see(BAD if number % 2 else CALM, at_s=NOON_S + number * 120)
            told += world.tell("mail", NOON_S + number * 120 + 30)
        assert told == ["raised a1", "worse a1", "eased a1"]

    def test_another_component_is_another_signal(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.tell("mail", NOON_S + 30)
        world.see(replace(CALM, id="o", component="/var"), at_s=NOON_S + 60)
        assert world.tell("mail", NOON_S + 90) == ["raised o"]


class TestFailures:
    def test_pauses_grow_to_an_hour_and_after_a_day_it_is_given_up_with_a_sentence(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        at_s, pauses = NOON_S + 30, []
        while world.ledger.waiting("mail"):
            assert world.fail("mail", at_s) == 1
            next_s = world.ledger.due_s("mail") or at_s
            pauses.append(next_s - at_s)
            at_s = next_s
        assert pauses[:7] == [60, 120, 240, 480, 960, 1_920, 3_600]
        assert len(pauses) == MOST_ATTEMPTS
        assert 23 * HOUR_S < sum(pauses) < 25 * HOUR_S
        assert world.ledger.status["mail"].error == "no After a day of trying, 1 message was given up."

    def test_what_fails_until_somebody_changes_something_is_tried_hourly(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.fail("mail", NOON_S + 30, lasting=True)
        assert world.ledger.due_s("mail") == NOON_S + 30 + HOUR_S
        world.ledger.hurry(NOON_S + 60)
        assert world.tell("mail", NOON_S + 60) == ["raised a1"]

    def test_the_other_side_is_left_alone_as_long_as_it_wants_and_no_longer_than_an_hour(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.fail("webhook", NOON_S + 30, after_s=600.0)
        assert world.ledger.due_s("webhook") == NOON_S + 630
        world.fail("webhook", NOON_S + 630, after_s=1e9)
        assert world.ledger.due_s("webhook") == NOON_S + 630 + HOUR_S

    def test_what_is_new_waits_with_what_failed_and_goes_along(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.fail("mail", NOON_S + 30)
        world.see(replace(CALM, id="o", component="/var"), at_s=NOON_S + 31)
        assert world.tell("mail", NOON_S + 62) == []
        assert world.tell("mail", NOON_S + 90) == ["raised a1", "raised o"]

    def test_what_cleared_while_it_could_not_be_told_is_told_with_its_end(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.fail("mail", NOON_S + 30)
        world.see(cleared(CALM, NOON_S + 40), at_s=NOON_S + 40)
        assert world.tell("mail", NOON_S + 90) == ["raised a1", "cleared a1"]

    def test_the_end_of_what_was_given_up_is_not_told(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        at_s = NOON_S + 30
        for _ in range(MOST_ATTEMPTS - 1):
            world.fail("mail", at_s)
            at_s = world.ledger.due_s("mail") or at_s
        world.see(cleared(CALM, at_s), at_s=at_s)
        assert world.fail("mail", at_s) == 2
        assert world.tell("mail", at_s + HOUR_S) == []
        assert world.ledger.waiting("mail") == 0

    def test_what_grows_worse_while_a_message_is_under_way_is_told_after_it(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        batch = world.due("mail", NOON_S + 30)
        world.see(BAD, at_s=NOON_S + 31)
        world.ledger.sent("mail", batch, NOON_S + 32)
        assert [news.alert.severity for news in world.due("mail", NOON_S + 70)] == ["critical"]

    def test_what_cleared_while_its_message_is_under_way_is_told_after_it(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        batch = world.due("mail", NOON_S + 30)
        world.see(cleared(CALM, NOON_S + 31), at_s=NOON_S + 31)
        world.ledger.sent("mail", batch, NOON_S + 32)
        assert world.tell("mail", NOON_S + 70) == ["cleared a1"]

    def test_a_way_that_is_turned_off_forgets_what_waited(self) -> None:
        world = World()
        world.see(CALM, at_s=NOON_S)
        world.delivery = Delivery()
        assert world.tell("mail", NOON_S + 30) == []
        world.delivery = ALL
        assert world.tell("mail", NOON_S + 60) == []


def test_what_cleared_long_ago_is_forgotten() -> None:
    world = World()
    world.see(CALM, at_s=NOON_S)
    for way in WAYS:
        world.tell(way, NOON_S + 30)
    world.ledger.prune(NOON_S + 9 * HOUR_S)
    assert len(world.ledger.courses) == 1, "it is still open"
    world.see(cleared(CALM, NOON_S + 60), at_s=NOON_S + 60)
    for way in WAYS:
        world.tell(way, NOON_S + 90)
    world.ledger.prune(NOON_S + 3 * HOUR_S)
    assert world.ledger.courses == {}
