"""Numbers of standing: levels, the day's cap, trust."""

from dataclasses import replace

import pytest

from rackside_server.standing import rules
from rackside_server.standing.rules import LEVEL_1, LEVEL_2, LEVEL_3, Conduct, level_of, points_given


@pytest.mark.parametrize(
    ("points", "number", "next_points"),
    [(-5, 1, 100), (0, 1, 100), (99, 1, 100), (100, 2, 250), (249_999, 14, 250_000), (250_000, 15, 0)],
)
def test_a_level_begins_at_its_points(points: int, number: int, next_points: int) -> None:
    level = level_of(points)
    assert (level.number, level.next_points) == (number, next_points)


def test_there_are_fifteen_levels_each_with_a_name_of_its_own() -> None:
    assert len({name for _, name in rules.LEVELS}) == 15
    assert [points for points, _ in rules.LEVELS] == sorted({points for points, _ in rules.LEVELS})


@pytest.mark.parametrize(
    ("why", "points", "given_today", "awards_today", "given"),
    [
        ("helpful", 5, 0, 0, 5),
        ("helpful", 5, 198, 0, 2),
        ("helpful", 5, 200, 0, 0),
        ("accepted", 25, 200, 99, 25),
        ("replied", 1, 0, 9, 1),
        ("replied", 1, 0, 10, 0),
        ("unhelpful", -2, 200, 0, -2),
    ],
)
def test_a_day_brings_so_many_points(why: str, points: int, given_today: int, awards_today: int, given: int) -> None:
    assert points_given(why, points, given_today=given_today, awards_today=awards_today) == given


def conduct(*levels: Conduct) -> Conduct:
    """Return what just meets all of these."""
    return Conduct(
        **{
            name: max(getattr(level, name) for level in levels)
            for name in Conduct.__dataclass_fields__
            if name != "recent_upheld_flags"
        }
    )


class TestTrust:
    def test_each_level_is_earned_by_what_it_asks(self) -> None:
        assert rules.trust_level_earned(Conduct(), members=1_000) == 0
        assert rules.trust_level_earned(conduct(LEVEL_1), members=1_000) == 1
        assert rules.trust_level_earned(conduct(LEVEL_1, LEVEL_2), members=1_000) == 2
        assert rules.trust_level_earned(conduct(LEVEL_1, LEVEL_2, LEVEL_3), members=1_000) == 3

    @pytest.mark.parametrize("name", [name for name in Conduct.__dataclass_fields__ if name != "recent_upheld_flags"])
    def test_each_requirement_is_required(self, name: str) -> None:
        whole = conduct(LEVEL_1, LEVEL_2, LEVEL_3)
        assert rules.trust_level_earned(replace(whole, **{name: 0}), members=1_000) < 3

    def test_upheld_flags_keep_from_the_third_level(self) -> None:
        flagged = replace(conduct(LEVEL_1, LEVEL_2, LEVEL_3), recent_upheld_flags=6)
        assert rules.trust_level_earned(flagged, members=1_000) == 2

    def test_a_small_community_asks_for_half(self) -> None:
        half = Conduct(threads_entered=3, posts_read=15, minutes_read=5)
        assert rules.trust_level_earned(half, members=49) == 1
        assert rules.trust_level_earned(half, members=50) == 0


def test_the_vote_budget_follows_from_trust() -> None:
    assert [rules.idea_votes_allowed(level) for level in range(-1, 6)] == [2, 2, 4, 6, 8, 10, 10]
