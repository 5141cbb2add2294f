"""A machine with invented readings: time passes as a test says, and a judge looks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rackside.watch.model import Alert, Reading
from rackside.watch.rules import Judge

MINUTE_S = 60.0
HOUR_S = 3_600.0
GIB = 1024.0**3
START_S = 1_800_000_000.0

Readings = Reading | Iterable[Reading]


@dataclass
class Watched:
    """Feeds a judge, and keeps every alert that it returned."""

    judge: Judge = field(default_factory=Judge)
    at_s: float = START_S
    every_s: float = 10.0
    said: list[Alert] = field(default_factory=list)

    def sees(self, readings: Readings | Callable[[float], Readings], for_s: float = 0.0) -> list[Alert]:
        """Look now and until this long has passed; return what the judge said in that time."""
        before, until_s = len(self.said), self.at_s + for_s
        while True:
            given = readings(self.at_s) if callable(readings) else readings
            self.said += self.judge.look([given] if isinstance(given, Reading) else given, self.at_s)
            if self.at_s >= until_s:
                break
            self.at_s += self.every_s
        return self.said[before:]

    def sleeps(self, for_s: float) -> None:
        """Let time pass without a look."""
        self.at_s += for_s

    @property
    def open(self) -> list[tuple[str, str]]:
        return [(alert.kind, alert.severity) for alert in self.judge.open()]
