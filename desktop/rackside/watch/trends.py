"""What a run of values says: its mean, its sum, and when a line through it reaches the top. Pure."""

import math
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable
from typing import Final

from rackside.watch.limits import (
    FILL_FIT_S,
    FILL_LEAST_SPAN_S,
    FILL_SAMPLE_S,
    FILL_USUAL_AGES_S,
    FILL_USUAL_MARGIN,
    GAP_S,
    HOUR_S,
    MINUTE_S,
)

SLOT_S: Final = 5.0
"""Values this near are kept as one."""
COVERED: Final = 0.9
"""A mean is believed once this much of its time is known."""
FULL: Final = 100.0


class Window:
    """The values of a trailing time, each weighted by the time since the one before: what it was the mean of."""

    def __init__(self, span_s: float) -> None:
        self._span_s = span_s
        self._slots: deque[list[float]] = deque()
        self._last_s: float | None = None
        self._seconds = self._area = 0.0

    def add(self, at_s: float, value: float) -> None:
        """Take a value; time that runs backwards weighs nothing."""
        seconds = min(max(0.0, at_s - self._last_s), GAP_S) if self._last_s is not None else 0.0
        self._last_s = at_s
        if not self._slots or abs(at_s - self._slots[-1][0]) >= SLOT_S:
            self._slots.append([at_s, 0.0, 0.0])
        slot, area = self._slots[-1], seconds * value
        slot[1] += seconds
        slot[2] += area
        self._seconds += seconds
        self._area += area
        while self._slots[0][0] < at_s - self._span_s:
            _, old_seconds, old_area = self._slots.popleft()
            self._seconds -= old_seconds
            self._area -= old_area

    def mean(self) -> float | None:
        """Return the mean, or None as long as too little is known."""
        return self._area / self._seconds if self._seconds >= COVERED * self._span_s else None

    def least(self) -> float:
        """Return the mean of its lowest minute; infinite as long as no minute of it is known."""
        least, seconds, area, begin = math.inf, 0.0, 0.0, 0
        slots = list(self._slots)
        for at_s, more_s, more in slots:
            seconds, area = seconds + more_s, area + more
            while slots[begin][0] <= at_s - MINUTE_S:
                seconds, area, begin = seconds - slots[begin][1], area - slots[begin][2], begin + 1
            if seconds >= COVERED * MINUTE_S:
                least = min(least, area / seconds)
        return least

    def total(self) -> float:
        """Return what a rate a second adds up to."""
        return self._area


class Filling:
    """How something fills up: percent used, a line through the last hours, by sums that are kept up to date."""

    def __init__(self, points: Iterable[tuple[float, float]] = (), before: Iterable[tuple[float, float]] = ()) -> None:
        """Begin with the points of the last hours, and with those of the last week for what is usual."""
        self._points: deque[tuple[float, float]] = deque(points)
        self._highest: dict[int, float] = {}
        self._slope: float | None = None
        self._origin_s = self._times = self._values = self._squares = self._products = 0.0
        self._sum_anew()
        self._fit()
        for at_s, used in before:
            self._note(at_s, used)

    def add(self, at_s: float, used: float) -> None:
        """Take a value; more than one a minute adds nothing."""
        if self._points and at_s - self._points[-1][0] < FILL_SAMPLE_S:
            return
        self._points.append((at_s, used))
        self._weigh(at_s, used, 1)
        while self._points[0][0] < at_s - FILL_FIT_S:
            self._weigh(*self._points.popleft(), -1)
        if at_s - self._origin_s > 2 * FILL_FIT_S:
            self._sum_anew()
        self._fit()
        self._note(at_s, used)

    def is_usual(self, used: float) -> bool:
        """Return whether it was about as full at this hour, or in the next, a day or a week ago."""
        if not self._points:
            return False
        hours = [int((self._points[-1][0] - age_s) // HOUR_S) for age_s in FILL_USUAL_AGES_S]
        then = [self._highest[each] for hour in hours for each in (hour, hour + 1) if each in self._highest]
        return used <= max(then, default=-math.inf) + FILL_USUAL_MARGIN

    def full_in_s(self, used: float) -> float | None:
        """Return in how many seconds it is full if it goes on like that, or None when it does not fill up."""
        return (FULL - used) / self._slope if self._slope is not None and self._slope > 0 else None

    def _note(self, at_s: float, used: float) -> None:
        hour = int(at_s // HOUR_S)
        if hour not in self._highest:
            oldest = (at_s - FILL_USUAL_AGES_S[-1]) // HOUR_S
            self._highest = {each: most for each, most in self._highest.items() if each >= oldest}
        self._highest[hour] = max(used, self._highest.get(hour, used))

    def _weigh(self, at_s: float, used: float, sign: int) -> None:
        since = at_s - self._origin_s
        self._times += sign * since
        self._values += sign * used
        self._squares += sign * since * since
        self._products += sign * since * used

    def _sum_anew(self) -> None:
        """Count times from the oldest point: sums that go on for long lose their last digits."""
        self._origin_s = self._points[0][0] if self._points else 0.0
        self._times = self._values = self._squares = self._products = 0.0
        for at_s, used in self._points:
            self._weigh(at_s, used, 1)

    def _fit(self) -> None:
        self._slope = None
        if self._points and self._points[-1][0] - self._points[0][0] >= FILL_LEAST_SPAN_S:
            count = len(self._points)
            spread = count * self._squares - self._times * self._times
            self._slope = (count * self._products - self._times * self._values) / spread


class Usual:
    """The median of the newest values, kept in order as they come: it is asked for at each of many round trips."""

    def __init__(self, most: int) -> None:
        self._newest: deque[float] = deque(maxlen=most)
        self._in_order: list[float] = []

    def add(self, value: float) -> None:
        """Take a value; the oldest makes room."""
        if len(self._newest) == self._newest.maxlen:
            del self._in_order[bisect_left(self._in_order, self._newest[0])]
        self._newest.append(value)
        insort(self._in_order, value)

    def median(self) -> float:
        """Return the median of at least one value."""
        half = len(self._in_order) // 2
        return (self._in_order[half] + self._in_order[~half]) / 2

    def __len__(self) -> int:
        """Return how many are known."""
        return len(self._newest)
