"""When maintenance is: once, daily or weekly by the local clock, for a machine, a group, or all."""

import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from rackside.store.hosts import Host, Maintenance, Repeat
from rackside.watch.maintenance import begun_s, covers, in_force, wrong

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_S = 3_600.0
DAY_S = 86_400.0


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def local(*when: int) -> float:
    return datetime(*when, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type, misc] # year to minute


def window(starts_s: float, hours: float, repeat: Repeat = "once", **of: str) -> Maintenance:
    return Maintenance(starts_s=starts_s, ends_s=starts_s + hours * HOUR_S, repeat=repeat, **of)


def test_once_is_from_its_beginning_to_before_its_end() -> None:
    each = window(1_000.0, 1)
    assert [covers(each, at_s) for at_s in (999.0, 1_000.0, 4_599.0, 4_600.0)] == [False, True, True, False]


def test_daily_is_at_the_same_local_hour_after_summer_time_began() -> None:
    each = window(local(2026, 3, 27, 23, 30), 2, "daily")
    assert covers(each, local(2026, 4, 2, 23, 45))
    assert covers(each, local(2026, 4, 3, 1, 15))
    assert not covers(each, local(2026, 4, 3, 1, 45))
    assert not covers(each, local(2026, 4, 2, 22, 45))
    assert begun_s(each, local(2026, 4, 3, 1, 15)) == local(2026, 4, 2, 23, 30)


def test_in_the_night_of_the_change_it_lasts_as_long_as_ever() -> None:
    each = window(local(2026, 10, 1, 1, 0), 3, "daily")
    begins = local(2026, 10, 25, 1, 0)
    held = [minute for minute in range(6 * 60) if covers(each, begins + 60 * minute)]
    assert held == list(range(3 * 60))


def test_weekly_is_on_one_day() -> None:
    each = window(local(2026, 11, 1, 2, 0), 4, "weekly")
    assert covers(each, local(2026, 11, 22, 5, 59))
    assert not covers(each, local(2026, 11, 22, 6, 0))
    assert not covers(each, local(2026, 11, 23, 3, 0))
    assert not covers(each, local(2026, 10, 25, 3, 0))


@pytest.mark.parametrize(
    ("of", "holds"),
    [({"host": "a"}, True), ({"host": "b"}, False), ({"group": "web"}, True), ({"group": "db"}, False), ({}, True)],
)
def test_it_is_of_a_machine_of_a_group_or_of_all(of: dict[str, str], holds: bool) -> None:  # noqa: FBT001 - a case
    each = window(0.0, 1, **of)  # type: ignore[arg-type] # names of fields
    assert (in_force([each], Host(name="a", group="web"), 60.0) is not None) is holds


def test_what_would_never_end_is_refused() -> None:
    assert wrong(window(0.0, 0)) == "It ends before it begins."
    assert wrong(window(0.0, 25, "daily")) == "It is not over before it begins again."
    assert wrong(window(0.0, 24, "daily")) == wrong(window(0.0, 24 * 7, "weekly")) == wrong(window(0.0, 25)) == ""
