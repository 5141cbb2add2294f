"""The logs followed by the program: what is kept, what becomes an alert, and what a flood costs."""

import random
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from rackside.store import Store, logs
from rackside.watch.limits import CLEAR_WAIT_S
from rackside.watch.logs import follower as module
from rackside.watch.logs import limits
from rackside.watch.logs.files import File
from rackside.watch.logs.follower import FOLLOWED, LEARNING, NOTHING, Follower, chosen
from rackside.watch.logs.groups import Group
from rackside.watch.logs.line import Batch, Line
from rackside.watch.model import Alert
from rackside.watch.rules import Judge
from rackside.watch.signature import signature

PATIENCE_S = 30.0
START_S = 1_800_000_000.0


@dataclass
class Given:
    """A log whose lines a test gives; its position is the number of those that were read."""

    name: str = "given"
    lines: list[Line] = field(default_factory=list)
    problem: str = ""

    def says(self, text: str, at_s: float, number: int = 1, level: int = 3) -> None:
        self.lines += [Line(at_s=at_s, unit="shop", level=level, text=text)] * number

    def read(self, position: bytes, at_s: float) -> Batch:
        del at_s
        if self.problem:
            return Batch(position=position, problem=self.problem)
        begin = int(position) if position else len(self.lines)
        return Batch(lines=self.lines[begin:], position=str(len(self.lines)).encode())


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@dataclass
class Console:
    """A console that follows a log and judges it, as the watch does."""

    home: Path
    log: Given = field(default_factory=Given)
    at_s: float = START_S
    judge: Judge = field(default_factory=Judge)
    said: list[Alert] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restarts(judge=self.judge)
        self.passes(60)
        self.at_s += limits.LEARN_S

    def restarts(self, judge: Judge | None = None) -> None:
        self.judge = judge or Judge([alert for alert in self.said if self.is_last(alert)])
        self.follower = Follower(self.home, sources=[self.log])
        with Store.open(self.home) as store:
            self.follower.recall(store, self.at_s)

    def is_last(self, alert: Alert) -> bool:
        return alert is [each for each in self.said if each.id == alert.id][-1]

    def passes(self, for_s: float) -> list[Alert]:
        before, end_s = len(self.said), self.at_s + for_s
        with Store.open(self.home) as store:
            while self.at_s < end_s:
                self.follower.look(store, self.at_s)
                self.said += self.judge.look(self.follower.take(), self.at_s)
                self.at_s += 10
        return self.said[before:]

    @property
    def open(self) -> list[str]:
        return [alert.summary for alert in self.judge.open()]


@pytest.fixture
def console(tmp_path: Path) -> Console:
    made = Console(tmp_path)
    made.judge = Judge()
    return made


def test_a_new_error_is_an_alert_with_the_signature_that_joins_the_community(console: Console) -> None:
    console.passes(60)
    console.log.says("accept4() failed (24: Too many open files) for alice", console.at_s, 3)
    [alert] = console.passes(60)
    assert (alert.kind, alert.severity) == ("log.error", "warning")
    assert alert.signature == signature("log.error", "shop", "failed too many open files for")
    assert alert.summary == "shop: failed too many open files for: new in the log, 3 in ten minutes"
    assert "alice" not in alert.signature + alert.summary
    [group] = console.follower.groups()
    assert group.example == "accept4() failed (24: Too many open files) for alice"


def test_it_clears_when_the_log_was_quiet_for_a_quarter_of_an_hour_and_its_flaps_are_counted(console: Console) -> None:
    console.passes(60)
    console.log.says("the disk failed", console.at_s, level=2)
    [raised] = console.passes(60)
    assert raised.severity == "critical"
    assert console.passes(CLEAR_WAIT_S - 120) == []
    [cleared] = console.passes(180)
    assert cleared.cleared_at_s
    console.log.says("the disk failed", console.at_s)
    [again] = console.passes(60)
    assert (again.flaps, again.id != raised.id) == (1, True)


def test_an_alert_outlives_a_restart_and_is_not_raised_twice(console: Console) -> None:
    console.passes(60)
    console.log.says("cannot write", console.at_s, 5)
    [alert] = console.passes(30)
    console.restarts()
    assert console.passes(60) == []
    assert console.open == [alert.summary]
    console.log.says("cannot write", console.at_s)
    assert console.passes(CLEAR_WAIT_S - 60) == []
    [cleared] = console.passes(CLEAR_WAIT_S)
    assert cleared.id == alert.id


