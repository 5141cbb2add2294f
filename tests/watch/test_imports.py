"""What people watch with other programs: read as it is, shown first, and watched when they say so."""

import json
from pathlib import Path

import pytest
import yaml

from rackside.cli import main
from rackside.store import Store, checks, hosts
from rackside.store.hosts import Host
from rackside.watch.checks.dns import Dns
from rackside.watch.checks.heartbeat import Heartbeat
from rackside.watch.checks.http import Http
from rackside.watch.checks.ping import Ping
from rackside.watch.checks.prometheus import Prometheus
from rackside.watch.checks.snmp import Snmp
from rackside.watch.checks.tcp import Ssh, Tcp
from rackside.watch.imports.found import NotReadableError
from rackside.watch.imports.read import read

KUMA = {
    "version": "1.23.13",
    "monitorList": [
        {"name": "Shop", "type": "http", "url": "https://shop.example", "interval": 30, "ignoreTls": True,
         "maxretries": 5, "accepted_statuscodes": ["200-299", "301"]},
        {"name": "Basket", "type": "keyword", "url": "https://shop.example/b", "keyword": "Total", "interval": 60},
        {"name": "Cluster", "type": "json-query", "url": "https://es.example", "jsonPath": "$.status",
         "expectedValue": "green", "interval": 60},
        {"name": "Mail", "type": "port", "hostname": "mx.example", "port": 25, "interval": 60},
        {"name": "Router", "type": "ping", "hostname": "192.0.2.1", "interval": 1},
        {"name": "Zone", "type": "dns", "hostname": "example.org", "dns_resolve_type": "MX",
         "dns_resolve_server": "192.0.2.53", "interval": 60},
        {"name": "Backup", "type": "push", "interval": 3600},
        {"name": "../NAS / nightly\n", "type": "push", "interval": 86400},
        {"name": "/", "type": "push", "interval": 60},
        {"name": "Game", "type": "steam", "interval": 60},
        {"id": 7, "name": "Web", "type": "group"},
        {"id": 8, "parent": 7, "name": "Grouped", "type": "ping", "hostname": "192.0.2.2"},
        {"name": "Broken", "type": "port", "hostname": "mx.example", "interval": 60},
    ],
}  # fmt: skip
SSH = """
Host *
  ServerAliveInterval 30
Host web1 web2
  User root
Host db
  HostName 192.0.2.9
  Port 2222
Host inner
  ProxyJump db
Match user git
  Port 1
"""


