"""Counters that only grow, as rates and as shares over a window."""

from collections import deque
from collections.abc import Sequence


class Rates:
    """Turns rows of counters into changes a second."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, Sequence[float]]] = {}

    def of(self, name: str, counters: Sequence[float], now_s: float) -> list[float] | None:
        """Return the changes a second since the last look; None at the first, and when any counter fell back.

        A counter falls back when it is reset or wraps, or when another device took the name.
        """
        before = self._last.get(name)
        self._last[name] = (now_s, counters)
        if before is None or now_s <= before[0]:
            return None
        seconds = now_s - before[0]
        changes = [(count - earlier) / seconds for count, earlier in zip(counters, before[1], strict=True)]
        return changes if min(changes) >= 0 else None


class Share:
    """How much of a whole was bad, over a window, in percent. It is sampled, to hold few points."""

    def __init__(self, window_s: float, sample_s: float) -> None:
        self._window_s, self._sample_s = window_s, sample_s
        self._samples: deque[tuple[float, float, float]] = deque()

    def of(self, bad: float, whole: float, now_s: float) -> float:
        """Return the share by which two counters grew over the window; 0 when nothing happened or they fell back."""
        samples = self._samples
        if samples and (now_s < samples[-1][0] or bad < samples[-1][1] or whole < samples[-1][2]):
            samples.clear()
        if not samples or now_s - samples[-1][0] >= self._sample_s:
            samples.append((now_s, bad, whole))
        while now_s - samples[0][0] > self._window_s:
            samples.popleft()
        grown = whole - samples[0][2]
        return 100.0 * (bad - samples[0][1]) / grown if grown > 0 else 0.0
