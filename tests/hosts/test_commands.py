"""`rackside hosts`, `checks` and `events`: for a person and as JSON, and each mistake said."""

import time
from pathlib import Path

import pytest

from rackside.cli import main
from rackside.store import Store, checks, events, hosts
from rackside.store.events import Event
from rackside.watch.checks.heartbeat import Heartbeat
from rackside.watch.checks.ping import Ping
from rackside.watch.history import note
from rackside.watch.model import Stand
from rackside.watch.standings import read_check
from tests.cli.test_cli import as_json, as_text, failing
from tests.watch.test_checking import entry

Capture = pytest.CaptureFixture[str]


def test_machines_are_listed_with_what_is_wrong_first(capsys: Capture, tmp_path: Path) -> None:
    assert "rackside checks add" in as_text(capsys, "hosts")
    with Store.open(tmp_path) as store:
        for name in ("a", "b"):
            checks.watch(store, entry(name, Ping(host=name)))
        note(store, [Stand(label="b", state="down", since_s=time.time() - 240, said="no answer")])
    lines = as_text(capsys, "hosts").splitlines()
    assert lines[0].split(None, 1) == ["b", lines[0].split(None, 1)[1]]
    assert "Down for 4 min: no answer" in lines[0]
    assert lines[-1] == "2 machines · 1 down · 1 pending, as the sidebar saw them last."
    listed = as_json(capsys, "hosts", "--state", "down")
    assert isinstance(listed, list)
    assert [each["name"] for each in listed] == ["b"]


def test_what_is_said_of_a_machine_is_kept_word_by_word(capsys: Capture, tmp_path: Path) -> None:
    as_text(capsys, "hosts", "set", "shop", "--group", "web", "--may-sleep-h", "2")
    as_text(capsys, "hosts", "set", "shop", "--parent", "switch")
    with Store.open(tmp_path) as store:
        held = hosts.hosts(store)["shop"]
    assert (held.group, held.parent, held.may_sleep_s) == ("web", "switch", 7_200.0)
    assert "not behind itself" in failing(capsys, "hosts", "set", "shop", "--parent", "shop")


def test_maintenance_is_begun_and_ended(capsys: Capture, tmp_path: Path) -> None:
    assert "lasts until" in as_text(capsys, "hosts", "maintain", "--group", "web", "--hours", "1", "--note", "disks")
    with Store.open(tmp_path) as store:
        (planned,) = hosts.maintenance(store)
    assert (planned.group, planned.note, planned.ends_s - planned.starts_s) == ("web", "disks", 3_600.0)
    assert "cannot be planned" in failing(capsys, "hosts", "maintain", "shop", "--hours", "-1")
    assert as_json(capsys, "hosts", "maintain", "--group", "web", "--end") == {"ended": 1}
    assert as_json(capsys, "hosts", "maintain", "--group", "web", "--end") == {"ended": 0}


@pytest.mark.parametrize("number", ["nan", "inf", "1e300", "soon"])
def test_a_number_that_is_none_is_refused_and_nothing_is_kept(number: str, capsys: Capture, tmp_path: Path) -> None:
    for words in (
        ("hosts", "maintain", "--hours", number),
        ("hosts", "set", "shop", "--may-sleep-h", number),
        ("checks", "add", "--every-s", number, "door", "ping", "192.0.2.1"),
    ):
        with pytest.raises(SystemExit):
            main(words)
        assert "invalid number value" in capsys.readouterr().err
    assert "cannot be checked" in failing(capsys, "checks", "add", "d", "ping", "192.0.2.1", "--timeout-s", number)
    assert "to a day" in failing(capsys, "checks", "add", "--every-s", "100000", "d", "ping", "192.0.2.1")
    with Store.open(tmp_path) as store:
        assert not checks.watched(store)
        assert not hosts.hosts(store)
        assert not hosts.maintenance(store)


def test_what_is_said_of_a_check_may_stand_before_its_kind_or_behind(capsys: Capture, tmp_path: Path) -> None:
    said, kind = ["--every-s", "30", "--retries", "5", "--of", "shop"], ["ping", "192.0.2.1"]
    for label, words in (("front", said + kind), ("back", kind + said), ("plain", kind)):
        as_text(capsys, "checks", "add", label, *words)
    with Store.open(tmp_path) as store:
        held = {each.label: (each.every_s, each.retries, each.host) for each in checks.watched(store)}
    assert held == {"front": (30.0, 5, "shop"), "back": (30.0, 5, "shop"), "plain": (60.0, 2, "")}


def test_a_time_of_a_check_is_typed_with_its_unit(capsys: Capture, tmp_path: Path) -> None:
    as_text(capsys, "checks", "add", "backup", "heartbeat", "backup", "--within-s", "2 d", "--grace-s", "90 min")
    with Store.open(tmp_path) as store:
        held = checks.one(store, "backup")
    assert held is not None
    check = read_check(bytes(held.check))
    assert isinstance(check, Heartbeat)
    assert (check.within_s, check.grace_s) == (172_800.0, 5_400.0)


def test_a_check_names_its_machine_and_every_kind_answers_as_json(capsys: Capture, tmp_path: Path) -> None:
    added = as_json(capsys, "checks", "add", "door", "--of", "shop", "tcp", "192.0.2.1", "--port", "22")
    assert added == {"label": "door"}
    with Store.open(tmp_path) as store:
        held = checks.one(store, "door")
    assert held is not None
    assert held.host == "shop"
    (listed,) = as_json(capsys, "checks")  # type: ignore[misc] # a list of one
    assert (listed["state"], listed["check"]["port"]) == ("pending", 22)


def test_events_are_told_with_their_durations(capsys: Capture, tmp_path: Path) -> None:
    assert as_text(capsys, "events") == "Nothing like that has happened.\n"
    at_s = time.time() - 600
    with Store.open(tmp_path) as store:
        told = [
            Event(at_s=at_s, until_s=at_s + 240, kind="state", subject="shop", sentence="no answer"),
            Event(at_s=at_s, kind="state", subject="door", sentence="refused"),
            Event(at_s=at_s, until_s=at_s, kind="software", subject="nginx", sentence="nginx was installed"),
        ]
        events.add(store, told)
    lines = as_text(capsys, "events").splitlines()
    assert [" ".join(line.split()[2:]) for line in sorted(lines, key=lambda line: line.split()[2:])] == [
        "software nginx was installed",
        "state 4 min shop: no answer",
        "state lasts door: refused",
    ]
    found = as_json(capsys, "events", "nginx")
    assert isinstance(found, list)
    assert [each["subject"] for each in found] == ["nginx"]
