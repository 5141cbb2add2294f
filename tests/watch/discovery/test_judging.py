"""What is made of what was seen: kinds, makers, changes, suggested checks, limits. No network."""

import struct
from typing import Any

import pytest
from msgspec import structs

from rackside.watch.checks.http import Http
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.run import KINDS as CHECKS
from rackside.watch.checks.tls import Tls
from rackside.watch.discovery import mdns
from rackside.watch.discovery.banners import calls_to, greeting
from rackside.watch.discovery.changes import FORGOTTEN_AFTER, changes, identity, remembered
from rackside.watch.discovery.device import KINDS, Device, said
from rackside.watch.discovery.kind_rules import RULES
from rackside.watch.discovery.kinds import judge
from rackside.watch.discovery.neighbours import arp_table
from rackside.watch.discovery.subnet import chosen
from rackside.watch.discovery.suggest import host, suggest
from rackside.watch.discovery.vendors import MADE_UP, is_made_up, vendor

NOW_S = 1_800_000_000.0
PI, OTHER_PI, RANDOM = "b8:27:eb:00:00:01", "b8:27:eb:00:00:02", "02:1a:2b:3c:4d:5e"


def device(address: str = "10.0.0.5", **what: Any) -> Device:
    return Device(address=address, seen_s=NOW_S, **what)


def sentences(before: list[Device], now: list[Device]) -> list[str]:
    return [each.sentence for each in changes(before, now, NOW_S)]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("router", {"gateway": True, "ports": (53, 80, 443)}),
        ("router", {"vendor": "Routerboard.com", "described": "RouterOS RB4011"}),
        ("switch", {"described": "Cisco IOS Software, C2960 Catalyst, Version 15", "ports": (22, 80)}),
        ("access point", {"vendor": "Ubiquiti Inc", "model": "U6-Lite", "ports": (22,)}),
        ("printer", {"ports": (80, 443, 515, 631, 9100), "services": ("_ipp._tcp",), "vendor": "Hewlett Packard"}),
        ("camera", {"ports": (80, 554), "vendor": "Hangzhou Hikvision Digital Technology"}),
        ("phone", {"ports": (80, 5060), "vendor": "Snom Technology GmbH"}),
        ("tv", {"services": ("_googlecast._tcp", "_androidtvremote2._tcp"), "ports": (8443,)}),
        ("nas", {"ports": (22, 80, 139, 443, 445), "vendor": "Synology Incorporated", "services": ("_smb._tcp",)}),
        ("server", {"ports": (22, 80, 443, 5432), "greetings": {22: "SSH-2.0-OpenSSH_9.2p1 Debian-2"}}),
        ("server", {"ports": (22, 9100), "exporters": (9100,)}),
        ("workstation", {"ports": (139, 445, 3389), "vendor": "Dell Inc."}),
        ("laptop", {"model": "MacBookPro18,3", "services": ("_companion-link._tcp",)}),
        ("mobile", {"name": "annas-iphone.lan", "mac": RANDOM}),
        ("hypervisor", {"ports": (22, 443), "described": "VMware ESXi 8.0.2 build-22380479"}),
        ("ups", {"ports": (22, 80), "vendor": "American Power Conversion Corp", "described": "APC Web/SNMP"}),
        ("iot", {"services": ("_hap._tcp",), "vendor": "Espressif Inc."}),
        ("unknown", {"ports": (80,)}),
        ("unknown", {}),
    ],
)
def test_it_tells_what_a_device_is_and_why(kind: str, what: dict[str, Any]) -> None:
    found = judge(device(**what))
    assert found.kind == kind
    assert bool(found.why) == (kind != "unknown")
    assert (found.confidence == "unknown") == (kind == "unknown")


def test_the_reasons_are_sentences_that_a_person_can_check() -> None:
    found = judge(device(ports=(631, 9100), services=("_ipp._tcp",)))
    assert found.why[0] == "listens on 9100 and tells _ipp"
    assert found.confidence == "sure"


