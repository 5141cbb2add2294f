"""What the machine's panels show: plain values, made by `data` from readings and alerts, drawn by `panel*`."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "warn", "bad", "dim"]
TileState: TypeAlias = State | Literal["ink"]
Span: TypeAlias = Literal["hour", "day", "week", "year"]


@dataclass(frozen=True)
class TileView:
    """One reading as a tile shows it: `92` `% · full in ~3 d` under `Disk /srv`. `top` ends its scale."""

    metric: str
    caption: str
    value: str
    note: str = ""
    state: TileState = "ink"
    whole: str = ""
    number: float = 0.0
    top: float = 0.0


@dataclass(frozen=True)
class ProcessView:
    """One process: its name as the system gives it, and what it takes."""

    name: str
    cpu: str
    memory: str
    whole: str = ""


@dataclass(frozen=True)
class NetworkView:
    """One row of the network: `gateway` `reachable` `1 ms`."""

    metric: str
    name: str
    word: str
    figure: str
    state: State


@dataclass(frozen=True)
class Overview:
    """All that the sidebar shows of this machine at one moment; `at_s` is 0 before anything was read."""

    at_s: float = 0.0
    tiles: tuple[TileView, ...] = ()
    more: tuple[TileView, ...] = ()
    processes: tuple[ProcessView, ...] = ()
    network: tuple[NetworkView, ...] = ()


@dataclass(frozen=True)
class HeaderView:
    """The head of the sidebar."""

    host: str
    system: str
    sync: str
    trouble: str = ""
    alerts: int = 0
    worst: State = "ok"


@dataclass(frozen=True)
class PointView:
    """What was seen around one moment."""

    at_s: float
    low: float
    mean: float
    high: float


@dataclass(frozen=True)
class HistoryView:
    """One reading over a span of time."""

    metric: str
    name: str
    unit: str
    points: tuple[PointView, ...]
    least_top: float
    end_s: float
    now: str
    low: str = ""
    mean: str = ""
    high: str = ""


@dataclass(frozen=True)
class EventView:
    """One line of an alert's history."""

    when: str
    what: str


@dataclass(frozen=True)
class AlertView:
    """One alert."""

    id: str
    title: str
    state: State
    sentence: str
    signature: str
    metric: str
    open: bool
    acknowledged: bool
    snoozed_until: str
    events: tuple[EventView, ...]


@dataclass(frozen=True)
class AlertRow:
    """One alert in the list."""

    id: str
    title: str
    state: State
    sentence: str
