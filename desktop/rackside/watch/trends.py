"""What a run of values says: its mean, its sum, and when a line through it reaches the top. Pure."""

from collections import deque
from collections.abc import Iterable
from statistics import linear_regression
from typing import Final

from rackside.watch.limits import FILL_FIT_S, FILL_LEAST_SPAN_S, FILL_SAMPLE_S, GAP_S

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
        for place, amount in ((1, seconds), (2, seconds * value)):
            self._slots[-1][place] += amount
        while self._slots[0][0] < at_s - self._span_s:
            self._slots.popleft()
        self._seconds = sum(slot[1] for slot in self._slots)
        self._area = sum(slot[2] for slot in self._slots)

    def mean(self) -> float | None:
        """Return the mean, or None as long as too little is known."""
        return self._area / self._seconds if self._seconds >= COVERED * self._span_s else None

    def total(self) -> float:
        """Return what a rate a second adds up to."""
        return self._area


class Filling:
    """How something fills up: percent used, a line through the last hours."""

    def __init__(self, points: Iterable[tuple[float, float]] = ()) -> None:
        self._points = deque(points)
        self._slope: float | None = None
        self._fit()

    def add(self, at_s: float, used: float) -> None:
        """Take a value; more than one a minute adds nothing."""
        if self._points and at_s - self._points[-1][0] < FILL_SAMPLE_S:
            return
        self._points.append((at_s, used))
        while self._points[0][0] < at_s - FILL_FIT_S:
            self._points.popleft()
        self._fit()

    def full_in_s(self, used: float) -> float | None:
        """Return in how many seconds it is full if it goes on like that, or None when it does not fill up."""
        return (FULL - used) / self._slope if self._slope is not None and self._slope > 0 else None

    def _fit(self) -> None:
        self._slope = None
        if self._points and self._points[-1][0] - self._points[0][0] >= FILL_LEAST_SPAN_S:
            begin = self._points[0][0]
            times, values = [at - begin for at, _ in self._points], [used for _, used in self._points]
            self._slope = linear_regression(times, values).slope
