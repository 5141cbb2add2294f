"""Errors in groups: what is new and what is out of its usual raises an alert, and hardly anything else does."""

import random
from collections.abc import Callable, Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rackside.watch.logs import limits
from rackside.watch.logs.groups import Group, GroupFinding, Groups
from rackside.watch.logs.limits import DAY_S
from rackside.watch.logs.line import Line
from rackside.watch.signature import signature

HOUR_S = 3_600.0
START_S = 1_800_000_000.0
OLD = "Connection refused by the back end"
FRESH = "Read-only file system, cannot write"


def line(text: str, at_s: float, unit: str = "shop", level: int = 3) -> Line:
    return Line(at_s=at_s, unit=unit, level=level, text=text)


class Log:
    """A log that passes, minute by minute, with the errors that a test says."""

    def __init__(self, groups: Groups | None = None) -> None:
        self.groups = groups or Groups()
        self.at_s = START_S
        self.found: list[tuple[float, GroupFinding]] = []

    def passes(self, for_s: float, errors: Callable[[float], Iterable[Line]] = lambda _at_s: ()) -> list[GroupFinding]:
        """Let time pass a minute at a time; return what was found."""
        before, end_s = len(self.found), self.at_s + for_s
        while self.at_s < end_s:
            learning = self.at_s - START_S < limits.LEARN_S
            found = self.groups.take(errors(self.at_s), self.at_s, learning=learning)
            self.found += [(self.at_s, each) for each in found]
            self.at_s += 60
        return [each for _, each in self.found[before:]]

    def says(self, text: str, number: int = 1, level: int = 3) -> list[GroupFinding]:
        """Log something now, so many times."""
        return self.passes(60, lambda at_s: [line(text, at_s, level=level)] * number)


def learned() -> Log:
    """A log of a day and a little, with an error now and then."""
    log = Log()
    assert log.passes(1.1 * DAY_S, lambda at_s: [line(OLD, at_s)] if at_s % 1800 < 60 else []) == []
    return log


def test_the_first_day_is_learned_quietly() -> None:
    log = Log()
    assert log.passes(DAY_S - 60, lambda at_s: [line(FRESH, at_s, level=1)] * 30) == []


def test_an_error_that_is_new_is_found_when_it_was_seen_three_times() -> None:
    log = learned()
    assert log.says(FRESH) == []
    assert log.says(FRESH) == []
    [finding] = log.says(FRESH)
    assert (finding.why, finding.severity, finding.unit) == ("new", "warning", "shop")
    assert finding.signature == signature("log.error", "shop", "read-only file system cannot write")
    assert finding.example == FRESH
    assert log.says(OLD, 3) == []


def test_one_that_is_critical_is_found_at_once() -> None:
    [finding] = learned().says("power supply is about to go", level=2)
    assert finding.severity == "critical"
    assert finding.reading().metric == "log.critical"


def test_what_is_new_is_new_for_a_day_and_then_usual() -> None:
    log = learned()
    found = log.passes(3 * DAY_S, lambda at_s: [line(FRESH, at_s)] if at_s % 600 < 60 else [])
    assert found
    last_s = max(at_s for at_s, _ in log.found)
    assert last_s - min(at_s for at_s, _ in log.found) < limits.NEW_FOR_S


def test_what_is_ten_times_its_usual_is_found_and_of_few_lines_nothing_is_said() -> None:
    log = learned()
    assert log.says(OLD, limits.LEAST_BURST - 2) == []
    log.passes(HOUR_S)
    [finding] = log.says(OLD, limits.LEAST_BURST)
    assert (finding.why, finding.severity, finding.lines) == ("burst", "warning", limits.LEAST_BURST)
    assert 1 < finding.usual_per_h < 4


def test_what_is_often_there_has_to_grow_tenfold() -> None:
    log = Log()
    log.passes(2 * DAY_S, lambda at_s: [line(OLD, at_s)] * 5)
    assert log.passes(HOUR_S, lambda at_s: [line(OLD, at_s)] * 40) == []
    assert {each.why for each in log.passes(HOUR_S, lambda at_s: [line(OLD, at_s)] * 110)} == {"burst"}


def test_a_burst_that_goes_on_becomes_usual_within_a_day() -> None:
    log = learned()
    log.passes(2 * DAY_S, lambda at_s: [line(OLD, at_s)] * 5)
    assert log.found
    assert max(at_s for at_s, _ in log.found) < START_S + 2.1 * DAY_S


def test_a_job_that_is_loud_every_night_is_no_burst_the_second_time() -> None:
    log = learned()

    def nightly(at_s: float) -> list[Line]:
        hour = at_s % DAY_S / HOUR_S
        return [line("backup of a file failed", at_s)] * 50 if 2 <= hour < 2.2 else []

    log.passes(2 * DAY_S, nightly)
    before = len(log.found)
    assert log.passes(10 * DAY_S, nightly) == []
    assert before, "the first night it is new"


