"""What is watched: kept, done when it is due, tried again before it counts, and an alert when it is down."""

import time
from pathlib import Path

import msgspec
import pytest

from rackside.cli import main
from rackside.store import Store, checks
from rackside.store.checks import Watched
from rackside.watch.checking import Checker
from rackside.watch.checks.check import Check
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.run import KINDS
from rackside.watch.checks.tcp import Ssh, Tcp
from rackside.watch.limits import RULES
from rackside.watch.model import Reading
from rackside.watch.rules import Judge
from rackside.watch.standing import METRICS
from rackside_protocol.answers import ALERT_KINDS
from tests.watch.test_checks import HOST, closed_port, silent, speaking


def entry(label: str, check: Check, every_s: float = 60.0) -> Watched:
    return Watched(label=label, check=msgspec.Raw(msgspec.json.encode(check)), every_s=every_s)


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
        checker.standings.load([*hanging, *found], 0.0)
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
    checker.standings.load([entry("a", Tcp(host=HOST, port=closed_port())), entry("b", Tcp(host=HOST, port=1))], 0.0)
    checker.begin_due(1_000.0)
    checker.standings.load([entry("a", Tcp(host=HOST, port=2))], 0.0)
    assert list(checker.standings.held) == ["a"]
    assert checker.standings.held["a"].state == "pending"


def test_a_check_of_a_newer_version_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    checker = Checker(tmp_path)
    checker.standings.load(
        [Watched(label="new", check=msgspec.Raw(b'{"kind":"quantum"}')), entry("old", Ping(host=HOST))], 0.0
    )
    assert list(checker.standings.held) == ["old"]
    assert "The check new is not understood" in caplog.text
    caplog.clear()


def test_the_command_line_adds_lists_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "add", "our shop", "http", "https://example.org/", "--keyword", "Basket"]) == 0
    assert main(["checks", "add", "our shop", "ping", "192.0.2.1"]) == 1
    assert main(["checks", "add", "x", "tcp", "192.0.2.1", "--port", "many"]) == 1
    assert main(["checks", "add", "--every-s", "1", "x", "ping", "192.0.2.1"]) == 1
    capsys.readouterr()
    assert main(["checks"]) == 0
    assert "our shop" in capsys.readouterr().out
    with Store.open(tmp_path) as store:
        (held,) = checks.watched(store)
    assert msgspec.json.decode(held.check) == {"kind": "http", "url": "https://example.org/", "keyword": "Basket"}
    assert main(["checks", "remove", "our shop"]) == 0
    assert main(["checks", "remove", "our shop"]) == 1
    capsys.readouterr()