def test_what_was_found_and_not_heard_of_before_the_program_ended_is_said_again(console: Console) -> None:
    console.passes(60)
    console.log.says("cannot write", console.at_s, 5)
    with Store.open(console.home) as store:
        console.follower.look(store, console.at_s)
    console.restarts(judge=Judge())
    [alert] = console.passes(30)
    assert alert.kind == "log.error"


def test_what_is_logged_while_the_program_is_off_is_found_when_it_starts(console: Console) -> None:
    console.passes(60)
    console.log.says("cannot write", console.at_s + 600, 5)
    console.at_s += 8 * 3_600
    console.restarts()
    assert len(console.passes(30)) == 1


def test_a_log_that_is_added_later_is_learned_for_a_day_of_its_own(console: Console) -> None:
    console.log.says("known", console.at_s)
    console.passes(60)
    added = Given("added")
    console.follower = Follower(console.home, sources=[console.log, added])
    with Store.open(console.home) as store:
        console.follower.recall(store, console.at_s)
    console.passes(60)
    assert [each.sentence for each in console.follower.status()] == [FOLLOWED, LEARNING]
    added.says("cannot write", console.at_s, 50)
    assert console.passes(60) == []
    console.at_s += limits.LEARN_S
    console.passes(10)
    added.says("cannot read", console.at_s, 3)
    console.log.says("cannot read", console.at_s, 3)
    console.judge = Judge()
    assert len(console.passes(60)) == 1


def test_a_log_that_cannot_be_read_is_said_in_words_and_hinders_no_other(tmp_path: Path) -> None:
    hidden, seen = Given("hidden", problem="It may not be read."), Given("seen")
    follower = Follower(tmp_path, sources=[hidden, seen])
    with Store.open(tmp_path) as store:
        follower.recall(store, START_S)
        follower.look(store, START_S)
        seen.says("failed", START_S)
        follower.look(store, START_S + 10)
    assert [(each.name, each.followed, each.sentence) for each in follower.status()] == [
        ("hidden", False, "It may not be read."),
        ("seen", True, LEARNING),
    ]
    assert [group.count for group in follower.groups()] == [1]


def test_a_log_that_we_read_wrongly_is_said_once_and_hinders_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Wrong(Given):
        def read(self, position: bytes, at_s: float) -> Batch:
            raise KeyError(position, at_s)

    seen = Given("seen")
    follower = Follower(tmp_path, sources=[Wrong("wrong"), seen])
    with Store.open(tmp_path) as store:
        follower.recall(store, START_S)
        for turn in range(3):
            follower.look(store, START_S + turn)
            seen.says("failed", START_S)
    assert [each.followed for each in follower.status()] == [False, True]
    assert [group.count for group in follower.groups()] == [2]
    assert len(caplog.records) == 1
    caplog.clear()


def test_where_nothing_is_logged_that_is_said(tmp_path: Path) -> None:
    assert [each.sentence for each in Follower(tmp_path, sources=[]).status()] == [NOTHING]
    assert {source.name for source in chosen([tmp_path / "app.log"])} >= {str(tmp_path / "app.log")}


def test_a_file_is_followed_from_when_it_is_named_until_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "POLL_S", 0.01)
    monkeypatch.setattr(module, "chosen", lambda files: [File(each) for each in files])
    path = tmp_path / "app.log"
    named: list[tuple[str, ...]] = [()]
    path.write_text("ERROR cannot open the device\n", encoding="utf-8")
    follower = Follower(tmp_path, lambda: named[-1])
    follower.start()
    try:
        named.append((str(path),))
        until(lambda: [each.name for each in follower.status()] == [str(path)])
        with path.open("a", encoding="utf-8") as log:
            log.write("ERROR cannot close the device\n")
        until(lambda: [group.example for group in follower.groups()] == ["ERROR cannot close the device"])
        named.append(())
        until(lambda: [each.sentence for each in follower.status()] == [NOTHING])
    finally:
        follower.stop()
    with Store.open(tmp_path) as store:
        assert logs.positions(store) == {}


def test_how_far_a_log_was_read_is_forgotten_when_it_is_followed_no_more(tmp_path: Path) -> None:
    for sources in ([Given("one"), Given("two")], [Given("two")]):
        follower = Follower(tmp_path, sources=sources)
        with Store.open(tmp_path) as store:
            follower.recall(store, START_S)
            follower.look(store, START_S)
            assert set(logs.positions(store)) == {source.name for source in sources}


