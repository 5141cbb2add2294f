"""The pages of watched machines: all of them, one, maintenance, a list that is brought; and the sidebar's section."""

import time
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QSpinBox, QWidget

from rackside.hosts import panel_host
from rackside.hosts.panel import HostsSection
from rackside.hosts.panel_bring import BringPage
from rackside.hosts.panel_host import HostPage
from rackside.hosts.panel_maintenance import MaintenancePage
from rackside.hosts.panel_overview import OverviewPage
from rackside.kit.stream import Stream
from rackside.store import checks, events, hosts
from rackside.store.events import Event
from rackside.store.hosts import Host
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.tcp import Tcp
from rackside.watch.model import Reading, Snapshot, Stand
from tests.threads.desk import Desk, Until, buttons, desk, texts
from tests.watch.test_checking import entry

__all__ = ["desk"]


def watch(desk: Desk, *names: str) -> None:
    for name in names:
        checks.watch(desk.store, entry(name, Ping(host=name)))


def stands(**states: str) -> Snapshot:
    found = {name: Stand(label=name, state=state, since_s=time.time(), said="so") for name, state in states.items()}  # type: ignore[arg-type] # one of the four
    return Snapshot(1.0, {}, stands=found)


def with_snapshot(desk: Desk, snapshot: Snapshot) -> Desk:
    desk.context = msgspec.structs.replace(desk.context, snapshot=lambda: snapshot)
    return desk


def rows(page: QWidget) -> list[str]:
    stream = page.findChild(Stream)
    assert isinstance(stream, Stream)
    return [stream._row(place).title for place in range(stream.count())] if stream.isVisibleTo(page) else []


def field(page: QWidget, name: str) -> QLineEdit:
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName() == name)


def choice(page: QWidget, name: str) -> QComboBox:
    return next(each for each in page.findChildren(QComboBox) if each.accessibleName() == name)


def test_an_empty_overview_says_what_to_do(desk: Desk) -> None:
    page = OverviewPage(desk.context)
    page.show()
    assert any("No machine is watched yet" in text for text in texts(page))
    for label in ("Add a check", "Look in a network", "Bring a list", "Maintenance", "Event log"):
        buttons(page)[label].click()
    assert desk.opened == ["check:", "discover:", "bring:", "maintenance:", "events:"]


def test_the_overview_lists_the_worst_first_and_is_filtered_and_grouped(desk: Desk) -> None:
    watch(desk, "a", "b", "c")
    hosts.keep_host(desk.store, Host(name="a", group="web"))
    page = OverviewPage(with_snapshot(desk, stands(a="up", b="down", c="up")).context)
    page.show()
    assert rows(page) == ["b", "a", "c"]
    assert "3 machines · 1 down" in texts(page)
    choice(page, "State").setCurrentIndex(1)
    assert rows(page) == ["b"]
    choice(page, "State").setCurrentIndex(0)
    choice(page, "Order").setCurrentIndex(1)
    assert rows(page) == ["web", "a", "Without a group", "b", "c"]
    words = field(page, "Filter by name, group or kind of check")
    words.setText("nobody")
    assert rows(page) == []
    assert "No machine is like that. Clear the filter to see all." in texts(page)
    words.setText("web")
    QTest.keyClick(words, Qt.Key.Key_Return)
    assert desk.opened == ["hosts:web"]


def test_hundreds_of_machines_are_drawn_as_one_list(desk: Desk) -> None:
    watch(desk, *(f"host {number:04}" for number in range(600)))
    page = OverviewPage(desk.context)
    page.show()
    assert len(rows(page)) == 600


def test_the_sidebar_shows_the_worst_and_the_way_to_all(desk: Desk, until: Until) -> None:
    section = HostsSection(desk.context)
    section.show()
    assert "No other machine is watched yet." in texts(section)
    watch(desk, *(f"h{number}" for number in range(12)))
    desk.context = with_snapshot(desk, stands(h7="down")).context
    section = HostsSection(desk.context)
    section.resize(600, 600)
    section.show()
    until(lambda: {"h7", "and 4 more", "1 DOWN"} <= {*texts(section)})


def test_one_machine_shows_its_checks_and_what_happened(desk: Desk, until: Until) -> None:
    watch(desk, "shop")
    checks.watch(desk.store, entry("door", Tcp(host="shop", port=22)))
    told = Event(at_s=time.time() - 600, until_s=time.time() - 360, kind="state", subject="shop", sentence="no answer")
    events.add(desk.store, [told])
    trip = Reading("host.ms", 3.0, "ms", "shop", "ping")
    snapshot = Snapshot(1.0, {trip.key: trip}, stands=stands(shop="up", door="down").stands)
    page = HostPage(with_snapshot(desk, snapshot).context, "shop")
    page.show()
    assert any(text.startswith("Down for 1 min") for text in texts(page))
    until(lambda: any("Nothing was read" in text for text in texts(page)))
    assert "4 min" in texts(page)
    assert "shop: no answer" in texts(page)