def test_a_little_evidence_is_called_a_guess() -> None:
    assert judge(device(ports=(9100,))).confidence == "a guess"


def test_an_exporter_on_the_port_of_printers_is_no_printer() -> None:
    assert "printer" not in judge(device(ports=(22, 9100), exporters=(9100,))).kind


def test_there_is_evidence_for_every_kind() -> None:
    assert {*KINDS} - {each.kind for each in RULES} == {"unknown"}


def test_the_maker_is_told_from_the_hardware_address_alone() -> None:
    assert "Raspberry" in vendor(PI)
    assert vendor("52:54:00:12:34:56").startswith("QEMU")
    assert vendor("fc:ff:ff:ff:ff:ff") == vendor("01:00:5e:00:00:fb") == vendor("") == ""


def test_a_made_up_address_has_no_maker_and_says_so() -> None:
    assert vendor(RANDOM) == MADE_UP
    assert is_made_up(RANDOM)
    assert not is_made_up(PI)


@pytest.mark.parametrize(
    ("subnet", "sentence"),
    [
        ("10.0.0.0/19", "8,192 addresses"),
        ("0.0.0.0/0", "4,294,967,296 addresses"),
        ("8.8.8.0/24", "public internet"),
        ("192.0.0.0/21", "public internet"),
        ("172.32.0.0/24", "public internet"),
        ("224.0.0.0/24", "no addresses of single machines"),
        ("fd00::/64", "IPv6"),
        ("the office", "no subnet"),
        ("", "no subnet"),
        ("10.0.0.0/33", "no subnet"),
    ],
)
def test_what_is_not_scanned_is_refused_with_a_sentence(subnet: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        chosen(subnet)


def test_who_says_that_public_addresses_are_hers_may_scan_them_but_no_more_of_them() -> None:
    assert str(chosen("8.8.8.0/24", allow_public=True)) == "8.8.8.0/24"
    for refused in ("8.8.0.0/16", "255.255.255.255"):
        with pytest.raises(ValueError, match="addresses"):
            chosen(refused, allow_public=True)


def test_a_subnet_may_be_named_by_any_address_of_it() -> None:
    assert str(chosen(" 192.168.1.57/24 ")) == "192.168.1.0/24"
    assert chosen("192.168.0.0/20").num_addresses == 4_096
    assert str(chosen("10.0.0.7")) == "10.0.0.7/32"


def test_who_is_new_is_said_and_who_is_the_same_is_not() -> None:
    nas = device(mac=PI, name="nas.lan", kind="nas")
    assert sentences([device("10.0.0.9")], [device("10.0.0.9"), nas]) == [
        "nas.lan, a nas, at 10.0.0.5 is new on the network"
    ]
    assert sentences([nas], [structs.replace(nas, seen_s=NOW_S + 60)]) == []


def test_who_is_gone_is_said_once_and_only_after_two_scans() -> None:
    stays, held = device("10.0.0.9"), [device("10.0.0.9"), device(mac=PI, name="nas")]
    found = []
    for _ in range(4):
        found.append(sentences(held, [stays]))
        held = remembered(held, [stays])
    assert found == [[], ["nas at 10.0.0.5 is gone: 2 scans in a row did not see it"], [], []]
    assert sentences(held, [stays, device(mac=PI, name="nas")]) == ["nas at 10.0.0.5 is back"]


def test_who_was_missed_once_and_is_there_again_is_no_news() -> None:
    held = remembered([device(mac=PI)], [])
    assert [each.missed for each in held] == [1]
    assert sentences(held, [device(mac=PI)]) == []


def test_who_is_missed_for_long_is_forgotten() -> None:
    held = [device(mac=PI)]
    for _ in range(FORGOTTEN_AFTER + 1):
        held = remembered(held, [])
    assert held == []


@pytest.mark.parametrize(
    ("before", "now", "sentence"),
    [
        ({"mac": PI}, {"mac": OTHER_PI}, f"its hardware address was {PI} and is {OTHER_PI}"),
        ({"mac": PI, "ports": (22,)}, {"mac": PI, "ports": (22, 23, 80)}, "now listens on 23, 80"),
        ({"mac": PI, "ports": (22, 80)}, {"mac": PI, "ports": (22,)}, "no longer listens on 80"),
        ({"mac": PI, "name": "a.lan"}, {"mac": PI, "name": "b.lan"}, "was called a.lan and is called b.lan"),
        ({"mac": PI}, {"mac": PI, "address": "10.0.0.6"}, "moved from 10.0.0.5 to 10.0.0.6"),
    ],
)
def test_what_changed_about_a_device_is_said(before: dict[str, Any], now: dict[str, Any], sentence: str) -> None:
    (found,) = sentences([device(**before)], [device(**now)])
    assert sentence in found


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"name": "nas.local"}, {"name": "NAS.example.org"}),
        ({"name": "nas.local"}, {}),
        ({"mac": PI}, {}),
        ({"mac": RANDOM, "vendor": MADE_UP}, {"mac": RANDOM}),
    ],
)
def test_what_was_only_told_otherwise_or_not_at_all_is_no_change(before: dict[str, Any], now: dict[str, Any]) -> None:
    assert sentences([device(**before)], [device(**now)]) == []


