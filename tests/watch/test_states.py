"""The four states of a check, and what keeps a failure from counting: retries, parents, maintenance, sleep."""

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from rackside.store import Store, checks, events, hosts
from rackside.store.checks import Watched
from rackside.store.hosts import Host, Maintenance
from rackside.watch import standings
from rackside.watch.checking import Checker
from rackside.watch.checks.check import Check, Result
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.tcp import Tcp
from rackside.watch.history import note
from rackside.watch.limits import LEAST_CHECKS, LEAST_LOSSY, SETTLE_S
from rackside.watch.model import CheckState, Reading, Stand
from rackside.watch.probing import TRIES
from rackside.watch.reach import WayOut, is_cut_off, way_out
from rackside.watch.rules import Judge
from rackside.watch.standing import FAILING_S, RETRY_AFTER_S
from rackside.watch.standings import Outcome

AT_S = 1_800_000_000.0
WELL = Result(level="ok", sentence="well", values={"time": (1.0, "ms")})
ILL = Result(level="critical", sentence="ill")
DAY_S = 86_400.0


def entry(label: str, check: Check | None = None, host: str = "") -> Watched:
    check = check or Tcp(host=f"{label}.example", port=1)
    return Watched(label=label, check=msgspec.Raw(msgspec.json.encode(check)), host=host)


class Bench:
    """A checker whose checks find what the test says, at times that the test says."""

    def __init__(
        self, home: Path, *watched: Watched, known: tuple[Host, ...] = (), windows: tuple[Maintenance, ...] = ()
    ) -> None:
        self.checker = Checker(home)
        self.checker.standings.load(
            list(watched), 0.0, known={each.name: each for each in known}, windows=list(windows)
        )
        self.now_s = 1_000.0

    def finds(self, label: str, found: Result, *, after_s: float = RETRY_AFTER_S, cut_off: WayOut = "") -> CheckState:
        self.now_s += after_s
        each = self.checker.standings.held[label]
        self.checker.standings.judge(each, Outcome(found, self.now_s, self.now_s, AT_S + self.now_s, cut_off))
        return each.state

    def fails(self, label: str) -> CheckState:
        for _ in range(TRIES):
            state = self.finds(label, ILL)
        return state

    def values(self) -> Mapping[str, float]:
        return {reading.key: reading.value for reading in self.checker.readings()}

    def said(self, label: str) -> str:
        return self.checker.stands()[label].said


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, entry("shop"))


def test_what_fails_counts_the_third_time_and_what_answers_at_once(bench: Bench) -> None:
    assert bench.values() == {}
    assert bench.finds("shop", WELL) == "up"
    assert [bench.finds("shop", ILL) for _ in range(TRIES)] == ["pending", "pending", "down"]
    assert bench.values()["tcp.down shop"] == 1
    assert bench.finds("shop", ILL) == "down"
    assert bench.finds("shop", WELL) == "up"
    assert bench.values()["tcp.down shop"] == 0


def test_what_fails_for_a_minute_counts_with_fewer_tries(bench: Bench) -> None:
    assert bench.finds("shop", ILL) == "pending"
    assert bench.finds("shop", ILL, after_s=FAILING_S) == "down"


@pytest.mark.parametrize("retries", [0, 1, 6])
def test_a_check_is_tried_again_as_often_as_was_said(retries: int, tmp_path: Path) -> None:
    bench = Bench(tmp_path, msgspec.structs.replace(entry("shop"), retries=retries))
    assert {bench.finds("shop", ILL) for _ in range(retries)} <= {"pending"}
    assert bench.finds("shop", ILL) == "down"


def test_a_doubt_that_passes_leaves_since_when_it_is_up(bench: Bench) -> None:
    bench.finds("shop", WELL)
    since_s = bench.checker.stands()["shop"].since_s
    bench.finds("shop", ILL)
    bench.finds("shop", WELL)
    assert bench.checker.stands()["shop"].since_s == since_s


def test_a_share_is_told_once_there_are_enough_answers(bench: Bench) -> None:
    for _ in range(LEAST_CHECKS):
        assert "tcp.bad shop" not in bench.values()
        bench.finds("shop", WELL)
    assert bench.values()["tcp.bad shop"] == 0


