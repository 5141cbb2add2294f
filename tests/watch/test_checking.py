"""What is watched: kept, done when it is due, tried again before it counts, and an alert when it is down."""

import time
from pathlib import Path

import msgspec
import pytest

from rackside.cli import main
from rackside.machine.data import watched as shown
from rackside.machine.panel import NetworkRow, WatchedSection
from rackside.store import Store, checks
from rackside.store.checks import Watched
from rackside.watch.checking import METRICS, Checker, Standing
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.run import KINDS
from rackside.watch.checks.tcp import Ssh, Tcp
from rackside.watch.limits import LEAST_CHECKS, LEAST_LOSSY, RULES
from rackside.watch.model import Reading, Snapshot
from rackside.watch.probing import TRIES
from rackside.watch.rules import Judge
from rackside_protocol.answers import ALERT_KINDS
from tests.threads.desk import Desk, desk, texts
from tests.watch.test_checks import HOST, closed_port, silent, speaking

__all__ = ["desk"]
WELL = Result(level="ok", sentence="well", values={"time": (1.0, "ms")})
ILL = Result(level="critical", sentence="ill")


def entry(label: str, check: Check, every_s: float = 60.0) -> Watched:
    return Watched(label=label, check=msgspec.Raw(msgspec.json.encode(check)), every_s=every_s)


def standing(check: Check | None = None) -> Standing:
    check = check or Tcp(host=HOST, port=1)
    return Standing(entry("shop", check), check, due_s=0.0)


def values(each: Standing) -> dict[str, float]:
    return {reading.metric: reading.value for reading in each.readings()}


def test_what_fails_counts_the_third_time_and_what_answers_at_once() -> None:
    each = standing()
    assert (each.state, values(each)) == ("pending", {})
    assert each.take(WELL, 0.0)
    assert (each.state, each.due_s) == ("up", 60.0)
    assert [each.take(ILL, 60.0 + turn) for turn in range(TRIES)] == [False, False, True]
    assert each.state == "down"
    assert values(each)["tcp.down"] == 1
    assert each.take(ILL, 120.0)
    assert each.due_s == 180.0
    assert each.take(WELL, 180.0)
    assert (each.state, values(each)["tcp.down"]) == ("up", 0)


def test_a_share_is_told_once_there_are_enough_answers() -> None:
    each = standing()
    for turn in range(LEAST_CHECKS):
        assert "tcp.bad" not in values(each)
        each.take(WELL, turn * 60.0)
    assert values(each)["tcp.bad"] == 0


def test_a_host_tells_the_share_of_lost_echoes() -> None:
    each = standing(Ping(host=HOST))
    lost = Result(level="critical", sentence="", values={"time": (1.0, "ms"), "loss": (20.0, "%")})
    for turn in range(3 * TRIES):
        each.take(lost, turn * 60.0)
    assert values(each)["host.loss"] == pytest.approx(20.0)
    assert values(each)["host.bad_times"] >= LEAST_LOSSY


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_an_alert_that_answers_are_known_for(kind: str) -> None:
    metrics = {rule.metric: rule.kind for rule in RULES}
    judged = {metrics[name] for name in (f"{METRICS[kind]}.bad", f"{METRICS[kind]}.down") if name in metrics}
    assert judged
    assert judged <= ALERT_KINDS


def test_a_host_that_is_down_is_an_alert_under_its_label_and_leaves_ours_alone() -> None:
    judge, at_s = Judge(), 1_800_000_000.0
    down = [Reading("host.down", 1.0, "", "shop", "ping"), Reading("dns.bad", 50.0, "%")]
    raised = [alert for second in range(5) for alert in judge.look(down, at_s + second)]
    assert {(alert.kind, alert.component) for alert in raised} == {("ping.down", "shop"), ("dns", "")}
    assert next(alert for alert in raised if alert.component).summary == "shop does not answer"


