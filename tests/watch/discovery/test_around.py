"""Looking around again and again: on the loopback network, where every address of 127.0.0.0/8 answers on Linux."""

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from rackside.store import Store, devices, events
from rackside.store.devices import Kept
from rackside.watch.discovery import snmp
from rackside.watch.discovery.around import known, look_around
from rackside.watch.discovery.asking import answers
from rackside.watch.discovery.device import Scan
from rackside.watch.discovery.dialling import Call, dial
from rackside.watch.discovery.scan import WHAT, scan

pytestmark = pytest.mark.usefixtures("socket_enabled")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux answers on all of 127.0.0.0/8")
SUBNET, DEVICE, PORT = "127.77.0.4/31", "127.77.0.5", 9_182
IDLE = threading.Event()


@contextmanager
def listening(address: str = DEVICE, port: int = PORT) -> Iterator[int]:
    with socket.create_server((address, port)) as server:
        yield server.getsockname()[1]


@linux
def test_the_first_look_is_no_news_and_the_next_says_what_changed(tmp_path: Path) -> None:
    first, no_news = look_around(tmp_path, SUBNET)
    with listening():
        _, opened = look_around(tmp_path, SUBNET)
    _, closed = look_around(tmp_path, SUBNET)
    assert DEVICE in [each.address for each in first.devices]
    assert no_news == []
    assert [each.sentence for each in opened] == [f"{name(first)} now listens on {PORT}"]
    assert [each.sentence for each in closed] == [f"{name(first)} no longer listens on {PORT}"]
    with Store.open(tmp_path) as store:
        assert [each.sentence for each in events.events(store, ["device"])] == [
            each.sentence for each in [*closed, *opened]
        ]
        assert [each.address for each in known(store, SUBNET)] == [each.address for each in first.devices]
        assert all(each.until_s == each.at_s for each in events.events(store))


def name(found: Scan) -> str:
    return next(each.shown for each in found.devices if each.address == DEVICE)


@linux
def test_a_look_that_was_stopped_forgets_and_reports_nothing(tmp_path: Path) -> None:
    with listening():
        look_around(tmp_path, SUBNET)
    stopped = threading.Event()
    with Store.open(tmp_path) as store:
        before = known(store, SUBNET)
        found, happened = look_around(
            tmp_path, SUBNET, cancelled=stopped, on_progress=lambda _, __, what: stopped.set() if what == WHAT else None
        )
        assert (found.complete, happened, known(store, SUBNET)) == (False, [], before)
    assert DEVICE in [each.address for each in found.devices]


def test_what_is_no_subnet_of_ours_touches_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="public internet"):
        look_around(tmp_path / "home", "8.8.8.8/32")
    assert not (tmp_path / "home").exists()


def test_devices_are_kept_by_subnet_and_replaced_whole(tmp_path: Path) -> None:
    one, two = (Kept(identity=each, body=msgspec.Raw(b'{"a":1}'), missed=1) for each in ("a", "b"))
    with Store.open(tmp_path) as store:
        devices.replace(store, "10.0.0.0/24", [one, two])
        devices.replace(store, "10.0.1.0/24", [one])
        devices.replace(store, "10.0.0.0/24", [two])
        assert [(each.identity, bytes(each.body), each.missed) for each in devices.load(store, "10.0.0.0/24")] == [
            ("b", b'{"a":1}', 1)
        ]
        assert devices.subnets(store) == ["10.0.0.0/24", "10.0.1.0/24"]


@linux
def test_nobody_is_asked_by_snmp_without_credentials_and_each_is_with_them() -> None:
    asked = []

    def ask(address: str, credentials: str) -> str:
        asked.append((address, credentials))
        return "Linux nas 6.1\x1b[2J"

    scan(SUBNET, ask_snmp=ask)
    assert asked == []
    found = scan(SUBNET, credentials="a secret's name", ask_snmp=ask)
    assert (DEVICE, "a secret's name") in asked
    assert {each.described for each in found.devices} == {"Linux nas 6.1\ufffd[2J"}
    assert any("SNMP" in each for each in scan(SUBNET, credentials="a secret's name").notes)


def test_a_question_that_hangs_or_fails_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp, "WITHIN_S", 0.3)
    hung = threading.Event()

    def ask(address: str, _: str) -> str | None:
        if address == "hangs":
            hung.wait()
        if address == "fails":
            raise TimeoutError
        return None if address == "silent" else "yes"

    began_s = time.monotonic()
    assert snmp.describe(["hangs", "fails", "silent", "speaks"], ask, "", IDLE) == {"speaks": "yes"}
    assert time.monotonic() - began_s < 5
    hung.set()


def test_questions_end_at_once_when_they_are_cancelled() -> None:
    hung, cancelled = threading.Event(), threading.Event()
    cancelled.set()
    began_s = time.monotonic()
    assert answers(["a"], lambda _: str(hung.wait()), at_once=1, within_s=60, cancelled=cancelled) == {}
    assert time.monotonic() - began_s < 5
    hung.set()


def test_a_server_that_says_nothing_is_open_and_is_not_waited_for() -> None:
    with listening("127.0.0.1", 0) as port:
        (found,) = dial([Call("127.0.0.1", port, hear=100)], per_s=100, cancelled=IDLE, within_s=0.3)
    assert (found.state, found.heard) == ("open", b"")


def test_a_closed_port_refuses() -> None:
    with listening("127.0.0.1", 0) as port:
        pass
    assert [each.state for each in dial([Call("127.0.0.1", port)], per_s=100, cancelled=IDLE)] == ["refused"]


def test_no_more_are_called_a_second_than_is_said() -> None:
    with listening("127.0.0.1", 0) as port:
        began_s = time.monotonic()
        found = list(dial([Call("127.0.0.1", port)] * 40, per_s=100, cancelled=IDLE))
    assert [each.state for each in found] == ["open"] * 40
    assert time.monotonic() - began_s >= 0.38


def test_nobody_is_called_any_more_once_it_is_cancelled() -> None:
    cancelled = threading.Event()
    with listening("127.0.0.1", 0) as port:
        found = dial([Call("127.0.0.1", port)] * 1_000, per_s=20, cancelled=cancelled)
        assert next(found).state == "open"
        cancelled.set()
        assert len(list(found)) < 5