def test_a_host_that_loses_echoes_is_up_and_tells_their_share(tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("shop", Ping(host="shop.example")))
    lossy = Result(level="critical", sentence="20 % lost", values={"loss": (20.0, "%")}, answers=True)
    assert {bench.finds("shop", lossy) for _ in range(LEAST_CHECKS + 2)} == {"up"}
    assert bench.values()["host.loss shop"] == pytest.approx(20.0)
    assert bench.values()["host.bad_times shop"] >= LEAST_LOSSY


def test_the_echoes_of_a_host_that_is_down_are_not_counted_as_lost(tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("shop", Ping(host="shop.example")))
    well = Result(level="ok", sentence="", values={"loss": (0.0, "%")})
    for _ in range(LEAST_CHECKS + 2):
        bench.finds("shop", well)
    gone = Result(level="critical", sentence="", values={"loss": (100.0, "%")})
    assert [bench.finds("shop", gone) for _ in range(TRIES)][-1] == "down"
    assert "host.loss shop" not in bench.values()
    bench.finds("shop", well)
    assert bench.values()["host.loss shop"] == 0


def test_what_this_machine_cannot_check_is_neither_up_nor_down(bench: Bench) -> None:
    bench.finds("shop", WELL)
    assert bench.finds("shop", Result(level="unknown", sentence="no key is kept")) == "pending"
    assert (bench.values(), bench.said("shop")) == ({}, "no key is kept")


def test_what_answers_with_a_number_past_its_level_is_up_and_warns(tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("load", Prometheus(url="http://shop.example/metrics", metric="node_load1")))
    past = Result(level="critical", sentence="node_load1 is 90", values={"time": (1.0, "ms")}, answers=True)
    assert bench.finds("load", past) == "up"
    assert (bench.values()["check.warns load"], bench.values()["http.down load"]) == (2, 0)
    judge, seen = Judge(), [Reading("check.warns", 2.0, "", "load", "prometheus")]
    raised = [alert for minute in range(7) for alert in judge.look(seen, AT_S + 60 * minute)]
    assert [(alert.kind, alert.severity) for alert in raised] == [("check.warns", "critical")]


@pytest.mark.parametrize(("value", "told"), [(63.0, True), (float("inf"), False), (float("nan"), False)])
def test_the_number_that_a_check_follows_has_a_history_of_its_own(value: float, *, told: bool, tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("disk", Prometheus(url="http://shop.example/metrics", metric="used")))
    values = {"time": (1.0, "ms"), "used": (value, "%")}
    bench.finds("disk", Result(level="ok", sentence="", values=values, answers=True, main="used"))
    assert ("check.value disk" in bench.values()) == told
    assert "http.ms disk" in bench.values()
    bench.finds("disk", ILL)
    assert "check.value disk" in bench.values() or not told, "it is in doubt, and the last number stands"


def behind(home: Path) -> Bench:
    """A shop behind a switch behind a router; the switch is not checked itself."""
    known = (
        Host(name="router"),
        Host(name="switch", parent="router"),
        Host(name="shop.example", parent="switch"),
    )
    return Bench(home, entry("router", Ping(host="192.0.2.1"), host="router"), entry("shop"), known=known)


def test_a_parent_that_is_down_silences_what_is_behind_it(tmp_path: Path) -> None:
    bench = behind(tmp_path)
    bench.finds("shop", WELL)
    assert bench.fails("router") == "down"
    assert bench.fails("shop") == "pending"
    assert bench.said("shop") == "not known: it is behind router, which is down"
    assert "tcp.down shop" not in bench.values()
    assert bench.checker.quiet() == {"shop"}
    bench.finds("router", WELL)
    assert bench.fails("shop") == "pending"
    bench.finds("router", WELL)
    assert bench.finds("shop", ILL) == "down"
    assert bench.checker.quiet() == frozenset()


def test_a_failure_waits_until_the_parent_was_checked_after_it_began(tmp_path: Path) -> None:
    bench = behind(tmp_path)
    bench.finds("router", WELL)
    bench.finds("shop", WELL)
    bench.checker.standings.held["router"].due_s = float("inf")
    assert bench.fails("shop") == "pending"
    assert bench.checker.standings.held["router"].due_s <= time.monotonic()
    bench.finds("router", ILL)
    assert bench.finds("shop", ILL) == "pending"
    bench.finds("router", WELL)
    assert bench.finds("shop", ILL) == "down"


