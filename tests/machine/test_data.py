"""Readings are arranged so that what is wrong comes first, and read with their units."""

import pytest

from rackside.figures import bytes_of, percent, rate_of, span_of, written
from rackside.machine.data import network, overview, worst_by_reading
from rackside.machine.views import TileView
from rackside.watch.model import Alert, Machine, Process, Reading, Severity, Snapshot
from rackside.watch.names import name_of

GIB = 2**30
MACHINE = Machine("files-02", "Debian 12", "6.1", cores=8, memory_bytes=24 * GIB, booted_s=0)


def seen(*readings: Reading, **more: object) -> Snapshot:
    return Snapshot(at_s=1.0, readings={each.key: each for each in readings}, **more)  # type: ignore[arg-type]


def alert(reading: str, severity: Severity = "warning", **more: float) -> Alert:
    return Alert("1", "disk.used", "/srv", severity, "it is full", "disk.used", reading, 92.0, 1.0, **more)  # type: ignore[arg-type]


def disk(mount: str, used: float) -> tuple[Reading, Reading]:
    return Reading("disk.used", used, "%", mount, "ext4"), Reading("disk.free", 3 * GIB, "B", mount, "ext4")


def captions(tiles: tuple[TileView, ...]) -> list[str]:
    return [tile.caption for tile in tiles]


class TestTiles:
    def test_processor_and_memory_come_first(self) -> None:
        shown = overview(
            seen(
                Reading("nic.down", 38e6, "bit/s", "eth0"),
                Reading("nic.up", 6e6, "bit/s", "eth0"),
                Reading("memory.used", 11.4 * GIB, "B"),
                Reading("cpu.used", 23.2, "%"),
                *disk("/", 40),
            ),
            MACHINE,
        )
        assert [(tile.caption, tile.value, tile.note) for tile in shown.tiles] == [
            ("CPU", "23", "% · 8 cores"),
            ("Memory", "11.4", "of 24.0 GiB"),
            ("Disk /", "40", "% · 3.0 GiB free"),
            ("Network eth0", "38", "↓ 6 ↑ Mbit/s"),
        ]

    def test_the_worst_disks_come_first_and_the_others_behind_details(self) -> None:
        snapshot = seen(
            *disk("/", 70),
            *disk("/a", 60),
            *disk("/b", 50),
            *disk("/srv", 40),
            alerts=(alert("disk.used /srv", "critical"),),
            fills_in_s={"/b": 3 * 86_400.0, "/": 1e9},
        )
        shown = overview(snapshot, MACHINE)
        assert captions(shown.tiles) == ["Disk /srv", "Disk /b"]
        assert captions(shown.more)[:2] == ["Disk /", "Disk /a"]
        assert shown.tiles[0].state == "bad"
        assert shown.tiles[1].note == "% · full in ~3 d"

    def test_every_core_is_behind_details_in_its_order(self) -> None:
        cores = [Reading("cpu.core", 1.0, "%", str(number)) for number in (10, 2, 1)]
        assert captions(overview(seen(*cores), MACHINE).more) == ["Core 1", "Core 2", "Core 10"]

    def test_before_anything_was_read_the_places_are_held(self) -> None:
        assert captions(overview(Snapshot(), MACHINE).tiles) == ["CPU", "Memory", "Disk /", "Network"]

    def test_a_process_says_what_it_takes(self) -> None:
        shown = overview(seen(processes=(Process(7, "<b>x</b>", 12.5, 3 * GIB),)), MACHINE)
        assert (shown.processes[0].name, shown.processes[0].cpu) == ("<b>x</b>", "12 %")
        assert shown.processes[0].memory == "3.0 GiB"

    def test_an_alert_that_cleared_colours_nothing(self) -> None:
        assert worst_by_reading((alert("disk.used /srv", cleared_at_s=2.0),)) == {}

    def test_the_worst_of_two_alerts_counts(self) -> None:
        both = (alert("x", "critical"), alert("x", "warning"))
        assert worst_by_reading(both) == worst_by_reading(both[::-1]) == {"x": "bad"}


class TestNetwork:
    def test_what_answers_is_reachable(self) -> None:
        rows = network(
            {
                each.key: each
                for each in (Reading("ping.ms", 1.2, "ms", "gateway"), Reading("ping.loss", 0, "%", "gateway"))
            },
            {},
        )
        assert [(row.name, row.word, row.figure, row.state) for row in rows] == [
            ("Gateway", "Reachable", "1.2 ms", "ok")
        ]

    def test_what_does_not_answer_says_so(self) -> None:
        rows = network({"dns.bad": Reading("dns.bad", 100, "%")}, {})
        assert [(row.name, row.word, row.state) for row in rows] == [("DNS", "No answer", "bad")]

    def test_what_answers_now_and_then_is_unsteady(self) -> None:
        readings = (Reading("internet.ms", 20, "ms"), Reading("internet.bad", 20, "%"))
        rows = network({each.key: each for each in readings}, {})
        assert [(row.word, row.state) for row in rows] == [("Unsteady", "warn")]

    def test_what_is_not_checked_is_not_listed(self) -> None:
        assert network({}, {}) == ()


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (23.4, "%", "23 %"),
        (3.21, "%", "3.2 %"),
        (0.01, "%", "0 %"),
        (9.97, "%", "10 %"),
        (11.4 * GIB, "B", "11.4 GiB"),
        (512.0, "B", "512 B"),
        (2_000_000.0, "B/s", "1.9 MiB/s"),
        (38e6, "bit/s", "38 Mbit/s"),
        (0.0, "bit/s", "0 bit/s"),
        (3 * 86_400.0, "s", "3 d"),
        (47.3, "°C", "47 °C"),
        (1_234.0, "", "1,234"),
    ],
)
def test_a_figure_is_short_and_has_its_unit(value: float, unit: str, text: str) -> None:
    assert " ".join(written(value, unit)).strip() == text


def test_two_sizes_can_be_compared() -> None:
    assert bytes_of(0.5 * GIB, like=24.0 * GIB) == ("0.5", "GiB")


def test_a_length_of_time_is_in_its_largest_unit() -> None:
    assert [span_of(each) for each in (30, 90 * 60, 50 * 3_600)] == ["1 min", "2 h", "2 d"]


def test_a_rate_is_in_thousands() -> None:
    assert rate_of(1_500.0) == ("1.5", "kbit/s")
    assert percent(100.0) == "100"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("disk.used /srv", "Disk /srv"),
        ("ping.ms gateway", "Round trip to the gateway"),
        ("odd.metric x", "odd metric x"),
    ],
)
def test_a_reading_is_called_by_its_name(key: str, name: str) -> None:
    assert name_of(key) == name