def test_what_is_said_of_a_machine_is_kept(desk: Desk) -> None:
    watch(desk, "shop")
    page = HostPage(desk.context, "shop")
    page.show()
    field(page, "Group").setText("web")
    field(page, "Group").editingFinished.emit()
    field(page, "Behind").setText("shop")
    field(page, "Behind").editingFinished.emit()
    assert "A machine is not behind itself. Name the one before it." in texts(page)
    field(page, "Behind").setText("switch")
    sleep = page.findChild(QSpinBox)
    assert isinstance(sleep, QSpinBox)
    sleep.setValue(48)
    field(page, "Behind").editingFinished.emit()
    assert "Kept. Nothing of switch is checked yet." in texts(page)
    assert hosts.hosts(desk.store)["shop"] == Host(name="shop", group="web", parent="switch", may_sleep_s=172_800.0)


def test_a_machine_is_put_into_maintenance_and_taken_out(desk: Desk, until: Until) -> None:
    watch(desk, "shop")
    page = HostPage(desk.context, "shop")
    page.show()
    buttons(page)["4 h"].click()
    (planned,) = hosts.maintenance(desk.store)
    assert (planned.host, planned.ends_s - planned.starts_s) == ("shop", 14_400.0)
    assert desk.opened == ["maintenance:"]
    listed = MaintenancePage(desk.context)
    listed.resize(700, 900)
    listed.show()
    until(lambda: any(text.startswith("shop · ") for text in texts(listed)))
    buttons(listed)["End it"].click()
    assert hosts.maintenance(desk.store) == []


def test_maintenance_is_planned_for_a_group_and_what_is_wrong_is_said(desk: Desk) -> None:
    watch(desk, "shop")
    hosts.keep_host(desk.store, Host(name="shop", group="web"))
    page = MaintenancePage(desk.context)
    page.show()
    assert any("No maintenance is planned" in text for text in texts(page))
    of, repeat = choice(page, "Of"), choice(page, "Repeats")
    of.setCurrentIndex(of.findText("Group web"))
    repeat.setCurrentIndex(repeat.findText("Every day"))
    page._hours.setValue(30)
    buttons(page)["Plan it"].click()
    assert "It is not over before it begins again." in texts(page)
    page._hours.setValue(3)
    buttons(page)["Plan it"].click()
    (planned,) = hosts.maintenance(desk.store)
    assert (planned.group, planned.repeat) == ("web", "daily")


def test_nothing_of_a_machine_is_watched_any_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    watch(desk, "shop", "other")
    page = HostPage(desk.context, "shop")
    page.show()
    monkeypatch.setattr(panel_host, "confirm", lambda *_, **__: True)
    buttons(page)["Stop watching"].click()
    assert [each.label for each in checks.watched(desk.store)] == ["other"]
    gone = HostPage(desk.context, "shop")
    gone.show()
    assert "shop is not watched any more." in texts(gone)


def test_a_list_is_shown_first_and_what_is_ticked_is_watched(desk: Desk, until: Until, tmp_path: Path) -> None:
    watch(desk, "taken")
    file = tmp_path / "hosts.csv"
    file.write_text("label,kind,host\none,ping,192.0.2.1\ntaken,ping,192.0.2.2\nodd,quantum,x\ntwo,ping,192.0.2.3\n")
    page = BringPage(desk.context)
    page.show()
    page.show_file(file)
    until(lambda: "Watch 2 checks" in buttons(page))
    assert len(checks.watched(desk.store)) == 1
    listed = page.findChild(QListWidget)
    assert isinstance(listed, QListWidget)
    assert [listed.item(place).text().split(" — ")[0] for place in range(4)] == ["one", "taken", "odd", "two"]
    listed.item(0).setCheckState(Qt.CheckState.Unchecked)
    buttons(page)["Watch 1 check"].click()
    assert [each.label for each in checks.watched(desk.store)] == ["taken", "two"]
    assert "1 check is watched from now on." in texts(page)


def test_a_file_that_is_none_is_said(desk: Desk, until: Until, tmp_path: Path) -> None:
    file = tmp_path / "broken.json"
    file.write_text("{")
    page = BringPage(desk.context)
    page.show()
    page.show_file(file)
    until(lambda: any("broken.json cannot be read" in text for text in texts(page)))
