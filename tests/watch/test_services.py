"""systemd's units, asked of a stand-in that speaks D-Bus over a socket of its own.

The collector was tried by hand with a real systemd 252 as the first process of a namespace, with a unit that fails and
one that restarts in a loop; a test cannot count on one.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rackside.watch import journal, limits, programs, systemd
from rackside.watch.collectors import services
from rackside.watch.inventory import services as inventoried
from rackside.watch.inventory.section import CannotTellError
from rackside.watch.model import Reading
from tests.watch.buses import Systemd, speaking
from tests.watch.judging import Watched

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is Linux's")


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    place = tmp_path / "bus"
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={place}")
    monkeypatch.setattr(systemd, "RUNNING", tmp_path)
    with speaking(place) as found:
        yield found


def by_key(readings: list[Reading]) -> dict[str, float]:
    return {reading.key: reading.value for reading in readings}


def test_a_unit_that_failed_is_told_and_that_it_recovered_is_told_too(bus: Systemd) -> None:
    collector = services.Collector()
    bus.services = {"ssh.service": 0}
    assert collector.read(0.0) == []
    bus.failed = ["backup.timer", "web.service"]
    found = collector.read(30.0)
    assert by_key(found)["service.failed web.service"] == by_key(found)["service.failed backup.timer"] == 1
    assert {reading.component: reading.kind for reading in found} == {"backup.timer": "timer", "web.service": "service"}
    bus.failed = []
    assert by_key(collector.read(60.0))["service.failed web.service"] == 0


def test_restarts_are_counted_over_five_minutes_and_those_of_before_are_not(bus: Systemd) -> None:
    collector = services.Collector()
    bus.services = {"old.service": 41, "web.service": 0}
    assert collector.read(0.0) == [], "what was restarted before the program looked is no news"
    bus.services, bus.jobs = {"old.service": 41, "web.service": 2}, 2
    assert by_key(collector.read(30.0))["service.restarts web.service"] == 2
    bus.services, bus.jobs = {"old.service": 41, "web.service": 3}, 3
    assert by_key(collector.read(60.0)) == {"service.failed web.service": 0, "service.restarts web.service": 3}
    assert by_key(collector.read(330.0))["service.restarts web.service"] == 1, "the first two are over"
    assert by_key(collector.read(360.0))["service.restarts web.service"] == 0


def test_a_count_that_a_person_set_back_begins_anew(bus: Systemd) -> None:
    collector = services.Collector()
    bus.services = {"web.service": 9}
    collector.read(0.0)
    bus.services, bus.jobs = {"web.service": 1}, 2
    assert by_key(collector.read(30.0))["service.restarts web.service"] == 1
    bus.services, bus.jobs = {"web.service": 1, "new.service": 4}, 3
    assert by_key(collector.read(60.0))["service.restarts new.service"] == 4


def test_while_nothing_happens_two_numbers_are_asked_and_no_unit(bus: Systemd) -> None:
    collector = services.Collector()
    bus.services = {f"unit{number}.service": 0 for number in range(40)}
    collector.read(0.0)
    bus.asked.clear()
    collector.read(30.0)
    assert bus.asked == ["Hello", "Get NFailedUnits", "Get NInstalledJobs"]


def test_a_unit_that_goes_while_it_is_asked_takes_no_other_with_it(bus: Systemd) -> None:
    collector = services.Collector()
    bus.services = {"a.service": 0, "b.service": 0}
    collector.read(0.0)
    bus.services, bus.jobs = {"a.service": -1, "b.service": 2}, 2
    assert by_key(collector.read(30.0))["service.restarts b.service"] == 2


def test_a_bus_that_goes_away_is_left_alone_for_two_minutes_and_then_asked_again(bus: Systemd) -> None:
    collector = services.Collector()
    bus.failed = ["web.service"]
    assert collector.read(0.0)
    bus.hangs_up = True
    with pytest.raises(systemd.BusError):
        collector.read(30.0)
    bus.hangs_up = False
    bus.asked.clear()
    assert collector.read(60.0) == []
    assert bus.asked == []
    assert by_key(collector.read(30.0 + services.AGAIN_AFTER_S))["service.failed web.service"] == 1


def test_a_systemd_that_does_not_answer_delays_nobody_for_long(bus: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "ANSWER_S", 0.05)
    bus.silent = True
    with pytest.raises(systemd.BusError):
        services.Collector().read(0.0)


def test_no_more_than_500_units_are_told_and_their_names_do_no_harm(bus: Systemd) -> None:
    bus.failed = ["\x1b[2J.service", *(f"unit{number}.service" for number in range(1_000))]
    found = services.Collector().read(0.0)
    assert len({reading.component for reading in found}) == services.MOST_UNITS
    assert all(reading.component.isprintable() for reading in found)


def test_without_systemd_nothing_is_told_and_it_is_said_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "RUNNING", tmp_path / "none")
    assert services.Collector().read(0.0) == []
    assert "systemd" in services.lacking()
    with pytest.raises(CannotTellError, match="systemd"):
        inventoried.read()


def test_the_inventory_has_what_was_chosen_and_whether_it_runs(bus: Systemd) -> None:
    bus.services, bus.failed = {"ssh.service": 0, "web.service": 0, "dbus.service": 0}, ["web.service"]
    bus.files = [
        ("/lib/systemd/system/ssh.service", "enabled"),
        ("/etc/systemd/system/web.service", "enabled"),
        ("/lib/systemd/system/cups.service", "disabled"),
        ("/lib/systemd/system/dbus.service", "static"),
    ]
    found = {"ssh.service": "enabled, running", "web.service": "enabled, failed", "cups.service": "disabled"}
    assert inventoried.read() == found


def failing(value: float) -> Reading:
    return Reading("service.failed", value, "", "web.service", "service")


def restarting(times: float) -> Reading:
    return Reading("service.restarts", times, "", "web.service", "service")


def test_failed_for_five_minutes_is_critical_and_a_hiccup_is_nothing() -> None:
    watched = Watched()
    watched.sees(failing(1.0), 290.0)
    assert watched.open == []
    watched.sees(failing(1.0), 20.0)
    assert watched.open == [("service.failed", "critical")]
    assert watched.said[0].signature == "service.failed/service/", "the unit's name stays here"
    watched.sees(failing(0.0), limits.CLEAR_WAIT_S + 20.0)
    assert watched.open == []


def test_more_than_two_restarts_that_go_on_for_a_quarter_of_an_hour_are_critical() -> None:
    watched = Watched()
    watched.sees(restarting(2.0), 3_600.0)
    assert watched.open == []
    watched.sees(restarting(3.0), 880.0)
    assert watched.open == []
    watched.sees(restarting(3.0), 40.0)
    assert watched.open == [("service.restarts", "critical")]


def journalctl(folder: Path, code: str) -> None:
    program = folder / "journalctl"
    program.write_text(f"#!{sys.executable}\nimport sys, time\n{code}\n")
    program.chmod(0o755)


def test_the_last_lines_of_a_unit_are_shown_without_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    journalctl(tmp_path, r"print(sys.argv[1], sys.argv[2]); print('\x1b[31mbroken'); print('exit 3')")
    assert journal.last_lines("web.service", 3) == ("--unit=web.service --lines=3", "\ufffd[31mbroken", "exit 3")


@pytest.mark.parametrize("unit", ["", "*", "--help", "a b", "web.service\n", "x" * 300])
def test_what_is_no_units_name_is_not_asked_for(unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    journalctl(tmp_path, "print('it was run')")
    assert journal.last_lines(unit) == (("it was run",) if unit == "--help" else ())


def test_a_journal_that_hangs_or_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(journal, "WITHIN_S", 0.3)
    journalctl(tmp_path, "time.sleep(60)")
    assert journal.last_lines("web.service") == ()
    monkeypatch.setattr(journal, "WITHIN_S", 30.0)
    journalctl(tmp_path, "while True: print('x' * 1000)")
    assert journal.last_lines("web.service") == ()


def test_a_program_leaves_nothing_behind(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    assert programs.ask([sys.executable, "-S", "-c", code], within_s=1.0, most_bytes=10) is None
    assert subprocess.run(["/bin/kill", "-0", mark.read_text()], check=False, capture_output=True).returncode
    assert programs.ask([str(tmp_path / "none")], within_s=1.0, most_bytes=10) is None
    said = programs.ask([sys.executable, "-c", "print('ä'); raise SystemExit(3)"], within_s=30.0, most_bytes=10)
    assert said is not None
    assert said.code == 3
