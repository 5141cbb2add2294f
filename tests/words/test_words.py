"""Numbers, sizes and times at the edges where their words change."""

import pytest

from rackside import words

NOW_S = 1_750_000_000.0


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_049, "1.0k"),
        (9_949, "9.9k"),
        (9_960, "10k"),
        (99_999, "100k"),
        (999_499, "999k"),
        (999_999, "1.0M"),
        (3_400_000, "3.4M"),
        (-1_500, "-1.5k"),
    ],
)
def test_a_count_is_short_and_never_says_a_thousand_of_a_unit(number: int, shown: str) -> None:
    assert words.count(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 B"),
        (1_023, "1023 B"),
        (1_024, "1.0 KiB"),
        (10 * 1_024, "10 KiB"),
        (1_024**2 - 1, "1.0 MiB"),
        (3.4 * 1_024**2, "3.4 MiB"),
        (5 * 1_024**3, "5.0 GiB"),
        (2_000 * 1_024**5, "2000 PiB"),
    ],
)
def test_a_size_is_binary_with_one_digit_below_ten(number: float, shown: str) -> None:
    assert words.size(number) == shown


@pytest.mark.parametrize(
    ("passed_s", "shown"),
    [
        (-500, "now"),
        (0, "now"),
        (59.9, "now"),
        (60, "1 min ago"),
        (3_599, "59 min ago"),
        (3_600, "1 h ago"),
        (86_399, "23 h ago"),
        (86_400, "1 d ago"),
        (7 * 86_400 - 1, "6 d ago"),
    ],
)
def test_how_long_ago_changes_its_unit_when_one_is_full(passed_s: float, shown: str) -> None:
    assert words.ago(NOW_S - passed_s, NOW_S) == shown


def test_a_week_ago_is_a_date_and_another_year_is_named() -> None:
    assert words.ago(NOW_S - 7 * 86_400, NOW_S) == words.date(NOW_S - 7 * 86_400, NOW_S)
    assert words.date(NOW_S - 400 * 86_400, NOW_S).endswith("2024")
    assert not words.date(NOW_S, NOW_S).endswith("2025")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "1 minute"),
        (29, "1 minute"),
        (90, "2 minutes"),
        (7_199, "120 minutes"),
        (7_200, "2 hours"),
        (2 * 86_400 - 1, "48 hours"),
        (2 * 86_400, "2 days"),
        (2_000 * 86_400, "2,000 days"),
    ],
)
def test_a_span_is_whole_and_never_nothing(seconds: float, shown: str) -> None:
    assert words.span(seconds) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 votes"), (1, "1 vote"), (2, "2 votes"), (1_200, "1.2k votes")])
def test_one_is_singular(number: int, shown: str) -> None:
    assert words.counted(number, "vote") == shown


def test_a_time_of_another_day_has_its_date_before_it() -> None:
    assert words.clock(NOW_S, NOW_S) == words.date_and_time(NOW_S)[11:16]
    assert words.clock(NOW_S - 3 * 86_400, NOW_S).startswith(words.date(NOW_S - 3 * 86_400, NOW_S))