@pytest.mark.usefixtures("socket_enabled")
def test_one_that_hangs_delays_no_other(tmp_path: Path) -> None:
    checker = Checker(tmp_path)
    with speaking(silent) as port:
        found = [entry(f"good {number}", Tcp(host=HOST, port=port)) for number in range(20)]
        hanging = [entry(f"hangs {number}", Ssh(host=HOST, port=port, timeout_s=20)) for number in range(20)]
        checker.load([*hanging, *found], 0.0)
        began = time.monotonic()
        checker.begin_due(1_000.0)
        while len({each.component for each in checker.readings()}) < len(found):
            time.sleep(0.01)
        assert time.monotonic() - began < 20
        assert {each.component for each in checker.take()} == {each.label for each in found}
        assert checker.take() == ()


@pytest.mark.usefixtures("socket_enabled")
def test_checks_that_are_added_and_removed_are_taken_over(tmp_path: Path) -> None:
    checker = Checker(tmp_path)
    checker.load([entry("a", Tcp(host=HOST, port=closed_port())), entry("b", Tcp(host=HOST, port=1))], 0.0)
    checker.begin_due(1_000.0)
    checker.load([entry("a", Tcp(host=HOST, port=2))], 0.0)
    assert list(checker._standings) == ["a"]
    assert checker._standings["a"].state == "pending"


def test_a_check_of_a_newer_version_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    checker = Checker(tmp_path)
    checker.load([Watched(label="new", check=msgspec.Raw(b'{"kind":"quantum"}')), entry("old", Ping(host=HOST))], 0.0)
    assert list(checker._standings) == ["old"]
    assert "The check new is not understood" in caplog.text
    caplog.clear()


def test_the_command_line_adds_lists_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "our shop", "http", "https://example.org/", "--keyword", "Basket"]) == 0
    assert main(["watch", "our shop", "ping", "192.0.2.1"]) == 1
    assert main(["watch", "x", "tcp", "192.0.2.1", "--port", "many"]) == 1
    assert main(["watch", "--every-s", "1", "x", "ping", "192.0.2.1"]) == 1
    capsys.readouterr()
    assert main(["watched"]) == 0
    assert "our shop" in capsys.readouterr().out
    with Store.open(tmp_path) as store:
        (held,) = checks.watched(store)
    assert msgspec.json.decode(held.check) == {"kind": "http", "url": "https://example.org/", "keyword": "Basket"}
    assert main(["unwatch", "our shop"]) == 0
    assert main(["unwatch", "our shop"]) == 1
    capsys.readouterr()


def seen(*readings: Reading) -> dict[str, Reading]:
    return {reading.key: reading for reading in readings}


def test_what_is_wrong_stands_first() -> None:
    readings = seen(
        Reading("tcp.down", 0.0, "", "a", "ssh"),
        Reading("tcp.ms", 3.0, "ms", "a", "ssh"),
        Reading("host.down", 1.0, "", "z", "ping"),
        Reading("tls.down", 0.0, "", "b", "tls"),
        Reading("tls.days", 41.2, "d", "b", "tls"),
    )
    rows = shown(readings, {"tls.days b": "warn"})
    assert [(row.name, row.word, row.figure) for row in rows] == [
        ("z", "Fails", ""),
        ("b", "Unsteady", "41 days"),
        ("a", "Well", "3 ms"),
    ]


def test_the_sidebar_shows_them_and_nothing_while_there_are_none(desk: Desk) -> None:
    held = [Snapshot()]
    section = WatchedSection(msgspec.structs.replace(desk.context, snapshot=lambda: held[0]))
    section.show()
    assert texts(section) == []
    many = [Reading("host.down", float(number == 7), "", f"host {number:02}", "ping") for number in range(40)]
    held[0] = Snapshot(1.0, seen(*many))
    section.refresh(section.TOPICS)
    assert section.findChildren(NetworkRow)[0].accessibleName().startswith("host 07: Fails")
    assert "and 28 more" in texts(section)