def test_all_that_is_before_a_failure_is_checked_at_its_first_try(tmp_path: Path) -> None:
    known = (Host(name="router"), Host(name="server", parent="router"))
    watched = (
        entry("router", Ping(host="192.0.2.1"), host="router"),
        entry("server", Ping(host="192.0.2.9"), host="server"),
        entry("port", host="server"),
    )
    bench = Bench(tmp_path, *watched, known=known)
    for label in ("router", "server", "port"):
        bench.finds(label, WELL)
        bench.checker.standings.held[label].due_s = float("inf")
    bench.finds("port", ILL)
    for label in ("router", "server"):
        assert bench.checker.standings.held[label].due_s <= time.monotonic()
        bench.finds(label, WELL, after_s=0.1)
    assert [bench.finds("port", ILL), bench.finds("port", ILL)] == ["pending", "down"]


def test_what_is_behind_something_that_is_not_known_is_not_known_either(tmp_path: Path) -> None:
    known = (Host(name="router"), Host(name="server", parent="router"))
    watched = (
        entry("router", Ping(host="192.0.2.1"), host="router"),
        entry("server", Ping(host="192.0.2.9"), host="server"),
        entry("port", host="server"),
    )
    bench = Bench(tmp_path, *watched, known=known)
    assert bench.fails("router") == "down"
    assert bench.fails("server") == "pending"
    assert bench.fails("port") == "pending"
    assert bench.said("port") == "not known: it is behind server, which is not known itself"
    assert bench.finds("port", ILL, after_s=standings.PARENT_WAIT_S) == "pending"


def test_what_is_behind_a_machine_in_maintenance_is_silent_while_that_is_away(tmp_path: Path) -> None:
    window = Maintenance(starts_s=AT_S, ends_s=AT_S + 10_000, host="router")
    known = (Host(name="router"), Host(name="shop.example", parent="router"))
    watched = (entry("router", Ping(host="192.0.2.1"), host="router"), entry("shop"))
    bench = Bench(tmp_path, *watched, known=known, windows=(window,))
    bench.checker.standings.mark_maintenance(AT_S + 5_000, 0.0)
    bench.finds("router", WELL)
    bench.finds("shop", ILL)
    bench.finds("router", ILL)
    assert [bench.finds("shop", ILL), bench.finds("shop", ILL)][-1] == "pending"
    bench.finds("router", WELL)
    bench.fails("shop")
    bench.finds("router", WELL)
    assert bench.finds("shop", ILL) == "down"


def test_a_check_that_began_before_its_parent_was_back_does_not_count_at_once(tmp_path: Path) -> None:
    bench = behind(tmp_path)
    bench.fails("router")
    assert [bench.fails("shop"), bench.checker.quiet()] == ["pending", {"shop"}]
    bench.finds("router", WELL)
    assert [bench.finds("shop", ILL), bench.checker.quiet()] == ["pending", frozenset()]
    assert bench.finds("shop", WELL) == "up"


def test_a_parent_of_which_nothing_comes_does_not_hide_a_failure_for_good(tmp_path: Path) -> None:
    bench = behind(tmp_path)
    bench.fails("shop")
    assert bench.finds("shop", ILL, after_s=standings.PARENT_WAIT_S) == "down"


def test_a_circle_of_parents_is_gone_round_once(tmp_path: Path) -> None:
    circle = (Host(name="a", parent="b"), Host(name="b", parent="a"))
    bench = Bench(tmp_path, entry("of-a", host="a"), entry("of-b", host="b"), known=circle)
    bench.finds("of-b", WELL)
    bench.fails("of-a")
    bench.finds("of-b", WELL)
    assert bench.finds("of-a", ILL) == "down"


def test_a_machine_that_does_not_answer_silences_its_own_services(tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("ping", Ping(host="shop.example")), entry("shop"))
    bench.finds("shop", WELL)
    assert bench.fails("ping") == "down"
    assert bench.fails("shop") == "pending"


def test_a_laptop_may_sleep_for_as_long_as_was_said(tmp_path: Path) -> None:
    bench = Bench(tmp_path, entry("shop"), known=(Host(name="shop.example", may_sleep_s=DAY_S),))
    bench.finds("shop", WELL)
    assert bench.fails("shop") == "pending"
    assert bench.said("shop") == "may be asleep: ill"
    assert bench.finds("shop", ILL, after_s=DAY_S - 100) == "pending"
    assert bench.finds("shop", ILL, after_s=100) == "pending"
    assert bench.said("shop") == "ill; tried again"
    assert [bench.finds("shop", ILL) for _ in range(TRIES - 1)][-1] == "down"


