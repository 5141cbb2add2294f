"""The watching thread on this machine, with a real store."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from rackside.settings import Probes
from rackside.store import Store, local
from rackside.store.database import StoreError, connect
from rackside.watch import limits, loop, signals
from rackside.watch.collectors import cpu, disks, load
from rackside.watch.history import Keeper, answered, recall
from rackside.watch.limits import Rule
from rackside.watch.loop import Looker, Watch, take_reading
from rackside.watch.model import Alert, Reading, Snapshot
from tests.watch.judging import START_S

PATIENCE_S = 30.0


def nobody_agreed() -> Probes | None:
    return None


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def watching(home: Path, on_change: Callable[[frozenset[str]], object] = lambda _topics: None) -> Iterator[Watch]:
    watch = Watch(home, nobody_agreed, on_change)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "VISIBLE_TICK_S", 0.05)
    monkeypatch.setattr(loop, "FLUSH_S", 0.1)
    for module in (cpu, disks, load):
        monkeypatch.setattr(module, "EVERY_S", 0.05)


@pytest.mark.usefixtures("fast")
def test_a_snapshot_holds_readings_processes_and_what_was_seen_of_late(tmp_path: Path) -> None:
    topics: list[frozenset[str]] = []
    with watching(tmp_path, topics.append) as watch:
        assert watch.snapshot == Snapshot()
        until(lambda: len(watch.snapshot.recent.get("cpu.used", ())) >= 5)
        seen = watch.snapshot
    assert {"cpu.used", "memory.used", "disk.used /", "load.1"} <= seen.readings.keys()
    assert seen.recent["cpu.used"][-1] == seen.readings["cpu.used"].value
    assert seen.processes
    assert frozenset({"readings"}) in topics
    assert not any(key.startswith(("ping", "dns", "internet")) for key in seen.readings), "nobody agreed to be probed"


@pytest.mark.usefixtures("fast")
def test_history_is_written_while_it_runs_and_at_its_end(tmp_path: Path) -> None:
    with watching(tmp_path) as watch, Store.open(tmp_path) as store:
        until(lambda: bool(local.history(store, "cpu.used", "hour", time.time())))
        until(lambda: len(watch.snapshot.recent.get("load.1", ())) >= 2)
    with Store.open(tmp_path) as store:
        assert local.history(store, "load.1", "day", time.time())
        assert not [key for key in local.metrics(store) if key.startswith(("cpu.core", "uptime", "memory.oom"))]


def test_it_does_not_write_at_each_look(tmp_path: Path) -> None:
    with watching(tmp_path) as watch:
        until(lambda: "cpu.used" in watch.snapshot.readings)
        with Store.open(tmp_path) as store:
            assert local.metrics(store) == []


def test_hidden_it_looks_no_more_often_than_every_ten_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []
    monkeypatch.setattr(loop, "VISIBLE_TICK_S", 0.05)
    with watching(tmp_path, lambda _topics: looks.append(time.monotonic())) as watch:
        until(lambda: len(looks) >= 3)
        watch.visible(on=False)
        time.sleep(0.3)
        before, processes = len(looks), watch.snapshot.processes
        time.sleep(1.0)
        assert len(looks) == before
        assert watch.snapshot.processes is processes
        watch.visible(on=True)
        until(lambda: len(looks) > before)


def test_it_ends_at_once_and_whatever_the_order(tmp_path: Path) -> None:
    Watch(tmp_path, nobody_agreed, print).stop()
    before = threading.active_count()
    with watching(tmp_path) as watch:
        watch.visible(on=False)
        until(lambda: watch.snapshot.at_s > 0)
    watch.stop()
    until(lambda: threading.active_count() <= before)


@pytest.mark.usefixtures("fast")
def test_a_file_system_that_is_full_becomes_an_alert_that_outlasts_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [Reading("disk.inodes", 99.0, "%", "/srv", "ext4")]
    monkeypatch.setattr(disks.Collector, "read", lambda _self, _now_s: list(full))
    monkeypatch.setattr(loop, "uptime_s", lambda: 1e6)
    monkeypatch.setattr(signals, "CLEAR_WAIT_S", 0.5)
    monkeypatch.setattr(limits, "RULES", [at_once(rule) for rule in limits.RULES if rule.kind == "disk.inodes"])
    topics: list[frozenset[str]] = []
    with watching(tmp_path, topics.append) as watch, Store.open(tmp_path) as store:
        until(lambda: bool(watch.snapshot.alerts))
        [alert] = local.open_alerts(store)
        assert watch.snapshot.alerts == (alert,)
        assert any("alerts" in each for each in topics)
        local.acknowledge(store, alert.id, 5.0)
        watch.again()
        until(lambda: watch.snapshot.alerts[0].acknowledged_at_s == 5.0)
    with watching(tmp_path) as watch:
        until(lambda: watch.snapshot.at_s > 0)
        assert [each.id for each in watch.snapshot.alerts] == [alert.id], "the same, and not a second one"
        full[0] = Reading("disk.inodes", 10.0, "%", "/srv", "ext4")
        until(lambda: not watch.snapshot.alerts)
    with Store.open(tmp_path) as store:
        [past] = local.past_alerts(store)
        assert (past.id, past.acknowledged_at_s) == (alert.id, 5.0)


def at_once(rule: Rule) -> Rule:
    return replace(rule, levels=tuple(replace(level, for_s=0.0) for level in rule.levels))


def test_one_collector_that_fails_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_self: object, _now_s: float) -> list[Reading]:
        raise ZeroDivisionError

    def absent(_self: object, _now_s: float) -> list[Reading]:
        raise FileNotFoundError("/proc/loadavg")

    monkeypatch.setattr(cpu.Collector, "read", lambda self, now: fails(self, now) if now else [])
    monkeypatch.setattr(load.Collector, "read", absent)
    looker = Looker()
    with caplog.at_level(logging.INFO):
        first, second = looker.look(100.0), looker.look(200.0)
    assert {reading.metric for reading in first} & {reading.metric for reading in second} >= {"memory.used"}
    said = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert said == [
        ("ERROR", "The collector cpu failed"),
        ("INFO", "The collector load does not work on this machine: /proc/loadavg"),
    ], "each is said once"
    caplog.clear()


def test_what_a_collector_does_not_find_any_more_is_gone_from_the_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    stick = [Reading("disk.used", 50, "%", "/media/stick", "vfat")]
    monkeypatch.setattr(disks.Collector, "read", lambda _self, _now_s: list(stick))
    looker = Looker()
    looker.look(100.0)
    assert "disk.used /media/stick" in looker.newest()
    stick.clear()
    looker.look(110.0)
    assert "disk.used /media/stick" not in looker.newest()


def test_a_collector_is_asked_no_sooner_than_it_is_due() -> None:
    looker = Looker()
    assert {reading.metric for reading in looker.look(100.0)} >= {"load.1", "memory.used"}
    soon = {reading.metric for reading in looker.look(102.0)}
    assert "load.1" not in soon
    assert "memory.used" in soon
    assert "load.1" in {reading.metric for reading in looker.look(102.5, at_all=True)}


ALERT = Alert("a" * 32, "dns", "", "warning", "…", "dns//", "dns.ms", 20.0, START_S)


def test_what_cannot_be_written_waits_and_is_written_later(tmp_path: Path) -> None:
    keeper = Keeper()
    with Store.open(tmp_path) as store:
        store.local.execute("PRAGMA query_only = ON")
        for second in range(1_000):
            keeper.add(START_S + second, [Reading("load.1", float(second), "")])
        with pytest.raises(StoreError):
            keeper.flush(store)
        with pytest.raises(StoreError):
            keeper.changed(store, [ALERT])
        store.local.execute("PRAGMA query_only = OFF")
        keeper.changed(store, [])
        keeper.flush(store)
        assert local.open_alerts(store) == [ALERT]
        kept = [point.high for point in local.history(store, "load.1", "hour", START_S + 999)]
    assert kept[-1] == 999
    assert 400 <= min(kept) <= 410, "the last ten minutes, and no endless heap"


@pytest.mark.usefixtures("fast")
def test_watching_goes_on_while_the_store_cannot_be_written_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with watching(tmp_path) as watch:
        until(lambda: watch.snapshot.at_s > 0)
        blocker = connect(tmp_path / "local.db")
        blocker.execute("ALTER TABLE metrics RENAME TO metrics_gone")
        until(lambda: any("cannot be kept" in record.getMessage() for record in caplog.records))
        seen_s = watch.snapshot.at_s
        until(lambda: watch.snapshot.at_s > seen_s + 0.3)
        blocker.execute("ALTER TABLE metrics_gone RENAME TO metrics")
        until(lambda: blocker.execute("SELECT count(*) FROM metrics").fetchone()[0] > 0)
        blocker.close()
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
    caplog.clear()


def test_what_was_learned_is_recalled(tmp_path: Path) -> None:
    now_s = START_S + 6 * 3_600
    with Store.open(tmp_path) as store:
        minutes = range(0, 6 * 3_600, 60)
        local.add_readings(store, {"disk.used /srv": [(START_S + at, 50 + at / 3_600) for at in minutes]})
        local.add_readings(store, {"ping.ms gateway": [(START_S + at, 2.0) for at in minutes]})
        judge = recall(store, now_s)
        assert answered(store) == set()
        local.add_readings(store, {"dns.ms": [(START_S, 2.0)]})
        assert answered(store) == {"dns"}
    left_s = judge.full_in_s(Reading("disk.used", 56.0, "%", "/srv"))
    assert left_s is not None
    assert left_s == pytest.approx(44 * 3_600, rel=0.02)
    assert len(judge._trips["ping.ms", "gateway"]) >= 30


def test_how_full_a_disk_was_a_week_ago_is_recalled(tmp_path: Path) -> None:
    week_s = 7 * 86_400
    with Store.open(tmp_path) as store:
        backup = [(START_S - week_s + at, 80.0) for at in range(600, 3_600, 60)]
        today = [(START_S + at, 70.0) for at in range(-3_600, 0, 60)]
        local.add_readings(store, {"disk.used /srv": [*backup, *today]})
        judge = recall(store, START_S)
    judge.look([Reading("disk.used", 75.0, "%", "/srv")], START_S + 60)
    assert judge._filling["disk.used", "/srv"].is_usual(79.0)
    assert not judge._filling["disk.used", "/srv"].is_usual(83.0)


def test_one_reading_for_the_command_line_needs_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    seen = take_reading(tmp_path, seconds=0.1)
    assert {"cpu.used", "memory.used", "disk.used /", "uptime"} <= seen.readings.keys()
    assert seen.processes
    assert threading.active_count() == before
    with Store.open(tmp_path) as store:
        assert local.metrics(store) == [], "it writes nothing"
