"""The machine's panels, on a real store and real readings: tiles, history, alerts, the head."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from rackside.alerts.panel import AlertPanel, AlertsPanel
from rackside.kit import signals
from rackside.kit.chart import HistoryChart
from rackside.kit.slices import Context
from rackside.kit.tile import Tile
from rackside.machine.panel import MachineSection, NetworkSection
from rackside.machine.panel_header import Header
from rackside.machine.panel_reading import ReadingPanel
from rackside.store import Store, local
from rackside.watch.model import Alert, Process, Reading, Snapshot
from tests.kernel.canary import Canary

Until = Callable[[Callable[[], object]], None]


@dataclass
class Console:
    context: Context
    store: Store
    opened: list[str] = field(default_factory=list)
    snapshot: Snapshot = field(default_factory=Snapshot)

    def see(self, *readings: Reading, **more: object) -> None:
        self.snapshot = Snapshot(time.time(), {each.key: each for each in readings}, **more)  # type: ignore[arg-type]
        signals.changed.emit(frozenset({"readings"}))


@pytest.fixture
def console(qt_app: QApplication, tmp_path: Path) -> Iterator[Console]:
    del qt_app
    with Store.open(tmp_path) as store:
        held: list[Console] = []
        context = Context(
            store=store,
            home=tmp_path,
            open_link=lambda link: held[0].opened.append(link),  # noqa: PLW0108 - not there yet
            snapshot=lambda: held[0].snapshot,
        )
        held.append(Console(context, store))
        yield held[0]


def alert(**more: object) -> Alert:
    facts = {
        "id": "0" * 32,
        "kind": "disk.used",
        "component": "/srv",
        "severity": "critical",
        "summary": "/srv is 98 % full",
        "signature": "disk.used / ext4",
        "reading": "disk.used /srv",
        "value": 98.0,
        "raised_at_s": time.time() - 3_600,
    }
    return Alert(**(facts | more))  # type: ignore[arg-type]


def text_of(panel: QWidget) -> str:
    panel.resize(660, 800)
    QApplication.processEvents()
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel))


def click(panel: QWidget, label: str) -> None:
    next(each for each in panel.findChildren(QPushButton) if each.text() == label).click()


class TestTiles:
    def test_a_tile_shows_the_newest_reading_and_opens_its_history(self, console: Console, until: Until) -> None:
        panel = MachineSection(console.context)
        panel.show()
        console.see(Reading("cpu.used", 23.0, "%"))
        until(lambda: [each.figure().value for each in panel.findChildren(Tile)] == ["23"])
        QTest.keyClick(panel.findChild(Tile), "\r")
        assert console.opened == ["reading:cpu.used"]

    def test_details_are_drawn_on_demand(self, console: Console) -> None:
        panel = MachineSection(console.context)
        panel.show()
        console.see(Reading("cpu.used", 23.0, "%"), Reading("load.1", 1.5, ""), processes=(Process(1, "init", 1, 1),))
        click(panel, "Details")
        assert {"CPU", "Load, 1 min"} <= {each.figure().caption for each in panel.findChildren(Tile)}
        assert "init" in text_of(panel)
        click(panel, "Less")
        assert "init" not in text_of(panel)

    def test_a_hostile_process_name_opens_nothing(self, console: Console, canary: Canary) -> None:
        panel = MachineSection(console.context)
        panel.show()
        console.see(processes=(Process(1, f'<img src="{canary.path}">', 1, 1),))
        click(panel, "Details")
        panel.grab()
        assert not canary.sang()

    def test_a_line_begins_with_what_the_store_holds(self, console: Console, until: Until) -> None:
        now_s = time.time()
        local.add_readings(console.store, {"cpu.used": [(now_s - 600 + each, 50.0) for each in range(600)]})
        panel = MachineSection(console.context)
        panel.show()
        console.see(Reading("cpu.used", 23.0, "%"))
        until(lambda: panel.findChildren(Tile)[0].figure().value == "23")
        trace = panel.findChildren(Tile)[0].trace
        assert trace is not None
        assert len(trace._values) > 30


class TestNetwork:
    def test_nothing_is_checked_before_the_person_agrees(self, console: Console) -> None:
        panel = NetworkSection(console.context)
        panel.show()
        assert "not checked before you agree" in text_of(panel)

    def test_what_is_down_is_counted(self, console: Console, until: Until) -> None:
        panel = NetworkSection(console.context)
        panel.show()
        console.see(Reading("ping.ms", 1.0, "ms", "gateway"), Reading("dns.bad", 100.0, "%"))
        until(lambda: "1 DOWN" in text_of(panel))


class TestHistory:
    def test_it_shows_least_mean_and_most(self, console: Console, until: Until) -> None:
        now_s = time.time() // 10 * 10
        local.add_readings(console.store, {"cpu.used": [(now_s - 20, 10.0), (now_s - 10, 20.0), (now_s, 60.0)]})
        console.see(Reading("cpu.used", 60.0, "%"))
        panel = ReadingPanel(console.context, "cpu.used")
        panel.show()
        until(lambda: "least 10 %" in text_of(panel))
        assert "mean 30 % · most 60 %" in text_of(panel)
        assert panel.findChild(HistoryChart).isVisibleTo(panel)

    @pytest.mark.parametrize("span", ["Hour", "Day", "Week", "Year"])
    def test_no_history_says_what_to_do(self, console: Console, until: Until, span: str) -> None:
        panel = ReadingPanel(console.context, "cpu.used")
        panel.show()
        click(panel, span)
        until(lambda: "Keep Rackside running" in text_of(panel))

    def test_answers_are_a_click_away(self, console: Console) -> None:
        panel = ReadingPanel(console.context, "disk.used /srv")
        panel.show()
        click(panel, "Find answers")
        assert console.opened == ["search:Disk /srv"]


class TestAlerts:
    def test_it_can_be_acknowledged_and_taken_back(self, console: Console, until: Until) -> None:
        local.put_alert(console.store, alert())
        panel = AlertPanel(console.context, alert().id)
        panel.show()
        click(panel, "Acknowledge")
        until(lambda: "You acknowledged it" in text_of(panel))
        click(panel, "I do not know of it")
        until(lambda: "You acknowledged it" not in text_of(panel))

    @pytest.mark.parametrize("hours", [1, 4, 8])
    def test_it_can_be_snoozed_and_woken(self, console: Console, until: Until, hours: int) -> None:
        local.put_alert(console.store, alert())
        panel = AlertPanel(console.context, alert().id)
        panel.show()
        click(panel, f"{hours} h")
        held = local.alert(console.store, alert().id)
        assert held is not None
        assert held.snoozed_until_s == pytest.approx(time.time() + hours * 3_600, abs=60)
        until(lambda: "Quiet until" in text_of(panel))
        click(panel, "Wake it")
        until(lambda: "Quiet until" not in text_of(panel))

    def test_its_history_shows_when_it_was_raised_before(self, console: Console) -> None:
        local.put_alert(console.store, alert())
        local.put_alert(console.store, alert(id="1" * 32, raised_at_s=time.time() - 7_300, cleared_at_s=time.time()))
        panel = AlertPanel(console.context, alert().id)
        panel.show()
        assert "Raised before; cleared after 2 h" in text_of(panel)

    def test_one_that_is_not_kept_says_so(self, console: Console) -> None:
        panel = AlertPanel(console.context, "f" * 32)
        panel.show()
        assert "no longer kept" in text_of(panel)

    def test_all_are_listed_or_nothing_is_wrong(self, console: Console, until: Until) -> None:
        panel = AlertsPanel(console.context)
        panel.show()
        assert "Nothing is wrong" in text_of(panel)
        local.put_alert(console.store, alert())
        signals.changed.emit(frozenset({"alerts"}))
        until(lambda: "/srv is 98 % full" in text_of(panel))


class TestHead:
    def test_it_counts_alerts_that_are_not_known(self, console: Console, until: Until) -> None:
        local.put_alert(console.store, alert())
        head = Header(console.context)
        head.show()
        assert "1 alert" in text_of(head)
        local.acknowledge(console.store, alert().id, time.time())
        signals.changed.emit(frozenset({"alerts"}))
        until(lambda: "All well" in text_of(head))

    def test_it_says_how_much_there_is_without_the_network(self, console: Console) -> None:
        head = Header(console.context)
        head.show()
        assert "0 threads offline" in text_of(head)
