"""Numbers and arithmetic of standing: points, levels, trust, budgets. Pure; shown to the members whom they bind."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

DAY_MS: Final = 24 * 60 * 60 * 1_000

POINTS_A_DAY: Final = 200
"""At most so many points are given to one member in a UTC day, `UNCAPPED` ones apart."""
UNCAPPED: Final = frozenset({"accepted", "verified_fix"})
AWARDS_A_DAY: Final = {"replied": 10}
"""How many awards of a kind earn points in a UTC day."""

LEVELS: Final = (
    (0, "Cage Nut"),
    (100, "Patch Lead"),
    (250, "Cable Tie"),
    (500, "Rack Shelf"),
    (1_000, "Keystone"),
    (2_500, "Power Feed"),
    (5_000, "Top of Rack"),
    (10_000, "Uplink"),
    (20_000, "Trunk"),
    (35_000, "Spine"),
    (50_000, "Core"),
    (75_000, "Aisle"),
    (100_000, "Machine Hall"),
    (150_000, "Site"),
    (250_000, "Backbone"),
)
"""The points at which each level begins, and its name."""

IDEA_VOTES_BY_TRUST_LEVEL: Final = (2, 4, 6, 8, 10)
SMALL_COMMUNITY_MEMBERS: Final = 50
"""With fewer members, half of each requirement is asked for levels 1 and 2."""


@dataclass(frozen=True)
class Level:
    """A level by points; `next_points` is where the following one begins, 0 after the last."""

    number: int
    name: str
    next_points: int


@dataclass(frozen=True)
class Conduct:
    """What a member has read and done. The `recent_` figures are those of the last 100 days."""

    threads_entered: int = 0
    posts_read: int = 0
    minutes_read: int = 0
    days_visited: int = 0
    likes_given: int = 0
    likes_got: int = 0
    replies: int = 0
    recent_days_visited: int = 0
    recent_replies: int = 0
    recent_threads_read_share: float = 0.0
    recent_posts_read_share: float = 0.0
    recent_likes_given: int = 0
    recent_likes_got: int = 0
    recent_upheld_flags: int = 0


LEVEL_1: Final = Conduct(threads_entered=5, posts_read=30, minutes_read=10)
LEVEL_2: Final = Conduct(
    threads_entered=20, posts_read=100, minutes_read=60, days_visited=15, likes_given=1, likes_got=1, replies=3
)
LEVEL_3: Final = Conduct(
    recent_days_visited=50,
    recent_replies=10,
    recent_threads_read_share=0.25,
    recent_posts_read_share=0.25,
    recent_likes_given=30,
    recent_likes_got=20,
    recent_upheld_flags=5,
)
"""Discourse's requirements; of upheld flags it is the most that are forgiven. Level 4 is given by hand."""


def level_of(points: int) -> Level:
    """Return the level that a number of points is on; below zero it is the first."""
    number = max(1, bisect_right(LEVELS, points, key=lambda level: level[0]))
    following = LEVELS[number][0] if number < len(LEVELS) else 0
    return Level(number=number, name=LEVELS[number - 1][1], next_points=following)


def idea_votes_allowed(trust_level: int) -> int:
    """Return on how many open ideas a member of this trust level may have votes at once."""
    return IDEA_VOTES_BY_TRUST_LEVEL[max(0, min(trust_level, len(IDEA_VOTES_BY_TRUST_LEVEL) - 1))]


def points_given(why: str, points: int, *, given_today: int, awards_today: int) -> int:
    """Return how many of an award's points are given, with what the day has brought already.

    Args:
        why: the kind of award.
        points: what it is worth; a loss is never capped.
        given_today: the capped points that the member was given today.
        awards_today: how many awards of this kind earned her points today.
    """
    if points <= 0 or why in UNCAPPED:
        return points
    if awards_today >= AWARDS_A_DAY.get(why, awards_today + 1):
        return 0
    return max(0, min(points, POINTS_A_DAY - given_today))


def trust_level_earned(conduct: Conduct, *, members: int) -> int:
    """Return the trust level, 0 to 3, that reading and conduct have earned. Points play no part."""
    share = 0.5 if members < SMALL_COMMUNITY_MEMBERS else 1.0
    if not _meets(conduct, LEVEL_1, share):
        return 0
    if not _meets(conduct, LEVEL_2, share):
        return 1
    forgiven = conduct.recent_upheld_flags <= LEVEL_3.recent_upheld_flags
    return 3 if forgiven and _meets(conduct, LEVEL_3, share) else 2


def _meets(conduct: Conduct, required: Conduct, share: float) -> bool:
    """Say whether conduct reaches a share of every requirement, upheld flags apart."""
    return all(
        getattr(conduct, name) >= getattr(required, name) * share
        for name in Conduct.__dataclass_fields__
        if name != "recent_upheld_flags"
    )
