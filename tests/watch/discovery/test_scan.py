"""Real scans, by a program without any privilege, of a network of network namespaces on this machine."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Final

import pytest

from rackside.watch.discovery import scan as module
from tests.watch.discovery.network import WHY_NOT, Looked, Network

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
PI: Final = "b8:27:eb:00:00:10"
LINK_LOCAL: Final = "fe80::ba27:ebff:fe00:10"
BROTHER: Final = "00:80:77:00:00:20"
METRICS: Final = "HTTP/1.0 200 OK\r\n\r\n# HELP node_load1 1m load\n# TYPE node_load1 gauge\nnode_load1 0.1\n"
SSHD, KEYGEN = which("sshd") or "", which("ssh-keygen") or ""
EVIL: Final = "evil\x1b[2J\u202egpj"


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Looked, Path]]:
    heard = tmp_path_factory.mktemp("heard")
    with Network(heard) as network:
        network.add("10.77.0.254")
        network.run(network.here, "ip", "route", "add", "default", "via", "10.77.0.254")
        web = network.add("10.77.0.10", PI)
        network.start(web, "python3", "-m", "http.server", "80", "--directory", str(heard))
        network.add("10.77.0.20", BROTHER, ports={"9100": "", "515": ""})
        network.add("10.77.0.21", ports={"9100": ""})
        network.add("10.77.0.30", services={"_hap._tcp": {"instance": "Lamp", "host": "lamp", "md": "Lamp 3"}})
        network.add(
            "10.77.0.40",
            ports={"80": "endless"},
            services={"_ssh._tcp": {"instance": "evil", "host": EVIL, "md": EVIL}},
        )
        network.add("10.77.0.41", services={"_ssh._tcp": {"instance": "b", "host": "bank", "address": "10.77.0.10"}})
        network.add("10.77.0.50", "", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1")
        network.add("10.77.0.60", ports={"22": "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "9100": METRICS})
        network.run(network.here, *f"ip neigh add {LINK_LOCAL} lladdr {PI} dev br0 nud reachable".split())
        network.run(web, "sh", "-c", "until ss -ltn | grep -q :80; do sleep 0.05; done")
        yield network.scan(hosts="10.77.0.60 metrics.example.org"), heard


def test_it_finds_every_device_and_nobody_else(looked: tuple[Looked, Path]) -> None:
    found = looked[0]
    ends = (1, 10, 20, 21, 30, 40, 41, 50, 60, 254)
    assert [each.address for each in found.scan.devices] == [f"10.77.0.{end}" for end in ends]
    assert found.scan.complete
    assert [each.address for each in found.scan.devices if each.local] == ["10.77.0.1"]
    assert [each.address for each in found.scan.devices if each.gateway] == ["10.77.0.254"]


def test_it_tells_what_each_listens_on_who_made_it_and_what_it_is(looked: tuple[Looked, Path]) -> None:
    found = looked[0]
    web, printer, exporter = found.at("10.77.0.10"), found.at("10.77.0.20"), found.at("10.77.0.60")
    assert (web.mac, web.ports) == (PI, (80,))
    assert "Raspberry" in web.vendor
    assert "SimpleHTTP" in web.greetings[80]
    assert (printer.kind, printer.ports, printer.confidence) == ("printer", (515, 9100), "sure")
    assert (exporter.kind, exporter.exporters) == ("server", (9100,))
    assert found.at("10.77.0.254").kind == "router"


def test_the_ipv6_addresses_that_the_kernel_knows_stand_with_the_device(looked: tuple[Looked, Path]) -> None:
    assert looked[0].at("10.77.0.10").also == (LINK_LOCAL,)


def test_a_name_that_this_machine_knows_is_told(looked: tuple[Looked, Path]) -> None:
    assert looked[0].at("10.77.0.60").name == "metrics.example.org"


def test_a_service_that_is_told_by_mdns_is_found(looked: tuple[Looked, Path]) -> None:
    lamp = looked[0].at("10.77.0.30")
    assert (lamp.services, lamp.name, lamp.model, lamp.kind) == (("_hap._tcp",), "lamp.local", "Lamp 3", "iot")


def test_who_ignores_echo_and_has_no_port_is_found_by_its_hardware_address(looked: tuple[Looked, Path]) -> None:
    silent = looked[0].at("10.77.0.50")
    assert silent.mac
    assert silent.ports == ()


def test_nothing_is_ever_said_to_what_may_be_a_printer(looked: tuple[Looked, Path]) -> None:
    said = {str(each.relative_to(looked[1])): each.read_bytes() for each in looked[1].rglob("*") if each.is_file()}
    assert {
        each: words for each, words in said.items() if each.startswith(("10.77.0.20/", "10.77.0.21/")) and words
    } == {}
    assert said["10.77.0.60/9100"].startswith(b"GET /metrics ")


def test_a_banner_that_never_ends_and_a_name_of_control_characters_do_no_harm(looked: tuple[Looked, Path]) -> None:
    evil = looked[0].at("10.77.0.40")
    assert evil.ports == (80,)
    assert "_ssh._tcp" in evil.services
    shown = [evil.name, evil.model, *evil.greetings.values()]
    assert all(each.isprintable() and len(each) <= 120 for each in shown)
    assert "evil" in evil.name


def test_what_a_device_says_in_the_name_of_another_is_not_taken(looked: tuple[Looked, Path]) -> None:
    assert looked[0].at("10.77.0.10").name == looked[0].at("10.77.0.41").name == ""


def test_it_tells_how_far_it_is(looked: tuple[Looked, Path]) -> None:
    told = looked[0].told
    assert told[0][2] == module.WHO
    assert told[-1] == (1, 1, module.ASKING)
    assert all(0 <= done <= total for done, total, _ in told)


def test_a_whole_subnet_takes_seconds_and_all_could_be_tried(looked: tuple[Looked, Path]) -> None:
    assert looked[0].scan.took_s < 20
    assert looked[0].scan.notes == ()


def test_without_echo_it_finds_them_all_the_same_and_says_so(tmp_path: Path) -> None:
    with Network(tmp_path, echo=False) as network:
        network.add("10.77.0.10", PI, ports={"22": "SSH-2.0-x\r\n"})
        network.add("10.77.0.50", "", "sysctl -qw net.ipv4.icmp_echo_ignore_all=1")
        network.run(network.here, "ip", "address", "add", "10.78.0.1/24", "dev", "br0", "label", "br0:1")
        found = network.scan("10.77.0.0/26").scan
    assert [each.address for each in found.devices] == ["10.77.0.1", "10.77.0.10", "10.77.0.50"]
    assert ["may send no echo requests" in each for each in found.notes] == [True]


def test_of_those_whom_the_kernel_remembers_it_sees_who_only_keeps_silent_and_not_who_left(tmp_path: Path) -> None:
    with Network(tmp_path) as network:
        network.add("10.77.0.10", PI)
        network.add("10.77.0.11")
        mute = ("sysctl -qw net.ipv4.icmp_echo_ignore_all=1", "ip rule add blackhole from 10.77.0.12 ipproto tcp")
        network.add("10.77.0.12", BROTHER, *mute)
        network.run(network.here, "sysctl", "-qw", "net.ipv4.neigh.br0.delay_first_probe_time=3")
        before = network.scan("10.77.0.0/28").scan
        network.remove("10.77.0.10")
        for address, mac in (("10.77.0.10", PI), ("10.77.0.12", BROTHER)):
            network.run(network.here, *f"ip neigh replace {address} lladdr {mac} dev br0 nud stale".split())
        after = network.scan("10.77.0.0/28").scan
    assert [each.ports for each in before.devices if each.address == "10.77.0.12"] == [()]
    assert [each.address for each in before.devices] == ["10.77.0.1", "10.77.0.10", "10.77.0.11", "10.77.0.12"]
    assert [each.address for each in after.devices] == ["10.77.0.1", "10.77.0.11", "10.77.0.12"]


def test_a_router_that_answers_for_a_whole_subnet_is_one_device(tmp_path: Path) -> None:
    with Network(tmp_path) as network:
        proxy = ("sysctl -qw net.ipv4.conf.eth0.proxy_arp=1", "sysctl -qw net.ipv4.ip_forward=1")
        network.add(
            "10.77.0.10",
            PI,
            *proxy,
            "ip link add far type veth peer name off",
            "ip link set far up",
            "ip route add 10.77.0.32/28 dev far",
            "sysctl -qw net.ipv4.neigh.eth0.proxy_delay=0",
        )
        found = network.scan("10.77.0.0/26").scan
    assert [each.address for each in found.devices] == ["10.77.0.1", "10.77.0.10"]
    assert [PI in each and "left out" in each for each in found.notes] == [True]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("heard"), prefix=20) as network:
        yield network


def test_4096_addresses_of_which_none_answers_take_a_bounded_time(large: Network) -> None:
    found = large.scan("10.77.0.0/20").scan
    assert [each.address for each in found.devices] == ["10.77.0.1"]
    assert found.took_s < 60


@pytest.mark.parametrize("after_s", [0.2, 3.0])
def test_it_ends_within_a_second_of_being_cancelled_and_says_that_it_is_not_complete(
    large: Network, after_s: float
) -> None:
    looked = large.scan("10.77.0.0/20", cancel_after_s=after_s)
    assert looked.late_s < 1
    assert not looked.scan.complete
    assert "The scan was stopped before it was done." in looked.scan.notes


@pytest.mark.skipif(not SSHD or not KEYGEN, reason="OpenSSH's server is not installed")
def test_debians_ssh_server_is_greeted_by(tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    with Network(tmp_path) as network:
        name = network.add("10.77.0.10", PI)
        command = f"mkdir -p /run/sshd; exec {SSHD} -D -h {key} -f /dev/null -o PidFile=none"
        network.start(name, "sh", "-c", command)
        network.run(name, "sh", "-c", "until ss -ltn | grep -q :22; do sleep 0.05; done")
        found = network.scan("10.77.0.0/28")
    assert found.at("10.77.0.10").greetings[22].startswith("SSH-2.0-OpenSSH_")