def test_a_device_is_known_again_by_its_hardware_address_unless_that_is_made_up() -> None:
    assert identity(device(mac=PI)) == PI
    assert identity(device(mac=RANDOM)) == identity(device()) == "10.0.0.5"


def test_a_machine_with_two_addresses_is_not_taken_for_one_that_moved() -> None:
    both = [device("10.0.0.5", mac=PI), device("10.0.0.6", mac=PI)]
    assert sentences(both, both[::-1]) == []
    assert sentences(both[:1], both) == ["10.0.0.6 is new on the network"]


def test_two_devices_that_swap_addresses_both_moved() -> None:
    found = sentences(
        [device("10.0.0.5", mac=PI), device("10.0.0.6", mac=OTHER_PI)],
        [device("10.0.0.6", mac=PI), device("10.0.0.5", mac=OTHER_PI)],
    )
    assert len(found) == 2
    assert all("moved from" in each for each in found)


def test_checks_are_suggested_for_what_a_device_offers() -> None:
    found = dict(suggest(device(name="web.example.org", ports=(22, 25, 80, 443, 9100), exporters=(9100,))))
    assert [*found] == [
        f"web.example.org {what}"
        for what in ("ping", "ssh", "smtp", "http 80", "https 443", "certificate 443", "metrics 9100")
    ]
    assert found["web.example.org metrics 9100"] == Prometheus(url="http://web.example.org:9100/metrics")
    assert found["web.example.org certificate 443"] == Tls(host="web.example.org")


def test_a_certificate_is_not_held_against_a_bare_address() -> None:
    found = dict(suggest(device(ports=(443,), name="nas.local")))
    assert found["nas.local https 443"] == Http(url="https://10.0.0.5:443/", status="200-499", trust_any=True)
    assert not any(isinstance(each, Tls) for each in found.values())


def test_port_9100_of_who_is_no_exporter_is_not_asked_for_metrics() -> None:
    assert not any(isinstance(check, Prometheus) for _, check in suggest(device(ports=(9100,))))


def test_snmp_is_suggested_where_it_was_answered_and_this_version_knows_it() -> None:
    found = dict(suggest(device(described="Linux"), "the secret's name"))
    assert ("10.0.0.5 snmp" in found) == ("snmp" in CHECKS)


def test_a_check_goes_to_the_name_only_where_a_dns_server_gave_it() -> None:
    assert [host(device(name=name)) for name in ("a.example.org", "a.local", "a", "")] == ["a.example.org"] + [
        "10.0.0.5"
    ] * 3
    assert dict(suggest(device("fd00::5", ports=(80,))))["fd00::5 http 80"] == Http(
        url="http://[fd00::5]:80/", status="200-499"
    )


