"""Which ports take a connection: a short list, and nothing is said on any of them.

Nothing may be: what a printer is told on 9100, it prints.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from rackside.watch.discovery.dialling import Call, dial

PORTS: Final = (
    22,
    80,
    443,
    445,
    139,
    3389,
    5900,
    53,
    25,
    631,
    9100,
    515,
    8080,
    8443,
    1883,
    5060,
    554,
    3306,
    5432,
    9090,
    9182,
)
KNOCKED: Final = (443, 22, 445)
"""Where it is seen whether anybody is there, when no echo came and a router stands between."""
PER_S: Final = 600.0
"""Connections begun a second, to all devices together: 0.3 Mbit/s, which a network of telephones and scales bears."""


@dataclass
class Heard:
    """Who answered on any port, be it by refusing, and which ports took a connection."""

    answered: set[str] = field(default_factory=set)
    open: dict[str, list[int]] = field(default_factory=dict)
    untried: int = 0


def knock(
    addresses: Sequence[str],
    ports: Iterable[int],
    cancelled: Event,
    on_tried: Callable[[int], None],
    per_s: float = PER_S,
) -> Heard:
    """Try each port at each address, so that no device is asked for all at once; `on_tried` is told how many were."""
    heard = Heard()
    calls = (Call(address, port) for port in ports for address in addresses)
    for number, answer in enumerate(dial(calls, per_s=per_s, cancelled=cancelled), start=1):
        if answer.state in {"open", "refused"}:
            heard.answered.add(answer.call.address)
        if answer.state == "open":
            heard.open.setdefault(answer.call.address, []).append(answer.call.port)
        heard.untried += answer.state == "untried"
        on_tried(number)
    return heard
