"""The probes against sockets of this machine, and what is made of their answers."""

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from rackside.settings import Probes
from rackside.watch import probing
from rackside.watch.model import Reading
from rackside.watch.probes import dns, gateway, internet, ping
from rackside.watch.probing import Prober, Tally
from rackside.watch.rules import Judge
from tests.watch.judging import START_S

MINUTE_S = 60.0


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "RETRY_AFTER_S", 0.0)


@pytest.fixture
def no_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "address", lambda: None)


def by_key(readings: tuple[Reading, ...]) -> dict[str, float]:
    return {reading.key: reading.value for reading in readings}


def local(port: int) -> Probes:
    return Probes(dns_name="localhost", internet_host="127.0.0.1", internet_port=port)


def test_nothing_is_sent_before_the_person_agreed(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def note(module: ModuleType, name: str, answer: object) -> None:
        monkeypatch.setattr(module, name, lambda *_: sent.append(name) or answer)

    note(dns, "look_up_ms", None)
    note(internet, "connect_ms", None)
    note(gateway, "round_trips_ms", [None])
    agreed: list[Probes] = []
    prober = Prober(lambda: agreed[0] if agreed else None)
    assert prober.probe_once() == ()
    assert sent == []
    agreed.append(local(listening))
    prober.probe_once()
    assert set(sent) >= {"look_up_ms", "connect_ms"}
    agreed.clear()
    assert prober.probe_once() == prober.readings() == ()


@pytest.mark.usefixtures("no_gateway")
def test_what_answers_is_timed(listening: int) -> None:
    seen = by_key(Prober(lambda: local(listening)).probe_once())
    assert 0 < seen["dns.ms"] < 5_000
    assert 0 < seen["internet.ms"] < 5_000
    assert seen["dns.down"] == seen["internet.down"] == 0
    assert "dns.bad" not in seen, "one check is no share"


@pytest.mark.usefixtures("no_gateway")
def test_a_check_that_answers_at_its_third_try_is_good(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([None, None, 7.0, None, None, None])
    monkeypatch.setattr(dns, "look_up_ms", lambda _name: next(tries))
    prober = Prober(lambda: local(listening))
    assert by_key(prober.probe_once())["dns.ms"] == 7
    assert by_key(prober.probe_once())["dns.down"] == 1


@pytest.mark.usefixtures("no_gateway")
def test_shares_are_of_whole_checks_over_five_minutes(listening: int, monkeypatch: pytest.MonkeyPatch) -> None:
    good = True
    monkeypatch.setattr(dns, "look_up_ms", lambda _name: 1.0 if good else None)
    prober = Prober(lambda: local(listening))
    for minute in range(10):
        prober.probe_once(minute * MINUTE_S)
    good = False
    seen = [by_key(prober.probe_once((10 + minute) * MINUTE_S))["dns.bad"] for minute in range(5)]
    assert seen == pytest.approx([100 / 6, 200 / 6, 50, 400 / 6, 500 / 6])


@pytest.mark.usefixtures("no_gateway")
def test_one_look_up_that_failed_is_no_alert_and_a_second_one_is(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = [True] * 10 + [False] + [True] * 9 + [False, False]
    monkeypatch.setattr(probing, "RETRY_AFTER_S", 0.0)
    monkeypatch.setattr(dns, "look_up_ms", lambda _name: 1.0 if answered[minute] else None)
    prober, judge = Prober(lambda: local(listening)), Judge()
    for minute in range(len(answered)):
        assert judge.open() == []
        judge.look(prober.probe_once(minute * MINUTE_S), START_S + minute * MINUTE_S)
    assert [(alert.kind, alert.severity) for alert in judge.open()] == [("dns", "warning")]


@pytest.mark.usefixtures("no_gateway")
def test_what_never_answered_is_shown_but_not_judged() -> None:
    targets = local(closed_port())
    prober = Prober(lambda: targets)
    for minute in range(5):
        seen = by_key(prober.probe_once(minute * MINUTE_S))
    assert seen["internet.down"] == 1
    assert "internet.bad" not in seen
    assert seen["dns.bad"] == 0


@pytest.mark.usefixtures("no_gateway")
def test_what_answered_before_the_program_started_is_judged() -> None:
    targets = local(closed_port())
    prober = Prober(lambda: targets)
    prober._answered.add("internet")
    for minute in range(3):
        seen = by_key(prober.probe_once(minute * MINUTE_S))
    assert seen["internet.bad"] == 100


def test_what_stands_behind_a_gateway_that_is_down_is_not_counted(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    up = True
    monkeypatch.setattr(gateway, "address", lambda: "192.0.2.1")
    monkeypatch.setattr(gateway, "round_trips_ms", lambda _address: [3.0, 1.0, 2.0] if up else [None] * 5)
    monkeypatch.setattr(dns, "look_up_ms", lambda _name: 1.0 if up else None)
    monkeypatch.setattr(internet, "connect_ms", lambda _host, _port: 1.0 if up else None)
    prober = Prober(lambda: local(listening))
    for minute in range(10):
        seen = by_key(prober.probe_once(minute * MINUTE_S))
    assert (seen["ping.ms gateway"], seen["ping.loss gateway"], seen["ping.down gateway"]) == (2, 0, 0)
    up = False
    for minute in range(10, 13):
        seen = by_key(prober.probe_once(minute * MINUTE_S))
    assert seen["ping.down gateway"] == 1
    assert "ping.loss gateway" not in seen
    assert seen["dns.bad"] == seen["internet.bad"] == 0
    up = True
    assert by_key(prober.probe_once(13 * MINUTE_S))["dns.bad"] == 0, (
        "back again, and no false alert of the time between"
    )


def test_a_gateway_that_answers_nothing_is_not_called_down(monkeypatch: pytest.MonkeyPatch, listening: int) -> None:
    address = "192.0.2.1"
    monkeypatch.setattr(gateway, "address", lambda: address)
    monkeypatch.setattr(gateway, "round_trips_ms", lambda _address: [None] * 5)
    prober = Prober(lambda: local(listening))
    assert not any(key.startswith("ping") for key in by_key(prober.probe_once()))
    monkeypatch.setattr(gateway, "round_trips_ms", lambda _address: [1.0])
    assert "ping.ms gateway" in by_key(prober.probe_once())
    monkeypatch.setattr(gateway, "round_trips_ms", lambda _address: [None] * 5)
    address = "192.0.2.254"
    assert not any(key.startswith("ping") for key in by_key(prober.probe_once())), "another network, another gateway"


@pytest.mark.usefixtures("no_gateway")
def test_a_check_that_hangs_fails_in_time_and_is_not_begun_twice(
    listening: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed, begun = threading.Event(), []

    def hang(_name: str) -> None:
        begun.append(1)
        freed.wait(20)

    monkeypatch.setattr(probing, "BOUND_S", 0.2)
    monkeypatch.setattr(dns, "look_up_ms", hang)
    prober = Prober(lambda: local(listening))
    for _ in range(2):
        seen = by_key(prober.probe_once())
        assert (seen["dns.down"], seen["internet.down"]) == (1, 0)
    assert len(begun) == 1
    prober.stop()
    freed.set()


@pytest.mark.usefixtures("no_gateway")
def test_results_are_taken_once_and_can_be_seen_again(listening: int) -> None:
    prober = Prober(lambda: local(listening))
    assert prober.take() == ()
    prober.probe_once()
    assert prober.take() == prober.readings() != ()
    assert prober.take() == ()


@pytest.mark.usefixtures("no_gateway")
def test_the_prober_probes_by_itself_and_ends_when_asked(listening: int) -> None:
    prober = Prober(lambda: local(listening))
    prober.start({"internet"})
    until = time.monotonic() + 20
    while not prober.readings() and time.monotonic() < until:
        time.sleep(0.01)
    assert prober.readings()
    prober.stop()
    prober._thread.join(5)
    assert not prober._thread.is_alive()


def test_a_tally_forgets_what_is_older_than_its_window() -> None:
    tally = Tally(300, least=2)
    tally.add(0, good=False)
    assert tally.bad_share() is None
    tally.add(100, good=True)
    assert tally.bad_share() == 50
    tally.add(350, good=True)
    assert tally.bad_share() == 0


ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0
wlan0 00000000 0164A8C0 0003 0 0 600 00000000 0 0 0
eth0 00000000 010200C0 0003 0 0 100 00000000 0 0 0
tun0 00000000 0100000A 0003 0 0 50 00000080 0 0 0
wg0 00000000 00000000 0001 0 0 10 00000000 0 0 0
"""


@pytest.mark.skipif(os.sys.byteorder != "little", reason="the table is of a little-endian machine")  # type: ignore[attr-defined]
def test_the_gateway_is_that_of_the_default_route_with_the_lowest_metric() -> None:
    assert gateway.chosen(ROUTES) == "192.0.2.1"
    assert gateway.chosen(ROUTES.splitlines()[0]) is None
    assert gateway.chosen("") is None


def test_a_gateway_that_refuses_a_connection_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ping, "round_trips_ms", lambda _address: [None] * 5)
    monkeypatch.setattr(gateway, "TRY_PORTS", (closed_port(),))
    [trip] = gateway.round_trips_ms("127.0.0.1")
    assert trip is not None


def test_ping_of_this_machine_answers_where_it_can_be_sent() -> None:
    try:
        trips = ping.round_trips_ms("127.0.0.1", echoes=2)
    except ping.CannotPingError:
        pytest.skip("neither an ICMP socket nor the ping program here")
    assert all(trip is not None and 0 < trip < 1_000 for trip in trips)


def test_an_echo_request_has_a_right_checksum() -> None:
    packet = ping.request(513)
    assert ping.checksum(packet) == 0
    assert struct.unpack("!BBHHH", packet[:8])[4] == 513
    assert ping.checksum(b"\x00\x01\xf2\x03\xf4\xf5\xf6\xf7") == 0x220D, "the example of RFC 1071"


FAKE_PING = """#!/bin/sh
echo "$@" >&2
printf '%s\\n' "$@" > "{arguments}"
cat <<'END'
64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.421 ms
64 bytes from 192.0.2.1: icmp_seq=3 ttl=64 time<1 ms
END
exit 0
"""


def refuse(*_arguments: object) -> socket.socket:
    raise PermissionError


def test_the_ping_program_is_given_its_arguments_as_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = tmp_path / "arguments"
    program = tmp_path / "ping"
    program.write_text(FAKE_PING.format(arguments=arguments))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(ping.socket, "socket", refuse)
    assert ping.round_trips_ms("192.0.2.1; touch x", echoes=3) == [0.421, 1.0, None]
    assert arguments.read_text().splitlines()[-2:] == ["--", "192.0.2.1; touch x"]


def test_without_a_way_to_ping_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ping.socket, "socket", refuse)
    with pytest.raises(ping.CannotPingError):
        ping.round_trips_ms("127.0.0.1")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "a..b"])
def test_a_name_that_is_none_has_no_time(name: str) -> None:
    assert dns.look_up_ms(name) is None
    assert internet.connect_ms(name, 443) is None


def test_a_port_that_is_none_has_no_time() -> None:
    assert internet.connect_ms("127.0.0.1", 65_536 * 2) is None
