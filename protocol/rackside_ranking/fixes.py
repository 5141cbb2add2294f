"""What a fix is worth: how surely it cures, beyond the machines that would have been cured without it. Pure."""

import math
from typing import Final

Z: Final = 2.58
"""Of a two-sided interval of 99 %: at 95 % one machine of one is worth as much as eight of twenty."""
PRIOR_CLEARED, PRIOR_SEEN = 1.0, 10.0
"""What is believed of an alert that nobody has watched clear by itself: one of ten does."""
PRIOR_TRIED: Final = 10.0
"""Machines on which every fix is believed to have done nothing, before it is tried."""
LIKELY: Final = 0.25
"""What is only likely counts, of what is sure: without it all fixes that are not surely better than nothing tie."""


def wilson_lower(cleared: float, tried: float, z: float = Z) -> float:
    """Return the lower bound of the rate of cures (Wilson, 1927, "Probable inference", JASA 22); 0 of none."""
    if tried <= 0:
        return 0.0
    rate, spread = cleared / tried, z * z / tried
    middle = rate + spread / 2
    return max(0.0, (middle - z * math.sqrt((rate * (1 - rate) + spread / 4) / tried)) / (1 + spread))


def untreated_rate(cleared: float, seen: float) -> float:
    """Return the rate at which an alert clears where nothing was tried, with a weak prior."""
    return (cleared + PRIOR_CLEARED) / (seen + PRIOR_SEEN)


def lift(tried: float, cleared: float, untreated: float) -> float:
    """Return how much of what would not have cleared by itself a fix clears: surely, and with a quarter likely.

    It is 0 without a report, up to 1.25 for a cure, and down to -0.25 for what clears less than nothing does.
    """
    if untreated >= 1:
        return 0.0
    sure = max(0.0, wilson_lower(cleared, tried) - untreated)
    likely = (cleared - tried * untreated) / (tried + PRIOR_TRIED)
    return (sure + LIKELY * max(likely, untreated - 1)) / (1 - untreated)