def test_a_night_that_is_read_at_once_in_the_morning_is_learned_as_if_it_had_been_followed() -> None:
    log = learned()
    night = [line(OLD, log.at_s + minute * 60) for minute in range(600) for _ in range(50 if minute < 5 else 0)]
    night += [line(OLD, log.at_s + 60 * minute) for minute in range(60, 600, 30)]
    log.at_s += DAY_S
    log.groups.take(night, log.at_s)
    assert log.says(OLD, 400) == []
    assert [each.why for each in log.says(OLD, 200)] == ["burst"]


def test_the_burst_of_a_boot_is_not_judged_and_what_stays_is_found() -> None:
    log = learned()
    groups = Groups([log.groups.newest()[0]], booted_s=log.at_s)
    again = Log(groups)
    again.at_s = log.at_s
    assert again.passes(120, lambda at_s: [line(FRESH, at_s)] * 50 + [line(OLD, at_s)] * 50) == []
    assert again.says(OLD) == []
    assert [each.why for each in again.says(FRESH, 3)] == ["new"]


def test_what_was_logged_long_ago_is_learned_from_and_not_judged() -> None:
    log = learned()
    late = [line(FRESH, log.at_s - 2 * DAY_S) for _ in range(5)]
    assert log.groups.take(late, log.at_s) == []
    assert [each.why for each in log.groups.take([line("other", log.at_s - HOUR_S)] * 3, log.at_s)] == ["new"]


def test_who_says_ever_new_things_is_one_group_in_the_end() -> None:
    log = learned()
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [f"failed {one}{two}{three}" for one in letters for two in letters for three in letters[:3]]
    log.groups.take([line(text, log.at_s, "talker") for text in texts], log.at_s)
    kept = [group for group in log.groups.newest(10_000) if group.unit == "talker"]
    assert len(kept) == limits.MOST_OF_A_UNIT + 1
    assert sum(group.count for group in kept) == len(texts)


def test_of_too_many_groups_that_which_was_not_seen_for_longest_goes_and_memory_is_bounded() -> None:
    groups = Groups()
    letters = "abcdefghijklmnopqrstuvwxyz"
    units = [f"{one}{two}{three}" for one in letters for two in letters for three in letters[:4]]
    for unit in units:
        groups.take([line("failed", START_S, unit), line("cannot", START_S, "kept")], START_S)
    assert len(groups.newest(10_000)) == limits.MOST_GROUPS
    assert groups.get(signature("log.error", "kept", "cannot")) is not None
    assert groups.get(signature("log.error", units[0], "failed")) is None
    assert groups.get(signature("log.error", units[-1], "failed")) is not None
    assert signature("log.error", units[0], "failed") in groups.changed


def test_an_upgrade_that_makes_a_hundred_new_errors_raises_some_and_says_how_many_it_withheld() -> None:
    log = learned()
    letters = "abcdefghij"
    lines = [line(f"failed {one}{two}", log.at_s) for one in letters for two in letters[:9] for _ in range(3)]
    found = log.groups.take(lines, log.at_s)
    assert len(found) == limits.MOST_ALERTS
    assert log.groups.withheld == 90 - limits.MOST_ALERTS
    assert [each.why for each in log.groups.take([line("the disk died", log.at_s, level=1)], log.at_s)] == ["new"]


def test_on_an_ordinary_machine_of_a_month_fewer_than_one_alert_of_twenty_is_false() -> None:
    """Sixty kinds of errors, each at random with its own rate, some loud at night; nothing is wrong in that month."""
    chance = random.Random(7)  # noqa: S311 - invented errors
    letters = "abcdefghijklmnopqrstuvwxyz"
    kinds = [(f"cannot {one}{two}", chance.choice([0.3, 1, 3, 10, 60])) for one in letters for two in "xy"]
    nightly = [(f"failed {one}", chance.choice([5, 30, 300])) for one in letters[:8]]

    def errors(at_s: float) -> list[Line]:
        found = [line(text, at_s) for text, per_day in kinds for _ in range(chance.random() < per_day / 1440)]
        if at_s % DAY_S < 600:
            found += [line(text, at_s) for text, lines in nightly for _ in range(int(lines / 10 * chance.random() * 2))]
        return found

    log = Log()
    log.passes(3 * DAY_S, errors)
    found = log.passes(27 * DAY_S, errors)
    alerts = {(each.signature, each.why) for each in found}
    judged = len(kinds) + len(nightly)
    assert len(alerts) < judged / 20, alerts


@given(st.lists(st.tuples(st.sampled_from([OLD, FRESH]), st.floats(-3 * DAY_S, DAY_S)), max_size=60))
def test_to_keep_and_recall_it_between_any_two_lines_changes_nothing(seen: list[tuple[str, float]]) -> None:
    whole, kept = Groups(), Groups()
    for text, after_s in seen:
        lines = [line(text, START_S + after_s)]
        assert whole.take(lines, START_S + DAY_S) == kept.take(lines, START_S + DAY_S)
        body = [msgspec.json.encode(group) for group in kept.newest(10_000)]
        kept = Groups(msgspec.json.decode(each, type=Group) for each in body)


@pytest.mark.parametrize("text", ["", "\ufffd" * 400, "12 34"])
def test_what_has_no_words_has_a_name_nevertheless(text: str) -> None:
    log = learned()
    [finding] = log.says(text, 3)
    assert finding.component == "shop: other errors"