def test_what_cannot_be_kept_now_is_kept_at_the_next_look(tmp_path: Path) -> None:
    log = Given()
    follower = Follower(tmp_path, sources=[log])
    with Store.open(tmp_path) as store:
        follower.recall(store, START_S)
        follower.look(store, START_S)
        store.local.execute("PRAGMA query_only = ON")
        log.says("failed", START_S)
        follower.look(store, START_S)
        assert logs.groups(store) == []
        store.local.execute("PRAGMA query_only = OFF")
        log.says("failed", START_S)
        follower.look(store, START_S)
        [group] = logs.groups(store)
        assert msgspec.json.decode(group.body, type=Group).count == 2


FOLLOW = """
import sys, time
from pathlib import Path
from rackside.store import Store
from rackside.watch.logs.files import File
from rackside.watch.logs.follower import Follower
home = Path(sys.argv[1])
follower = Follower(home, sources=[File(home / "app.log")])
with Store.open(home) as store:
    follower.recall(store, time.time())
    while True:
        follower.look(store, time.time())
        print(end=".", flush=True)
"""


def test_killed_at_any_moment_it_goes_on_where_it_stopped_and_counts_each_line_once(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - moments
    path = tmp_path / "app.log"
    path.touch()
    written = 0
    for turn in range(12):
        with subprocess.Popen([sys.executable, "-c", FOLLOW, str(tmp_path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.read(1)
            with path.open("a", encoding="utf-8") as file:
                for number in range(chance.randrange(100, 5_000)):
                    file.write(f"app: error {number} of it\n")
                    written += 1
                    if number % 50 == 0:
                        file.flush()
                        time.sleep(chance.random() / 2_000)
            process.send_signal(signal.SIGKILL)
        path.rename(tmp_path / f"app.log-202611{10 + turn}")
        path.touch()
    follower = Follower(tmp_path, sources=[File(path)])
    with Store.open(tmp_path) as store:
        follower.recall(store, time.time())
        path.write_text("app: error 0 of it\n", encoding="utf-8")
        while follower.look(store, time.time()):
            pass
        [group] = [msgspec.json.decode(each.body, type=Group) for each in logs.groups(store)]
    assert group.count == written + 1


WRITE = """
import sys, time
with open(sys.argv[1], "a", buffering=1 << 16) as file:
    begin, number = time.monotonic(), 0
    while (passed := time.monotonic() - begin) < float(sys.argv[2]):
        while number < passed * 10_000:
            number += 1
            file.write(f"2026-11-23T13:51:05+00:00 web1 shop[1]: request of 10.0.0.{number % 250} failed\\n")
        file.flush()
        time.sleep(0.005)
print(number)
"""
WRITES_S = 4.0


@contextmanager
def flood(path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", WRITE, str(path), str(WRITES_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield process


def test_ten_thousand_errors_a_second_are_all_counted_in_little_memory_and_delay_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "POLL_S", 0.1)
    path = tmp_path / "app.log"
    path.touch()
    follower = Follower(tmp_path, sources=[File(path)])
    follower.start()
    until(lambda: any(each.followed for each in follower.status()))
    turns = 0
    tracemalloc.start()
    try:
        with flood(path) as process:
            while process.poll() is None:
                time.sleep(0.01)
                follower.groups()
                follower.take()
                turns += 1
            assert process.stdout is not None
            written = int(process.stdout.read())
        until(lambda: sum(group.count for group in follower.groups()) == written)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        follower.stop()
    assert written > WRITES_S * 5_000
    assert most < 24 * 2**20
    assert turns > 20, "another thread hardly got its turn"
    assert follower.status()[0].sentence == LEARNING


def test_the_thread_ends_when_it_is_asked_to_and_keeps_how_far_it_came(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    follower = Follower(tmp_path, sources=[File(path)])
    follower.start()
    until(lambda: follower.status()[0].followed)
    path.write_text("nothing to see\n", encoding="utf-8")
    follower.stop()
    assert not follower._thread.is_alive()
    assert [reading.metric for reading in follower.take()] == ["log.errors"]
    with Store.open(tmp_path) as store:
        assert logs.positions(store).keys() == {str(path)}
