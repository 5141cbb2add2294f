"""The nouns of delivery: ways, news, what was told of a signal, and how a way fares. Plain values."""

from typing import Final, Literal, TypeAlias, get_args

import msgspec

from rackside.watch.model import Alert, Severity

Way: TypeAlias = Literal["desktop", "mail", "webhook"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
Transition: TypeAlias = Literal["raised", "worse", "eased", "cleared"]
Wait: TypeAlias = Literal["", "quiet", "flap", "snoozed"]
"""Why news wait: for nothing but company, for the end of the quiet hours, of a flap's hour, of a snooze."""


class DeliveryError(Exception):
    """A message did not go out. `str()` is a sentence for the person: what happened, and what she can do.

    `lasting` says that it will fail again until somebody changes something, `after_s` how long the other side wants to
    be left alone.
    """

    def __init__(self, sentence: str, *, lasting: bool = False, after_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.lasting, self.after_s = lasting, after_s


class News(msgspec.Struct, frozen=True, kw_only=True):
    """One change of an alert, for one way. Times are seconds since the epoch.

    `missed` counts how often the signal was raised since it was told last and that was not told.
    """

    way: Way
    transition: Transition
    alert: Alert
    made_s: float
    due_s: float
    wait: Wait = ""
    missed: int = 0
    attempts: int = 0
    said: str = ""

    @property
    def begins(self) -> bool:
        """Whether it says that something is wrong, and not that it is better."""
        return self.transition in {"raised", "worse"}

    @property
    def key(self) -> str:
        """What it is kept under: of each alert and way one that says it is wrong, and one that says it is better."""
        return f"{self.way} {'begins' if self.begins else 'ends'} {self.alert.id}"


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a way told last of a signal: which alert, how bad, when."""

    alert: str
    severity: Severity
    at_s: float


class Course(msgspec.Struct, kw_only=True):
    """How a signal, which is a kind of alert on a component, went on; what of it each way told, and what it did not."""

    alert: str
    severity: Severity
    open: bool
    at_s: float
    heard: dict[Way, Heard] = {}
    missed: dict[Way, int] = {}

    def told(self, way: Way) -> Heard | None:
        """Return what a way told of the alert that this signal has now."""
        heard = self.heard.get(way)
        return heard if heard is not None and heard.alert == self.alert else None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How a way fares: when it worked last, what went wrong last and when, and how much waits. 0 is never."""

    success_s: float = 0.0
    error: str = ""
    error_s: float = 0.0
    waiting: int = 0
