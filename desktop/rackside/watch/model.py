"""The nouns of watching: readings, processes, the machine, alerts. Plain values."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["info", "warning", "critical"]
CheckState: TypeAlias = Literal["pending", "up", "down", "maintenance"]
_VERSION: Final = re.compile(r"^(?P<family>\D*?)\s*(?P<major>\d+)\b")
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")


class Reading(msgspec.Struct, frozen=True):
    """One number seen now. `component` names which disk, interface or sensor; `kind` its class, such as `ext4`.

    `error` is what was said of it, if anything was; normalised it is the end of an alert's signature.

    A struct and no dataclass, since some forty are made a second: 0.1 µs each against 0.6.
    """

    metric: str
    value: float
    unit: str
    component: str = ""
    kind: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """The name under which its history is kept: `disk.used /srv`."""
        return f"{self.metric} {self.component}" if self.component else self.metric


@dataclass(frozen=True)
class Process:
    """A process among the busiest. `cpu_percent` is of one core."""

    pid: int
    name: str
    cpu_percent: float
    memory_bytes: int


@dataclass(frozen=True)
class Machine:
    """What does not change while the program runs."""

    name: str
    system: str
    kernel: str
    cores: int
    memory_bytes: int
    booted_s: float

    @property
    def release(self) -> str:
        """The operating system's family and major version, which is all that ever leaves: `Debian 12` of `Debian 12.8`.

        A major version of more digits than a year has is a date, and is left out.
        """
        found = _VERSION.match(self.system)
        if found is None or len(found["major"]) > len("2026"):
            return (found["family"] if found else self.system).strip()
        return f"{found['family']} {found['major']}".strip()


@dataclass(frozen=True)
class Alert:
    """A reading that stayed wrong long enough. Times are seconds since the epoch, 0 when it did not happen."""

    id: str
    kind: str
    component: str
    severity: Severity
    summary: str
    signature: str
    reading: str
    value: float
    raised_at_s: float
    cleared_at_s: float = 0.0
    acknowledged_at_s: float = 0.0
    snoozed_until_s: float = 0.0
    flaps: int = 0

    def is_open(self) -> bool:
        """Whether it has not cleared."""
        return not self.cleared_at_s

    def is_silent(self, now_s: float) -> bool:
        """Whether the person said that she knows, or wants to hear of it later."""
        return bool(self.acknowledged_at_s) or now_s < self.snoozed_until_s


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """How a check stands: its state, since when (seconds since the epoch), and why."""

    label: str
    state: CheckState
    since_s: float
    said: str = ""


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands with a log: whether it can be read, and a sentence on it or on what to do."""

    name: str
    followed: bool
    sentence: str


class GroupSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A group of errors as a panel shows it. The example stays on this machine."""

    signature: str
    unit: str
    error: str
    example: str
    level: int
    count: int
    first_s: float
    last_s: float
    usual_per_h: float


@dataclass(frozen=True)
class Snapshot:
    """What is known now, readable on any thread. `recent` holds the last two minutes of each reading by its key.

    `fills_in_s` says of each mount that fills up in how many seconds it is full, if it goes on like that,
    `stands` of each watched label how it stands,
    `errors` which groups of errors this machine's logs hold, and `followed` how it stands with each of those logs.
    """

    at_s: float = 0.0
    readings: dict[str, Reading] = field(default_factory=dict)
    recent: dict[str, tuple[float, ...]] = field(default_factory=dict)
    processes: tuple[Process, ...] = ()
    alerts: tuple[Alert, ...] = ()
    fills_in_s: dict[str, float] = field(default_factory=dict)
    stands: dict[str, Stand] = field(default_factory=dict)
    errors: tuple[GroupSeen, ...] = ()
    followed: tuple[SourceStatus, ...] = ()