ZABBIX_XML = """<?xml version="1.0" encoding="UTF-8"?>
<zabbix_export><version>4.0</version><groups><group><name>Linux servers</name></group></groups><hosts>
<host><host>web01</host><name>Web 01</name><status>0</status>
 <groups><group><name>Linux servers</name></group><group><name>More</name></group></groups>
 <interfaces>
  <interface><default>1</default><type>1</type><useip>1</useip><ip>192.0.2.1</ip><dns/><port>10050</port></interface>
  <interface><type>3</type><useip>1</useip><ip>192.0.2.201</ip><dns/><port>623</port></interface>
 </interfaces>
 <httptests><httptest><name>Shop</name><steps><step><name>first</name><url>https://shop.example/</url>
  <required>Basket</required><status_codes>200</status_codes></step></steps></httptest></httptests></host>
<host><host>old</host><name/><status>1</status><groups/><interfaces/></host>
</hosts></zabbix_export>"""
ZABBIX_YAML = """
zabbix_export:
  version: '7.0'
  host_groups: [{name: Network}]
  hosts:
    - host: switch
      name: Core switch
      groups: [{name: Network}]
      interfaces:
        - {useip: 'NO', dns: switch.example, ip: 192.0.2.7, interface_ref: if1}
        - {type: SNMP, ip: 192.0.2.7, port: '161', details: {version: SNMPV2, community: '{$COMMUNITY}'}}
    - {host: odd, interfaces: 3, groups: no, httptests: [{name: x, steps: []}]}
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_backup_of_uptime_kuma(tmp_path: Path) -> None:
    found = {each.label: each for each in read(written(tmp_path, "kuma.json", json.dumps(KUMA)))}
    assert {label: each.check for label, each in found.items() if each.check} == {
        "Shop": Http(url="https://shop.example", status="200-299,301", trust_any=True),
        "Basket": Http(url="https://shop.example/b", keyword="Total"),
        "Cluster": Http(url="https://es.example", json_path="status", json_value="green"),
        "Mail": Tcp(host="mx.example", port=25),
        "Router": Ping(host="192.0.2.1"),
        "Zone": Dns(name="example.org", record="MX", server="192.0.2.53"),
        "Grouped": Ping(host="192.0.2.2"),
        "Backup": Heartbeat(name="Backup", within_s=3_600),
        "../NAS / nightly": Heartbeat(name="NAS - nightly", within_s=86_400),
    }
    assert (found["Grouped"].group, found["Shop"].group) == ("Web", "")
    assert (found["Shop"].every_s, found["Shop"].retries, found["Router"].retries) == (30, 5, 2)
    assert found["Router"].every_s == 5
    assert found["/"].why
    assert "steam" in found["Game"].why
    assert found["Broken"].why == "Port is needed."


def test_targets_of_prometheus(tmp_path: Path) -> None:
    groups = [
        {"targets": ["192.0.2.5:9100", "db:9187"], "labels": {"job": "node"}},
        {"targets": ["x:1"], "labels": {"__scheme__": "https", "__metrics_path__": "/m"}},
    ]
    found = read(written(tmp_path, "targets.json", json.dumps(groups)))
    assert [(each.label, each.check) for each in found] == [
        ("node 192.0.2.5:9100", Prometheus(url="http://192.0.2.5:9100/metrics")),
        ("node db:9187", Prometheus(url="http://db:9187/metrics")),
        ("x:1", Prometheus(url="https://x:1/m")),
    ]


def test_hosts_of_an_ssh_client(tmp_path: Path) -> None:
    found = {each.label: each for each in read(written(tmp_path, "config", SSH))}
    assert {label: each.check for label, each in found.items() if each.check} == {
        "web1": Ssh(host="web1"),
        "web2": Ssh(host="web2"),
        "db": Ssh(host="192.0.2.9", port=2222),
    }
    assert list(found) == ["web1", "web2", "db", "inner"]
    assert "another host" in found["inner"].why


def test_hosts_of_zabbix_as_xml(tmp_path: Path) -> None:
    found = read(written(tmp_path, "zbx_export_hosts.xml", ZABBIX_XML))
    assert [(each.label, each.check, each.host, each.group) for each in found if each.check] == [
        ("Web 01", Ping(host="192.0.2.1"), "Web 01", "Linux servers"),
        ("Web 01: agent", Tcp(host="192.0.2.1", port=10050), "Web 01", "Linux servers"),
        ("Web 01: Shop", Http(url="https://shop.example/", status="200", keyword="Basket"), "Web 01", "Linux servers"),
    ]
    left_out = {each.label: each.why for each in found if not each.check}
    assert left_out == {
        "Web 01: IPMI": "its kind of interface is not known here",
        "old": "it is disabled in Zabbix",
    }


def test_hosts_of_zabbix_as_yaml_and_as_json(tmp_path: Path) -> None:
    by_yaml = read(written(tmp_path, "hosts.yaml", ZABBIX_YAML))
    assert [(each.label, each.check) for each in by_yaml if each.check] == [
        ("Core switch", Ping(host="switch.example")),
        ("Core switch: agent", Tcp(host="switch.example", port=10050)),
        ("Core switch: SNMP", Snmp(host="192.0.2.7", port=161)),
        ("odd", Ping(host="odd")),
    ]
    assert read(written(tmp_path, "hosts.json", json.dumps(yaml.safe_load(ZABBIX_YAML)))) == by_yaml


def test_targets_of_prometheus_as_yaml(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path, "targets.yml", "- targets: ['db:9187']\n"))
    assert found.check == Prometheus(url="http://db:9187/metrics")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><zabbix_export>&b;</zabbix_export>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><zabbix_export>&a;</zabbix_export>'


@pytest.mark.parametrize(
    "text",
    ["<a/>", "<", "<zabbix_export/>", BOMB, FILE, "zabbix_export:\n  hosts: []", "zabbix_export: !!python/name:os.x"],
)
def test_an_export_that_is_broken_or_hostile_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"\w"):
        read(written(tmp_path, "hosts.export", text))


@pytest.mark.parametrize("apart", [",", ";", "\t"])
def test_a_table_with_any_of_the_usual_separators(apart: str, tmp_path: Path) -> None:
    rows = [["label", "kind", "host", "port", "url"], ["Mail", "smtp", "mx", "", ""], ["Odd", "gopher", "x", "", ""],
            ["Page", "http", "", "", "https://x"], ["No port", "tcp", "x", "", ""]]  # fmt: skip
    found = read(written(tmp_path, "list.csv", "\ufeff" + "\n".join(apart.join(row) for row in rows)))
    assert [(each.label, each.check is not None) for each in found] == [
        ("Mail", True), ("Odd", False), ("Page", True), ("No port", False),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '{"monitorList": 3}', "[" * 100_000, "a,b\n1,2", "", "\0\0"])
def test_what_is_none_of_them_says_what_is_wrong(text: str, tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"\w"):
        read(written(tmp_path, "junk.txt", text))


def test_nothing_is_watched_before_the_person_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "kuma.json", json.dumps(KUMA))
    assert main(["checks", "bring", str(path)]) == 0
    assert "9 would be watched; --add does it." in capsys.readouterr().out
    with Store.open(tmp_path) as store:
        assert checks.watched(store) == []
    assert main(["checks", "bring", str(path), "--add"]) == 0
    capsys.readouterr()
    with Store.open(tmp_path) as store:
        assert [each.label for each in checks.watched(store)] == [
            "../NAS / nightly", "Backup", "Basket", "Cluster", "Grouped", "Mail", "Router", "Shop", "Zone",
        ]  # fmt: skip
        assert hosts.hosts(store) == {"192.0.2.2": Host(name="192.0.2.2", group="Web")}
    assert main(["checks", "bring", str(path), "--add"]) == 0
    assert "Mail: this label is watched already" in capsys.readouterr().out
    assert main(["checks", "bring", str(tmp_path / "absent")]) == 1
    capsys.readouterr()
