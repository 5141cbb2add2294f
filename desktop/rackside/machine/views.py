"""What the machine's panels show: plain values, made by `data` from readings and alerts, drawn by `panel*`."""

from typing import Literal, TypeAlias

import msgspec

State: TypeAlias = Literal["ok", "warn", "bad", "dim"]
TileState: TypeAlias = State | Literal["ink"]


class TileView(msgspec.Struct, frozen=True):
    """One reading as a tile shows it: `92` `% · full in ~3 d` under `Disk /srv`. `top` ends its scale."""

    metric: str
    caption: str
    value: str
    note: str = ""
    state: TileState = "ink"
    whole: str = ""
    number: float = 0.0
    top: float = 0.0


class ProcessView(msgspec.Struct, frozen=True):
    """One process: its name as the system gives it, and what it takes."""

    name: str
    cpu: str
    memory: str
    whole: str = ""


class NetworkView(msgspec.Struct, frozen=True):
    """One row of the network: `gateway` `reachable` `1 ms`."""

    metric: str
    name: str
    word: str
    figure: str
    state: State


class Overview(msgspec.Struct, frozen=True):
    """All that the sidebar shows of this machine at one moment; `at_s` is 0 before anything was read."""

    at_s: float = 0.0
    tiles: tuple[TileView, ...] = ()
    more: tuple[TileView, ...] = ()
    processes: tuple[ProcessView, ...] = ()
    network: tuple[NetworkView, ...] = ()


class HeaderView(msgspec.Struct, frozen=True):
    """The head of the sidebar."""

    host: str
    system: str
    sync: str
    trouble: str = ""
    alerts: int = 0
    worst: State = "ok"
