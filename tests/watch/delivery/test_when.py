"""When it is quiet, and until when: over midnight, over days, over the change of the clock."""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rackside.settings import Delivery
from rackside.watch.delivery import when
from rackside.watch.delivery.model import Course
from tests.watch.delivery.making import ALL, BAD, CALM, NOON_S, cleared

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Delivery(quiet=True)


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


def at(text: str, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).timestamp()


def until(delivery: Delivery, text: str, fold: int = 0) -> str:
    end_s = when.quiet_until_s(delivery, at(text, fold))
    return f"{datetime.fromtimestamp(end_s, BERLIN):%Y-%m-%d %H:%M}" if end_s else ""


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-03-03 21:59", ""),
        ("2026-03-03 22:00", "2026-03-04 07:00"),
        ("2026-03-03 23:59:59", "2026-03-04 07:00"),
        ("2026-03-04 00:00", "2026-03-04 07:00"),
        ("2026-03-04 06:59:59", "2026-03-04 07:00"),
        ("2026-03-04 07:00", ""),
        ("2026-12-31 23:30", "2027-01-01 07:00"),
    ],
)
def test_a_night_begins_inclusive_and_ends_exclusive_over_midnight(now: str, end: str) -> None:
    assert until(NIGHT, now) == end


def test_hours_of_one_day_are_quiet_and_none_are_when_both_are_the_same() -> None:
    assert until(Delivery(quiet=True, quiet_from_h=12, quiet_to_h=13), "2026-03-03 12:30") == "2026-03-03 13:00"
    assert until(Delivery(quiet=True, quiet_from_h=12, quiet_to_h=13), "2026-03-03 13:00") == ""
    assert until(Delivery(quiet=True, quiet_from_h=7, quiet_to_h=7), "2026-03-03 07:00") == ""
    assert until(Delivery(quiet=False), "2026-03-03 23:00") == ""


def test_days_that_are_quiet_lengthen_the_night_before_them_and_after() -> None:
    weekend = Delivery(quiet=True, quiet_days=(5, 6))
    assert until(weekend, "2026-03-06 21:59") == ""
    assert until(weekend, "2026-03-06 22:00") == "2026-03-09 07:00"
    assert until(weekend, "2026-03-07 13:00") == "2026-03-09 07:00"
    assert until(Delivery(quiet=True, quiet_from_h=0, quiet_to_h=0, quiet_days=(6,)), "2026-03-08 09:00") == (
        "2026-03-09 00:00"
    )


def test_a_week_that_is_wholly_quiet_is_looked_at_again() -> None:
    assert until(Delivery(quiet=True, quiet_days=tuple(range(7))), "2026-03-03 12:00") == "2026-03-10 12:00"


def test_a_night_with_a_change_of_the_clock_ends_at_the_hour_on_the_wall() -> None:
    assert until(NIGHT, "2026-03-28 23:00") == "2026-03-29 07:00"
    assert when.quiet_until_s(NIGHT, at("2026-03-28 23:00")) - at("2026-03-28 23:00") == 7 * 3_600
    assert until(NIGHT, "2026-10-24 23:00") == "2026-10-25 07:00"
    assert when.quiet_until_s(NIGHT, at("2026-10-24 23:00")) - at("2026-10-24 23:00") == 9 * 3_600
    early = Delivery(quiet=True, quiet_from_h=22, quiet_to_h=2)
    assert until(early, "2026-03-29 01:30") == "2026-03-29 03:00", "two o'clock does not come in this night"
    assert until(early, "2026-10-25 01:30") == "2026-10-25 02:00"
    assert until(early, "2026-10-25 02:30", fold=1) == ""


def test_every_minute_of_a_year_has_an_end_that_is_later_and_not_quiet() -> None:
    for chosen in (NIGHT, Delivery(quiet=True, quiet_from_h=1, quiet_to_h=3, quiet_days=(6,))):
        start_s = at("2026-01-01 00:00")
        for now_s in range(int(start_s), int(start_s) + 366 * 86_400, 47 * 60):
            end_s = when.quiet_until_s(chosen, now_s)
            if end_s:
                assert end_s > now_s
                assert not when.quiet_until_s(chosen, end_s)


COURSE = Course(alert="a1", severity="warning", open=True, at_s=NOON_S)


def test_what_happened_to_an_alert_is_told_by_what_was_seen_before() -> None:
    assert when.transition(None, CALM) == "raised"
    assert when.transition(None, cleared(CALM, NOON_S)) is None
    assert when.transition(COURSE, CALM) is None
    assert when.transition(COURSE, BAD) == "worse"
    assert when.transition(Course(alert="a1", severity="critical", open=True, at_s=0), CALM) == "eased"
    assert when.transition(COURSE, cleared(CALM, NOON_S)) == "cleared"
    assert when.transition(Course(alert="a1", severity="warning", open=False, at_s=0), cleared(CALM, 1)) is None


def test_quiet_hours_hold_what_is_no_emergency() -> None:
    now_s, end_s = at("2026-03-03 23:00"), at("2026-03-04 07:00")
    chosen = Delivery(quiet=True, mail=ALL.mail)
    assert when.begins(chosen, "mail", COURSE, CALM, now_s) == (end_s, "quiet")
    assert when.begins(chosen, "mail", COURSE, BAD, now_s) == (now_s + when.BATCH_S, "")
    strict = Delivery(quiet=True, mail=ALL.mail, critical_breaks_quiet=False)
    assert when.begins(strict, "mail", COURSE, BAD, now_s) == (end_s, "quiet")


def test_a_way_that_is_off_or_wants_worse_hears_nothing() -> None:
    assert when.begins(Delivery(), "mail", COURSE, BAD, NOON_S) is None
    assert when.begins(Delivery(desktop=False), "desktop", COURSE, BAD, NOON_S) is None
    assert when.begins(Delivery(desktop_least="critical"), "desktop", COURSE, CALM, NOON_S) is None
    assert when.begins(Delivery(), "desktop", COURSE, CALM, NOON_S) == (NOON_S, "")
