"""The rules on invented time series. The numbers are those that the project publishes, written here a second time."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from statistics import linear_regression, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rackside.watch import limits
from rackside.watch.model import SEVERITIES, Alert, Reading
from rackside.watch.rules import Judge
from rackside.watch.trends import Filling, Usual
from tests.watch.judging import GIB, HOUR_S, MINUTE_S, START_S, Readings, Watched

Make = Callable[[float], Readings]


def disk(used: float, free_bytes: float = 100 * GIB) -> list[Reading]:
    return [
        Reading("disk.used", used, "%", "/srv", "ext4"),
        Reading("disk.free", free_bytes, "B", "/srv", "ext4"),
    ]


def small_disk(used: float) -> list[Reading]:
    return disk(used, 1 * GIB)


def one(metric: str, component: str = "", kind: str = "", unit: str = "%") -> Make:
    return lambda value: Reading(metric, value, unit, component, kind)


LEVELS: list[tuple[str, str, Make, float, float, float]] = [
    # kind, severity, reading, raises at, does not raise at, minutes
    ("disk.used", "warning", disk, 90, 89.9, 5),
    ("disk.used", "critical", small_disk, 98, 97.9, 5),
    ("disk.inodes", "warning", one("disk.inodes", "/srv", "ext4"), 90, 89.9, 5),
    ("disk.inodes", "critical", one("disk.inodes", "/srv", "ext4"), 98, 97.9, 5),
    ("memory.available", "warning", one("memory.available"), 9.9, 10, 15),
    ("memory.oom", "critical", one("memory.oom"), 1, 0, 0),
    ("cpu.used", "info", one("cpu.used"), 95, 94.9, 13.5),
    ("load", "warning", one("load.per_core", unit=""), 2, 1.99, 15),
    ("io.wait", "warning", one("cpu.iowait"), 40, 39.9, 9),
    ("nic.use", "warning", one("nic.use", "eth0", "ethernet"), 90, 89.9, 9),
    ("nic.drops", "warning", one("nic.drops", "eth0", "ethernet"), 2, 1.9, 10),
    ("nic.drops", "warning", one("nic.drops", "wlan0", "wireless"), 10, 9.9, 10),
    ("ping.loss", "warning", one("ping.loss", "gateway", "gateway"), 5, 4.9, 0),
    ("ping.loss", "critical", one("ping.loss", "gateway", "gateway"), 10, 9.9, 0),
    ("ping.down", "critical", one("ping.down", "gateway", "gateway"), 1, 0, 5 / 6),
    ("ping.down", "critical", one("host.down", "shop", "ping"), 1, 0, 0),
    ("dns", "warning", one("dns.bad"), 10, 9.9, 0),
    ("dns", "critical", one("dns.bad"), 40, 39.9, 0),
    ("internet", "warning", one("internet.bad"), 10, 9.9, 0),
    ("internet", "critical", one("internet.bad"), 40, 39.9, 0),
    ("temperature", "warning", one("temperature.margin", "coretemp 1", "coretemp"), 0, -0.1, 1),
    ("temperature", "critical", one("temperature.margin", "coretemp 1", "coretemp"), 1, 0.9, 1),
]
"""As RULES has them. A mean over ten minutes speaks when nine of them are known."""


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: f"{level[0]} {level[1]}")
def test_a_level_is_raised_when_it_held_for_its_time_and_not_before(
    level: tuple[str, str, Make, float, float, float],
) -> None:
    kind, severity, make, bad, good, minutes = level
    watched = Watched()
    watched.sees(make(good), 2 * HOUR_S)
    assert (kind, severity) not in watched.open
    watched = Watched()
    if minutes:
        watched.sees(make(bad), minutes * MINUTE_S - watched.every_s)
        assert (kind, severity) not in watched.open, "too early"
        watched.sleeps(watched.every_s)
    watched.sees(make(bad))
    assert watched.open == [(kind, severity)]


@pytest.mark.parametrize(
    ("make", "bad", "between", "good"),
    [
        (disk, 91, 80, 79.9),
        (one("memory.available"), 5, 14.9, 15),
        (one("cpu.iowait"), 50, 20.1, 19),
        (one("nic.use", "eth0"), 95, 85.1, 84),
        (one("dns.bad"), 20, 5, 4.9),
    ],
)
def test_an_alert_clears_when_it_was_good_for_a_quarter_of_an_hour(
    make: Make, bad: float, between: float, good: float
) -> None:
    watched = Watched()
    [raised] = watched.sees(make(bad), HOUR_S)
    assert watched.sees(make(between), 3 * HOUR_S) == [], "between the levels, what is stays"
    begun_s = watched.at_s + watched.every_s
    watched.sleeps(watched.every_s)
    [cleared] = watched.sees(make(good), 40 * MINUTE_S)
    assert cleared.id == raised.id
    assert cleared.cleared_at_s - begun_s >= 15 * MINUTE_S
    assert watched.open == []


@pytest.mark.parametrize("used", [85, 95])
def test_one_look_that_is_not_good_begins_the_wait_anew(used: float) -> None:
    watched = Watched()
    watched.sees(disk(95), 10 * MINUTE_S)
    watched.sees(disk(70), 14 * MINUTE_S)
    watched.sees(disk(used))
    assert watched.sees(disk(70), 14 * MINUTE_S) == []


def test_each_flap_makes_the_wait_half_as_long_again_up_to_an_hour() -> None:
    watched = Watched()
    waits = []
    for _ in range(6):
        watched.sees(one("dns.bad")(20))
        begun_s = watched.at_s
        while not watched.sees(one("dns.bad")(0)):
            watched.sleeps(watched.every_s)
        waits.append((watched.at_s - begun_s) / MINUTE_S)
        watched.sleeps(watched.every_s)
    assert waits == pytest.approx([15, 22.5, 33.75, 50.625, 60, 60], abs=0.2)


def test_a_flap_is_forgotten_after_an_hour() -> None:
    watched = Watched()
    watched.sees(one("dns.bad")(20))
    watched.sees(one("dns.bad")(0), 15 * MINUTE_S + HOUR_S)
    watched.sleeps(10)
    [again] = watched.sees(one("dns.bad")(20))
    assert again.flaps == 0


def test_what_comes_back_within_its_snooze_stays_quiet() -> None:
    watched = Watched()
    [raised] = watched.sees(one("dns.bad")(20))
    watched.judge.mark(replace(raised, snoozed_until_s=watched.at_s + 4 * HOUR_S))
    watched.sees(one("dns.bad")(0), 20 * MINUTE_S)
    [again] = watched.sees(one("dns.bad")(20))
    assert again.id != raised.id
    assert again.is_silent(watched.at_s)


def test_nothing_is_judged_in_the_first_two_minutes_after_boot() -> None:
    judge = Judge()
    assert judge.look([one("dns.bad")(100)], START_S, uptime_s=119) == ()
    assert judge.look([one("dns.bad")(100)], START_S + 1, uptime_s=120)


def test_nothing_is_judged_in_the_first_two_minutes_after_a_sleep_and_nothing_held_counts_on() -> None:
    watched = Watched()
    watched.sees(disk(95), 4 * MINUTE_S)
    watched.sleeps(8 * HOUR_S)
    assert watched.sees([*disk(95), one("dns.bad")(100)], 110) == []
    watched.sleeps(10)
    assert [alert.kind for alert in watched.sees([*disk(95), one("dns.bad")(100)], 4 * MINUTE_S)] == ["dns"]
    assert [alert.kind for alert in watched.sees(disk(95), 2 * MINUTE_S)] == ["disk.used"]


def test_an_alert_outlasts_a_sleep() -> None:
    watched = Watched()
    [raised] = watched.sees(disk(95), 5 * MINUTE_S)
    watched.sleeps(8 * HOUR_S)
    assert watched.sees(disk(95), HOUR_S) == []
    assert watched.judge.open() == [raised]


@pytest.mark.parametrize("step_s", [-5.0, -0.001, 30.0])
def test_a_clock_that_is_put_right_by_seconds_changes_nothing(step_s: float) -> None:
    watched = Watched()
    watched.sees(disk(95), 3 * MINUTE_S)
    watched.sleeps(step_s)
    assert watched.sees(disk(95), 2 * MINUTE_S + 10)


def test_a_clock_that_was_years_ahead_does_not_stop_the_watch() -> None:
    watched = Watched(at_s=START_S + 9 * 365 * 86_400)
    watched.sees(lambda at: disk(50 + (at % 86_400) / HOUR_S / 10), 3 * HOUR_S)
    watched.at_s = START_S
    watched.sees(lambda at: disk(70 + 2 * (at - START_S) / HOUR_S), 4 * HOUR_S)
    assert ("disk.filling", "warning") in watched.open


def test_it_grows_worse_and_is_said_again_to_who_had_acknowledged_it() -> None:
    watched = Watched()
    [raised] = watched.sees(one("dns.bad")(20))
    watched.judge.mark(replace(raised, acknowledged_at_s=watched.at_s))
    assert watched.judge.open()[0].is_silent(watched.at_s)
    [worse] = watched.sees(one("dns.bad")(50))
    assert (worse.id, worse.severity) == (raised.id, "critical")
    assert not worse.is_silent(watched.at_s)
    assert "50 %" in worse.summary


def test_what_is_no_longer_critical_eases_to_a_warning_and_keeps_its_acknowledgement() -> None:
    watched = Watched()
    watched.sees(small_disk(99), 6 * MINUTE_S)
    watched.judge.mark(replace(watched.judge.open()[0], acknowledged_at_s=watched.at_s))
    [eased] = watched.sees(disk(95), HOUR_S)
    assert (eased.severity, bool(eased.acknowledged_at_s), eased.is_open()) == ("warning", True, True)
    [cleared] = watched.sees(disk(50), HOUR_S)
    assert cleared.id == eased.id


def test_a_disk_that_is_full_by_percent_with_much_room_left_is_not_critical() -> None:
    watched = Watched()
    watched.sees(disk(99, 5 * GIB), HOUR_S)
    assert watched.open == [("disk.used", "warning")]


def test_an_alert_of_what_was_taken_out_clears_by_itself() -> None:
    watched = Watched()
    [raised] = watched.sees(disk(95), 5 * MINUTE_S)
    [cleared] = watched.sees([], HOUR_S)
    assert cleared.id == raised.id
    assert cleared.cleared_at_s - raised.raised_at_s == pytest.approx(15 * MINUTE_S, abs=11)


def test_alerts_outlast_a_restart_and_are_not_raised_twice() -> None:
    before = Watched()
    before.sees(small_disk(99), HOUR_S)
    after = Watched(Judge(before.judge.open()), before.at_s + 5)
    assert after.sees(small_disk(99), HOUR_S) == []
    assert after.judge.open() == before.judge.open()
    [cleared] = after.sees(disk(10), HOUR_S)
    assert cleared.id == before.judge.open()[0].id


def test_a_flap_over_a_restart_counts() -> None:
    before = Watched()
    before.sees(one("dns.bad")(20))
    [cleared] = before.sees(one("dns.bad")(0), 20 * MINUTE_S)[-1:]
    [again] = Watched(Judge([cleared]), before.at_s + 5).sees(one("dns.bad")(20))
    assert again.flaps == 1


@given(
    st.lists(st.tuples(st.floats(1, 400), st.floats(0, 100)), min_size=3, max_size=60),
    st.integers(0, 500),
)
def test_the_line_that_is_kept_up_to_date_is_the_one_through_all_points(
    steps: list[tuple[float, float]], before: int
) -> None:
    judge = Filling((START_S - 60 * n, 50.0) for n in range(before, 0, -1))
    points = [(START_S - 60 * n, 50.0) for n in range(before, 0, -1)]
    at_s = START_S
    for pause_s, used in steps:
        at_s += pause_s
        judge.add(at_s, used)
        if not points or at_s - points[-1][0] >= 60:
            points = [point for point in [*points, (at_s, used)] if point[0] >= at_s - 6 * HOUR_S]
    if points[-1][0] - points[0][0] < HOUR_S:
        assert judge.full_in_s(0) is None
        return
    slope = linear_regression([at - at_s for at, _ in points], [used for _, used in points]).slope
    left_s = judge.full_in_s(0)
    assert (100 / left_s if left_s else 0.0) == pytest.approx(max(0.0, slope), rel=1e-6, abs=1e-9)


@given(st.lists(st.floats(0.01, 5_000), min_size=1, max_size=60))
def test_the_usual_is_the_median_of_the_newest(values: list[float]) -> None:
    usual = Usual(20)
    for value in values:
        usual.add(value)
    assert usual.median() == pytest.approx(median(values[-20:]))


def growing(percent_per_h: float, begin: float) -> Make:
    return lambda at: disk(begin + percent_per_h * (at - START_S) / HOUR_S)


@pytest.mark.parametrize(
    ("begin", "percent_per_h", "expected"),
    [
        (65, 1.5, [("disk.filling", "warning")]),  # 30 % free after three hours, full in 20 h
        (65, 1.2, []),  # full in 26 h
        (47, 4, []),  # full in 10 h, but 41 % free
        (30, 0, []),
        (80, -3, []),
    ],
)
def test_a_disk_that_will_be_full_within_a_day_is_said_after_two_hours_of_it(
    begin: float, percent_per_h: float, expected: list[tuple[str, str]]
) -> None:
    watched = Watched(every_s=30)
    watched.sees(growing(percent_per_h, begin), 2 * HOUR_S + 55 * MINUTE_S)
    assert watched.open == [], "an hour to know the trend, two hours of holding"
    watched.sees(growing(percent_per_h, begin), 6 * MINUTE_S)
    assert watched.open == expected


def test_a_disk_that_will_be_full_within_hours_is_critical_and_says_when() -> None:
    watched = Watched(every_s=30)
    watched.sees(growing(5, 74), 2.4 * HOUR_S)
    assert ("disk.filling", "critical") in watched.open
    assert watched.judge.open()[0].summary == "/srv will be full in about 3 hours"
    assert watched.judge.open()[0].reading == "disk.used /srv"


@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_when_it_is_full_is_told_from_the_last_six_hours(noise: float) -> None:
    judge = Judge()
    points = [(START_S + n * 60, 40 + 0.5 * n / 60 + noise * math.sin(n)) for n in range(360)]
    judge.recall("disk.used", "/srv", points)
    left_s = judge.full_in_s(disk(43)[0])
    assert left_s is not None
    assert left_s / HOUR_S == pytest.approx(57 / 0.5, rel=0.05)
    assert judge.full_in_s(Reading("disk.used", 43, "%", "/other")) is None


def night(at: float) -> float:
    """Return what a backup holds: 15 %, written from the second to the fifth hour of a day, deleted in the seventh."""
    hour = (at - START_S) % 86_400 / HOUR_S
    return 15 * min(1.0, max(0.0, (hour - 2) / 3)) if hour < 7 else 0.0


def test_a_backup_that_is_written_each_night_fills_nothing_up() -> None:
    watched = Watched(every_s=60)
    watched.sees(lambda at: disk(62 + night(at)), 24 * HOUR_S)
    assert [alert.kind for alert in watched.said if alert.is_open()] == ["disk.filling"], "the first time, who knows?"
    watched.said.clear()
    assert watched.sees(lambda at: disk(62.2 + night(at)), 48 * HOUR_S) == []
    watched.sees(lambda at: disk(62 + night(at) + 2.5 * (at - START_S - 72 * HOUR_S) / HOUR_S), 5.5 * HOUR_S)
    assert "disk.filling" in dict(watched.open), "this night it is more than a backup"


def test_that_a_disk_fills_as_it_did_a_week_ago_is_recalled_after_a_restart() -> None:
    week = [(START_S - 7 * 86_400 + n * 1_800, 62 + night(START_S + (n + 1) * 1_800)) for n in range(48)]
    judge = Judge()
    judge.recall("disk.used", "/srv", [], week)
    watched = Watched(judge, every_s=60)
    assert watched.sees(lambda at: disk(62 + night(at)), 10 * HOUR_S) == []


def test_inodes_that_run_out_are_foretold_too() -> None:
    watched = Watched(every_s=30)
    watched.sees(lambda at: one("disk.inodes", "/srv", "ext4")(70 + 2 * (at - START_S) / HOUR_S), 3.1 * HOUR_S)
    assert watched.open == [("inodes.filling", "warning")]


@pytest.mark.parametrize(("share", "expected"), [(19, None), (21, "warning"), (31, "critical")])
def test_what_is_swapped_out_is_added_up_over_half_an_hour(share: float, expected: str | None) -> None:
    watched = Watched()
    watched.sees(one("swap.out_share", unit="%/s")(share / (30 * MINUTE_S)), 2 * HOUR_S)
    assert watched.open == ([("swap.used", expected)] if expected else [])


def test_a_second_of_less_does_not_hide_what_is_bad_on_the_whole() -> None:
    watched = Watched(every_s=1)
    watched.sees(lambda at: one("cpu.iowait")(0 if at % 10 == 0 else 50), 10 * MINUTE_S)
    assert watched.open == [("io.wait", "warning")]


def test_a_second_of_much_is_no_alert() -> None:
    watched = Watched(every_s=1)
    assert watched.sees(lambda at: one("cpu.iowait")(100 if at % 10 == 0 else 0), HOUR_S) == []


def test_a_backup_of_eight_minutes_each_night_is_no_alert() -> None:
    watched = Watched(every_s=1)
    watched.sees(lambda at: one("cpu.iowait")(80 if 30 <= (at - START_S) / MINUTE_S < 38 else 3), HOUR_S)
    assert watched.said == [], "64 % on average over ten minutes, and good for two of them"


def test_a_few_lost_echoes_are_chance_and_more_bad_minutes_are_not() -> None:
    def lossy(checks: int) -> list[Reading]:
        return [one("ping.loss", "gateway")(7), one("ping.bad_times", "gateway", unit="")(checks)]

    watched = Watched(every_s=60)
    assert watched.sees(lossy(limits.LEAST_LOSSY - 1), HOUR_S) == []
    watched.sees(lossy(limits.LEAST_LOSSY))
    assert watched.open == [("ping.loss", "warning")]
    watched.sees(lossy(3), HOUR_S)
    assert watched.open == [("ping.loss", "warning")], "what is, stays until it is good"


def trip(ms: float) -> Reading:
    return Reading("ping.ms", ms, "ms", "gateway", "gateway")


@pytest.mark.parametrize(
    ("usual", "now", "expected"),
    [
        (20, 149, []),  # more than three times the usual, but never below 150 ms
        (20, 151, [("rtt", "warning")]),
        (100, 290, []),
        (100, 310, [("rtt", "warning")]),
        (600, 700, []),  # a satellite is slow, and that is usual
    ],
)
def test_round_trips_are_compared_with_what_is_usual_here(
    usual: float, now: float, expected: list[tuple[str, str]]
) -> None:
    watched = Watched(every_s=60)
    watched.sees(trip(usual), 3 * HOUR_S)
    watched.sees(trip(now), 9 * MINUTE_S)
    assert watched.open == []
    watched.sees(trip(now), 2 * MINUTE_S)
    assert watched.open == expected


def test_what_is_usual_is_recalled_after_a_restart() -> None:
    judge = Judge()
    judge.recall("ping.ms", "gateway", [(START_S, 20.0)] * 30)
    watched = Watched(judge, every_s=60)
    watched.sees(trip(200), 11 * MINUTE_S)
    assert watched.open == [("rtt", "warning")]


@pytest.mark.parametrize(
    ("metric", "usual", "now", "expected"),
    [
        ("host.ms", 40, 149, []),
        ("host.ms", 40, 200, [("rtt", "warning")]),
        ("tcp.ms", 40, 200, [("rtt", "warning")]),
        ("http.ms", 200, 900, []),  # within a second no page is slow
        ("http.ms", 200, 1_100, [("rtt", "warning")]),
        ("http.ms", 2_000, 5_000, []),
    ],
)
def test_what_is_watched_is_compared_with_what_is_usual_there(
    metric: str, usual: float, now: float, expected: list[tuple[str, str]]
) -> None:
    watched = Watched(every_s=60)
    watched.sees(Reading(metric, usual, "ms", "shop", "http"), 3 * HOUR_S)
    watched.sees(Reading(metric, now, "ms", "shop", "http"), HOUR_S)
    assert watched.open == expected


def test_a_parent_that_is_down_silences_its_children() -> None:
    bad = [one("dns.bad")(100), one("internet.bad")(100)]
    watched = Watched()
    watched.sees([one("ping.down", "gateway", "gateway")(1), *bad], HOUR_S)
    assert watched.open == [("ping.down", "critical")]
    watched = Watched()
    watched.sees([one("dns.down")(1), *bad], HOUR_S)
    assert watched.open == [("dns", "critical")]


def test_a_link_that_was_never_there_is_not_lost() -> None:
    link = one("nic.link", "eth1", "ethernet", "")
    watched = Watched()
    assert watched.sees(link(0), HOUR_S) == []
    watched.sees(link(1))
    watched.sees(link(0), 10)
    assert watched.open == [("nic.link", "critical")]


def links(wired: float, wireless: float) -> list[Reading]:
    return [
        Reading("nic.link", wired, "", "eth0", "ethernet"),
        Reading("nic.link", wireless, "", "wlan0", "wireless"),
    ]


def test_a_laptop_that_is_taken_from_its_desk_has_lost_nothing() -> None:
    watched = Watched()
    watched.sees(links(1, 1))
    assert watched.sees(links(0, 1), HOUR_S) == []
    assert watched.sees(links(1, 0), HOUR_S) == []
    watched.sees(links(0, 0), 60)
    assert [(alert.kind, alert.component) for alert in watched.judge.open()] == [("nic.link", "eth0")], "it was used"


def test_one_of_two_wires_that_is_lost_is_an_alert() -> None:
    watched = Watched()
    both = [one("nic.link", "eth0", "ethernet", "")(1), one("nic.link", "eth1", "ethernet", "")(1)]
    watched.sees(both)
    watched.sees([both[0], one("nic.link", "eth1", "ethernet", "")(0)], 10)
    assert watched.open == [("nic.link", "critical")]


def test_a_radio_link_that_comes_back_within_a_minute_was_not_lost() -> None:
    watched = Watched(every_s=1)
    link = one("nic.link", "wlan0", "wireless", "")
    watched.sees(link(1))
    watched.sees(link(0), 55)
    watched.sees(link(1), 5)
    assert watched.said == []
    watched.sees(link(0), 61)
    assert watched.open == [("nic.link", "critical")]


def test_a_reading_that_is_no_number_is_not_judged() -> None:
    watched = Watched()
    for value in (math.nan, math.inf, -math.inf):
        assert watched.sees([one("dns.bad")(value), *disk(value, value)], HOUR_S) == []


def test_names_with_braces_are_only_names() -> None:
    watched = Watched()
    watched.sees(Reading("disk.inodes", 95, "%", "/srv/{value.__class__}{0}", "ext4"), 6 * MINUTE_S)
    assert watched.judge.open()[0].summary == "/srv/{value.__class__}{0} has used 95 % of its inodes"


NAMES = st.sampled_from(["/srv/db-01", "eth0", "alpha.example.org", "192.0.2.7", "nvme0n1 Composite", ""])
HELD = [(kind, make) for kind, _, make, *_ in LEVELS]


@given(NAMES, st.sampled_from(["ext4", "wireless", "gateway", ""]), st.sampled_from(limits.RULES))
def test_a_signature_names_the_kind_and_the_class_and_nothing_of_this_machine(
    component: str, kind: str, rule: limits.Rule
) -> None:
    worst = max(rule.levels, key=lambda level: SEVERITIES.index(level.severity))
    value = worst.raise_at + (20 if rule.bad == "above" else -1)
    readings = [Reading(rule.metric, value, "%", component, kind)]
    judge = Judge()
    judge.look([Reading("nic.link", 1, "", component, kind)], START_S - 1)
    watched = Watched(judge, every_s=60)
    watched.sees(readings, HOUR_S)
    assert [alert.signature for alert in judge.open()] == [f"{rule.kind}/{kind}/"]
    assert re.fullmatch(r"[a-z.]+/[a-z0-9]*/", judge.open()[0].signature)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1.0, 10.0, 60.0, 89.0, 400.0, 7_200.0, -3.0, -5_000.0]),
            st.integers(0, 100),
            st.integers(1, 40),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_whatever_comes_each_alert_is_raised_once_cleared_at_most_once_and_one_at_a_time(
    steps: list[tuple[float, int, int, bool]],
) -> None:
    watched = Watched()
    for pause_s, value, times, present in steps:
        for _ in range(times):
            watched.sees([*small_disk(value), one("dns.bad")(value), one("cpu.iowait")(value)] if present else [])
            watched.sleeps(pause_s)
    open_now: dict[tuple[str, str], Alert] = {}
    ended: set[str] = set()
    for alert in watched.said:
        key = (alert.kind, alert.component)
        assert alert.id not in ended
        if key in open_now:
            assert open_now[key].id == alert.id
            assert not alert.is_open() or alert.severity != open_now[key].severity, "said without a change"
        else:
            assert alert.is_open()
        if alert.is_open():
            open_now[key] = alert
        else:
            ended.add(alert.id)
            del open_now[key]
    assert {alert.id for alert in watched.judge.open()} == {alert.id for alert in open_now.values()}


@given(st.lists(st.tuples(st.floats(0.1, 5_000), st.floats(0, 79)), max_size=100))
def test_what_is_always_good_never_alerts_however_irregular_the_looks(steps: list[tuple[float, float]]) -> None:
    watched = Watched()
    for pause_s, value in steps:
        watched.sees([*small_disk(60 + value % 1), one("nic.use", "eth0")(value), one("cpu.used")(value)])
        watched.sleeps(pause_s)
    assert watched.said == []
