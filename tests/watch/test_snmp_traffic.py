"""Rates of links from counters: whatever the width, across a wrap, a restart and a link that comes or goes."""

from typing import Any

import pytest

from rackside.watch.checks.snmp_session import Table, Value
from rackside.watch.checks.snmp_tables import LIMITS
from rackside.watch.checks.snmp_traffic import FASTEST, LOOPBACK, ROUND, judge, rates

ETHERNET = 6
GIGABIT = 1_000


def row(received: Any, sent: Any = 0, *, speed: Any = GIGABIT, kind: int = ETHERNET) -> list[Value]:
    return [kind, received, sent, speed]


def over(first: list[Value], second: list[Value], *, passed_s: float = 10.0, wraps: int = 0) -> list[float]:
    seen = rates(Table({(1,): first}), Table({(1,): second}), passed_s, wraps=wraps)
    return [number for rate in seen.values() for number in rate]


def test_octets_are_told_in_bits_a_second() -> None:
    assert over(row(1_000, 500), row(1_000 + 12_500_000, 500 + 1_250_000)) == [1e7, 1e6, 1e9]


def test_narrow_counters_begin_again_and_tell_their_speed_in_bits() -> None:
    before, after = row(ROUND - 1_000, speed=100_000_000), row(11_500, speed=100_000_000)
    assert over(before, after, wraps=ROUND) == [1e4, 0.0, 1e8]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (row(10_000), row(10)),
        (row(0), row(2**64 - 1)),
        (row(None), row(5)),
        (row(5), row(b"many")),
        (row(0, kind=LOOPBACK), row(9_999, kind=LOOPBACK)),
    ],
    ids=["restarted", "faster than any link", "no counter before", "no number", "loopback"],
)
def test_what_tells_no_rate_is_left_out(first: list[Value], second: list[Value]) -> None:
    assert over(first, second) == []


def test_a_link_that_came_meanwhile_is_left_out() -> None:
    assert rates(Table({}), Table({(1,): row(9)}), 5.0, wraps=0) == {}
    assert over(row(0), row(9), passed_s=0.0) == []


def test_the_fullest_is_named_and_judged_by_its_speed() -> None:
    first = Table({(number,): row(0) for number in (1, 2, 3)})
    second = Table({(1,): row(1_000_000), (2,): row(0, 590_000_000), (3,): row(1_200_000_000, speed=0)})
    seen = rates(first, second, 5.0, wraps=0)
    told = judge(seen, {(2,): "xe-0/0/1 (uplink)", (3,): ""}, LIMITS["traffic"])
    assert [(each.level, each.sentence) for each in told.findings] == [
        ("warning", "xe-0/0/1 (uplink) uses 94 % of its 1 Gbit/s")
    ]
    assert told.values["use"] == (pytest.approx(94.4), "%")
    assert told.values[told.main] == (pytest.approx(9.44e8), "bit/s")
    assert told.well == "3 links, the busiest is xe-0/0/1 (uplink): 0 bit/s in, 944 Mbit/s out"


def test_a_device_that_counts_nothing_tells_nothing() -> None:
    assert judge({}, {}, LIMITS["traffic"]).well == ""


def test_no_link_is_faster_than_the_fastest() -> None:
    assert over(row(0), row(int(FASTEST / 8 * 10))) == [FASTEST, 0.0, 1e9]