def test_maintenance_is_a_state_of_its_own_and_nothing_in_it_counts(tmp_path: Path) -> None:
    window = Maintenance(starts_s=AT_S, ends_s=AT_S + 10_000, group="web", note="new disks")
    bench = Bench(tmp_path, entry("shop"), known=(Host(name="shop.example", group="web"),), windows=(window,))
    bench.checker.standings.mark_maintenance(AT_S + 5_000, 0.0)
    assert bench.fails("shop") == "maintenance"
    assert (bench.said("shop"), bench.values()) == ("new disks", {})
    bench.checker.standings.mark_maintenance(AT_S + 10_000, 77.0)
    each = bench.checker.standings.held["shop"]
    assert (each.state, each.due_s, each.failures, each.quiet) == ("pending", 77.0, 0, "")
    bench.now_s = 20_000.0
    assert bench.fails("shop") == "down"


def test_while_this_machine_is_cut_off_nothing_is_down(bench: Bench) -> None:
    bench.finds("shop", WELL)
    for _ in range(TRIES + 1):
        assert bench.finds("shop", ILL, cut_off="link") == "pending"
    assert bench.said("shop") == "not known: this machine has no link"
    assert bench.finds("shop", WELL) == "up"


def test_what_this_machine_lacks_is_read_from_what_it_saw() -> None:
    link, lost = Reading("nic.link", 1.0, "", "eth0"), Reading("nic.link", 0.0, "", "eth1")
    gone = Reading("ping.down", 1.0, "", "gateway")
    assert way_out({each.key: each for each in (link, lost)}) == ""
    assert way_out({lost.key: lost}) == "link"
    switched_off = Reading("nic.down", 0.0, "bit/s", "eth0")
    assert way_out({switched_off.key: switched_off}) == "link"
    assert way_out({each.key: each for each in (link, gone)}) == "gateway"
    assert [
        is_cut_off("127.0.0.1", "link"),
        is_cut_off("198.51.100.77", "gateway"),
        is_cut_off("198.51.100.77", ""),
    ] == [
        False,
        True,
        False,
    ]


def test_after_a_sleep_of_this_machine_nothing_counts_for_a_while(bench: Bench) -> None:
    bench.finds("shop", WELL)
    bench.checker.standings.notice_gap(AT_S)
    bench.checker.standings.notice_gap(AT_S + bench.now_s)
    assert bench.fails("shop") == "pending"
    assert bench.finds("shop", ILL, after_s=SETTLE_S) == "down"


def test_what_is_quiet_raises_nothing_and_clears_nothing() -> None:
    judge = Judge()
    down = [Reading("host.down", 1.0, "", "shop", "ping")]
    (raised,) = judge.look(down, AT_S)
    assert raised.component == "shop"
    for minute in range(60):
        assert judge.look((), AT_S + 60 * minute, quiet={"shop"}) == ()
    assert [alert.component for alert in judge.open()] == ["shop"]


def test_the_log_tells_for_how_long_something_was_down(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        checks.watch(store, entry("shop"))
        told: list[tuple[CheckState, float]] = [
            ("up", 0.0),
            ("pending", 50.0),
            ("down", 60.0),
            ("pending", 70.0),
            ("down", 60.0),
            ("up", 180.0),
            ("maintenance", 200.0),
            ("pending", 300.0),
        ]
        for state, after_s in told:
            note(store, [Stand(label="shop", state=state, since_s=AT_S + after_s, said="ill")])
        found = [(each.kind, each.at_s - AT_S, each.until_s - AT_S) for each in events.events(store)]
        assert found == [("maintenance", 200.0, 300.0), ("state", 60.0, 180.0)]
        assert checks.stands(store)["shop"].state == "pending"
        checks.unwatch(store, "shop")
        assert checks.stands(store) == {}


def test_how_it_stood_survives_a_restart(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        checks.watch(store, entry("shop"))
        hosts.keep_host(store, Host(name="shop.example", group="web"))
        note(store, [Stand(label="shop", state="down", since_s=AT_S, said="ill")])
    checker = Checker(tmp_path)
    checker._look_again(0.0)
    assert checker.stands()["shop"] == Stand(label="shop", state="down", since_s=AT_S, said="ill")
    assert checker.standings.held["shop"].host.group == "web"
    assert checker.changed() == []
