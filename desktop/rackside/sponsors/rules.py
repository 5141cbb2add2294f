"""The numbers of sponsored panels, each shown on the page "What could be shown here"."""

from typing import Final

HOUR_S: Final = 3_600
DAY_S: Final = 86_400
WEEK_S: Final = 7 * DAY_S

CHANGE_AFTER_S: Final = 60
SHOWN_CAPS: Final = ((HOUR_S, 4), (DAY_S, 12))
"""(seconds, panels shown in them)"""
ONE_CREATIVE_A_DAY: Final = 3
ONE_CREATIVE_A_WEEK: Final = 10
NOT_FOR_ME_DAYS: Final = 90
NONE_FROM_TRUST_LEVEL: Final = 3

VIEWED_SHARE: Final = 0.5
"""Half of its pixels … [IAB/MRC viewable impression]"""
VIEWED_AFTER_S: Final = 1.0
"""… for a second without a break."""

CLICK_CAPS: Final = ((60, 1), (600, 3), (HOUR_S, 10), (DAY_S, 25))
"""(seconds, clicks counted in them)"""

ECPM_RANGE: Final = (1.0, 10.0)
OVERDUE_EXPONENT: Final = 1.5
TIERS: Final = ("paid", "community", "house")
"""The first tier with anything to show is shown."""