@pytest.mark.parametrize("ports", [(9100,), (22, 515, 9100), (22, 631, 9100)])
def test_nothing_is_said_on_9100_where_a_printer_may_listen(ports: tuple[int, ...]) -> None:
    assert 9100 not in [call.port for call in calls_to("10.0.0.5", ports, prints=False)]
    assert 9100 not in [call.port for call in calls_to("10.0.0.5", (22, 9100), prints=True)]
    assert 9100 in [call.port for call in calls_to("10.0.0.5", (22, 9100), prints=False)]


def test_a_greeting_is_one_short_line_without_what_a_screen_would_act_on() -> None:
    assert greeting(22, b"SSH-2.0-x\x1b[2J\xe2\x80\xae\r\nmore") == "SSH-2.0-x\ufffd[2J\ufffd"
    assert greeting(80, b"HTTP/1.0 200 OK\r\nServer: nginx\r\n\r\n<TITLE>a\n b</TITLE>") == "nginx, a b"
    assert greeting(80, b"220 mail") == greeting(22, b"HTTP/1.0 200") == ""
    assert len(said("x" * 100_000)) == 120


def test_the_old_table_of_neighbours_is_read_where_netlink_is_closed() -> None:
    text = """IP address       HW type     Flags       HW address            Mask     Device
10.0.0.5         0x1         0x2         B8:27:EB:00:00:01     *        eth0
10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0
"""
    assert [(each.address, each.mac) for each in arp_table(text)] == [("10.0.0.5", PI)]


def answer(name: bytes, address: str, txt: bytes = b"") -> bytes:
    """Make an answer by multicast DNS: a service of type _ipp, its TXT record, and the address of its host."""
    import socket  # noqa: PLC0415 - for one constant table

    def labels(*parts: bytes) -> bytes:
        return b"".join(bytes([len(each)]) + each for each in parts) + b"\0"

    kind = labels(b"_ipp", b"_tcp", b"local")
    records = [
        (kind, 12, labels(name, b"_ipp", b"_tcp", b"local")),
        (labels(name, b"_ipp", b"_tcp", b"local"), 16, txt),
        (labels(name, b"local"), 1, socket.inet_aton(address)),
    ]
    body = b"".join(owner + struct.pack("!HHIH", number, 1, 10, len(data)) + data for owner, number, data in records)
    return struct.pack("!6H", 0, 0x8400, 0, len(records), 0, 0) + body


def test_a_device_tells_its_services_name_and_model() -> None:
    heard: dict[str, mdns.Told] = {}
    text = b"product=(Old)"
    assert list(mdns.take(answer(b"hp", "10.0.0.5", bytes([len(text)]) + text), "10.0.0.5", heard)) == []
    assert heard["10.0.0.5"] == mdns.Told(services={"_ipp._tcp"}, name="hp.local", model="Old", rank=4)


def test_a_name_that_would_act_on_the_screen_is_shown_without_it() -> None:
    heard: dict[str, mdns.Told] = {}
    list(mdns.take(answer("a\x1b[2J\u202egpj.exe".encode(), "10.0.0.5"), "10.0.0.5", heard))
    assert heard["10.0.0.5"].name == "a\ufffd[2J\ufffdgpj.exe.local"


def test_what_a_device_says_of_another_is_not_believed() -> None:
    heard: dict[str, mdns.Told] = {}
    list(mdns.take(answer(b"bank", "10.0.0.6"), "10.0.0.5", heard))
    assert heard == {}


@pytest.mark.parametrize(
    "packet", [b"", b"\0" * 5, answer(b"a", "10.0.0.5")[:-7], b"\xff" * 9_000, answer(b"a", "1.2.3.4", b"\xff")]
)
def test_a_packet_that_is_broken_breaks_nothing(packet: bytes) -> None:
    list(mdns.take(packet, "10.0.0.5", {}))
