"""What devices tell by SNMP, and what is wrong with it: judged without any device."""

import pytest

from rackside.watch.checks import snmp_tables
from rackside.watch.checks.snmp import Snmp
from rackside.watch.checks.snmp_session import Table, Value
from rackside.watch.checks.snmp_tables import LIMITS, Limits


def test_limits_are_the_kinds_own_where_none_are_given() -> None:
    assert Snmp(host="a", what="storage")._limits() == LIMITS["storage"]
    assert Snmp(host="a", what="storage", warning_above=80)._limits() == Limits(80, 98)
    assert [LIMITS["storage"].level(share) for share in (90, 91, 99)] == ["ok", "warning", "critical"]
    assert [LIMITS["supplies"].level(share) for share in (15, 14, 4)] == ["ok", "warning", "critical"]
    assert [LIMITS["load"].level(each) for each in (2, 2.5, 50)] == ["ok", "warning", "warning"]


DISK, IMAGE, MEMORY = ((1, 3, 6, 1, 2, 1, 25, 2, 1, kind) for kind in (4, 4, 2))


def test_only_disks_that_can_be_written_to_are_judged() -> None:
    rows: dict[tuple[int, ...], list[Value]] = {
        (1,): [DISK, b"/srv", 100, 91],
        (2,): [IMAGE, b"/snap/core", 100, 100],
        (3,): [MEMORY, b"Physical memory", 100, 99],
        (4,): [DISK, b"/large", -294_967_296, -1_000_000_000],
        (5,): [DISK, b"/empty", 0, 0],
        (6,): [DISK, None, None, 3],
    }
    mounts = snmp_tables.read_only(Table({(1,): [1, 1], (2,): [2, 2], (3,): [1, 0]}))
    seen = snmp_tables.storage(Table(rows), LIMITS["storage"], mounts)
    assert [each.sentence for each in seen.findings] == ["/srv is 91 % full"]
    assert set(seen.values) == {"fullest", "used_/srv", "used_/large"}
    assert seen.values["used_/large"][0] == pytest.approx(82.4, abs=0.1)


@pytest.mark.parametrize(
    ("unit", "most", "level", "share"),
    [
        (7, 200, 50, 25.0),
        (19, -2, 40, 40.0),
        (7, -2, 40, None),
        (7, 100, -3, None),
        (7, 100, -2, None),
        (7, 0, 5, None),
    ],
)
def test_what_is_left_is_known_where_the_printer_says(unit: int, most: int, level: int, share: float | None) -> None:
    seen = snmp_tables.supplies(Table({(1, 1): [b"Toner", unit, most, level]}), LIMITS["supplies"])
    assert seen.values.get("left_Toner") == (None if share is None else (share, "%"))
    assert seen.findings == []
    assert seen.well


@pytest.mark.parametrize(
    ("values", "worst"),
    [
        ([2, 0, 100, 3], None),
        ([2, 90, 95, 5], "warning"),
        ([3, 90, 9, 5], "critical"),
        ([4, 0, 0, 3], "critical"),
        ([2, 0, 100, 4], "warning"),
        ([2, 0, 100, 2], "critical"),
        ([None, None, 80, None], None),
    ],
)
def test_a_battery_that_is_used_is_a_warning_and_one_that_ends_is_critical(
    values: list[Value], worst: str | None
) -> None:
    seen = snmp_tables.ups(values, LIMITS["ups"])
    assert (seen.findings[0].level if seen.findings else None) == worst


def test_a_number_may_come_as_text_and_a_text_is_no_number() -> None:
    assert snmp_tables.single("x", b" 23.5 ", Limits(20.0)).findings[0].level == "warning"
    assert snmp_tables.single("x", b"nan", Limits()).values == {}
    assert snmp_tables.single("x", b"door open", Limits()).well == "x is door open"
    assert snmp_tables.single("x", b"door open", Limits(20.0)).findings[0].level == "critical"


def test_what_a_device_says_of_itself_is_short_and_nothing_acts_on_a_screen() -> None:
    many: dict[tuple[int, ...], list[Value]] = {
        (number,): [DISK, b"/data/%d " % number + b"\x07" * 500, 100, 95] for number in range(200)
    }
    seen = snmp_tables.storage(Table(many), LIMITS["storage"], {})
    assert max(len(each.sentence) for each in seen.findings) < 80
    assert "\x07" not in seen.findings[0].sentence
    assert not any(" " in name or "=" in name for name in seen.values)
