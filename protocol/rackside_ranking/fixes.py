"""What a fix is worth: how surely it cures, beyond the machines that would have been cured without it. Pure."""

import math
from typing import Final

Z: Final = 1.96
"""Of a two-sided interval of 95 %."""
PRIOR_CLEARED, PRIOR_SEEN = 1.0, 10.0
"""What is believed of an alert that nobody has watched clear by itself: one of ten does."""


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
    """Return how much of what would not have cleared by itself a fix surely clears: 0 to 1."""
    return max(0.0, (wilson_lower(cleared, tried) - untreated) / (1 - untreated)) if untreated < 1 else 0.0
