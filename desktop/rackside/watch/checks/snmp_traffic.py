"""How much goes over a device's links, of what it counted at two looks, in the time that it says has passed.

The look before is remembered while the program runs. Without one, and where counters are narrow and begin again within
a minute, a device is looked at twice within one check. Devices renew what they count every few seconds, net-snmp every
3: over a minute a rate is right within 5 %, over the seconds of one check within 20 %.
"""

import threading
import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from rackside.figures import rate_of
from rackside.watch.checks.snmp_session import Oid, Session, Table
from rackside.watch.checks.snmp_tables import (
    HUNDREDTHS,
    INTERFACE_NAMES,
    Finding,
    Judged,
    Limits,
    interface_name,
    judged,
    number,
    numbered,
)
from rackside.words import counted

COUNTED_S: Final = 15.0
LEAST_S: Final = 10.0
MOST_S: Final = 900.0
"""A look before is used when it was so long ago, by the device's own clock."""
MOST_REMEMBERED: Final = 1_000
UP_SINCE: Final[Oid] = (1, 3, 6, 1, 2, 1, 1, 3, 0)
"""[RFC 3418] sysUpTime, in hundredths of a second: it goes on while this machine sleeps, and tells of a restart."""
TYPE: Final[Oid] = (1, 3, 6, 1, 2, 1, 2, 2, 1, 3)
"""[RFC 2863] ifType, and those that lead nowhere: softwareLoopback."""
LOOPBACK: Final = 24
WIDE: Final[tuple[Oid, ...]] = (TYPE, *((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, column) for column in (6, 10, 15)))
"""[RFC 2863] ifHCInOctets, ifHCOutOctets, and ifHighSpeed in Mbit/s."""
NARROW: Final[tuple[Oid, ...]] = (TYPE, *((1, 3, 6, 1, 2, 1, 2, 2, 1, column) for column in (10, 16, 5)))
"""[RFC 2863] ifInOctets, ifOutOctets, and ifSpeed in bit/s; for devices without the wide ones."""
KIND, RECEIVED, SENT, SPEED = 0, 1, 2, 3
ROUND: Final = 2**32
FASTEST: Final = 4e11
"""Bit/s. What counts faster was counted anew: no link is."""
BITS: Final = 8
MEGA: Final = 1_000_000
NAMED: Final = 8


class Rate(NamedTuple):
    """What goes over a link: bits a second in and out, and its speed, 0 if the device does not say."""

    received: float
    sent: float
    speed: float

    @property
    def fuller(self) -> float:
        """The fuller direction, in bit/s."""
        return max(self.received, self.sent)

    @property
    def use(self) -> float:
        """The share of the link that the fuller direction takes, in percent; 0 where the speed is not known."""
        return 100 * self.fuller / self.speed if self.speed else 0.0


class Look(NamedTuple):
    """What a device counted, in which columns, and for how many seconds it was up then."""

    up_s: float
    columns: tuple[Oid, ...]
    table: Table


_remembered: dict[str, Look] = {}
_lock = threading.Lock()


def traffic(session: Session, limits: Limits, device: str) -> Judged:
    """Judge how full the links are; `device` is what its last look is remembered by.

    Raises:
        OSError: it does not answer, or refuses.
    """
    before, now = _recall(device), _look(session)
    if before is None or before.columns != now.columns or not LEAST_S <= now.up_s - before.up_s <= MOST_S:
        time.sleep(min(COUNTED_S, session.left_s() / 2))
        before, now = now, _look(session)
    _remember(device, now)
    wraps = ROUND if now.columns == NARROW else 0
    found = rates(before.table, now.table, now.up_s - before.up_s, wraps=wraps)
    ranked = sorted(found, key=lambda index: (-found[index].use, -found[index].fuller))
    names = {
        index: interface_name(session.get([(*column, *index) for column in INTERFACE_NAMES]))
        for index in ranked[:NAMED]
    }
    return judge(found, names, limits, complete=now.table.complete)


def _look(session: Session) -> Look:
    up_s = (number(session.get([UP_SINCE])[0]) or 0) / HUNDREDTHS
    table = session.walk(WIDE)
    if any(number(row[RECEIVED]) is not None for row in table.rows.values()):
        return Look(up_s, WIDE, table)
    return Look(up_s, NARROW, session.walk(NARROW))


def _recall(device: str) -> Look | None:
    """Return the last look at a device, if its counters do not begin again before the next one."""
    with _lock:
        found = _remembered.get(device)
    return found if found is not None and found.columns == WIDE else None


def _remember(device: str, look: Look) -> None:
    with _lock:
        _remembered.pop(device, None)
        _remembered[device] = look
        while len(_remembered) > MOST_REMEMBERED:
            del _remembered[next(iter(_remembered))]


def rates(first: Table, second: Table, passed_s: float, *, wraps: int) -> dict[Oid, Rate]:
    """Return what went over each link between two looks; the counters begin again at `wraps`, if that is not 0."""
    found = {}
    for index, row in second.rows.items():
        before = first.rows.get(index)
        if before is None or number(row[KIND]) == LOOPBACK:
            continue
        speed = float(number(row[SPEED]) or 0) * (1 if wraps else MEGA)
        received, sent = (_rate(number(before[way]), number(row[way]), passed_s, wraps) for way in (RECEIVED, SENT))
        if received is not None and sent is not None:
            found[index] = Rate(received, sent, max(0.0, speed))
    return found


def judge(found: Mapping[Oid, Rate], names: Mapping[Oid, str], limits: Limits, *, complete: bool = True) -> Judged:
    """Judge how full the links are; `names` are those of the fullest, which come first in it."""
    if not found:
        return judged((), "", {}, complete=complete)
    called = {index: name or numbered("interface", index) for index, name in names.items()}
    findings = [
        Finding(
            limits.level(found[index].use), f"{name} uses {found[index].use:.0f} % of its {_said(found[index].speed)}"
        )
        for index, name in called.items()
        if found[index].speed
    ]
    busiest, name = next(iter(called.items()))
    rate = found[busiest]
    well = f"{counted(len(found), 'link')}, the busiest is {name}: {_said(rate.received)} in, {_said(rate.sent)} out"
    values = {
        "busiest": (rate.fuller, "bit/s"),
        "use": (rate.use, "%"),
        "received": (sum(each.received for each in found.values()), "bit/s"),
        "sent": (sum(each.sent for each in found.values()), "bit/s"),
    }
    return judged(findings, well, values, complete=complete, main="busiest")


def _rate(earlier: int | None, later: int | None, passed_s: float, wraps: int) -> float | None:
    """Return bits a second; None where a counter is missing or was begun anew."""
    if earlier is None or later is None or passed_s <= 0:
        return None
    more = later - earlier if later >= earlier or not wraps else later - earlier + wraps
    rate = BITS * more / passed_s
    return rate if 0 <= rate <= FASTEST else None


def _said(rate: float) -> str:
    return " ".join(rate_of(rate))
