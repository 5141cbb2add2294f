"""Devices that are asked by SNMP: a real agent, in both versions and at each level, and what they are asked with."""

import gc
import json
import logging
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from rackside.cli import main
from rackside.watch.checks import snmp_traffic
from rackside.watch.checks.check import CannotCheckError, Deadline, Result
from rackside.watch.checks.run import run
from rackside.watch.checks.secrets import SnmpCredentials, keep_secret, read_secret
from rackside.watch.checks.snmp import Snmp, What, parsed
from rackside.watch.checks.snmp_usm import UsmSession
from tests.watch.snmp_devices import (
    AUTH_KEY,
    HOST,
    PRIVACY_KEY,
    UPTIME,
    USERS,
    agent,
    found,
    kept,
    no_keyring,
    open_files,
    short_tries,
)

__all__ = ["no_keyring", "short_tries"]
pytestmark = pytest.mark.usefixtures("socket_enabled", "no_keyring")


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    import pytest_socket  # noqa: PLC0415 - only for a fixture that lives longer than a test

    pytest_socket.enable_socket()
    with agent(tmp_path_factory.mktemp("snmpd")) as port:
        yield port


def with_user(port: int, user: SnmpCredentials, what: What = "any") -> Result:
    return found(port, what, version="3", secret=kept(user))


def test_an_agent_says_what_it_is_and_since_when_it_runs(device: int) -> None:
    seen = found(device)
    assert seen.level == "ok"
    assert os.uname().sysname in seen.sentence
    assert seen.values["uptime"][1] == "s"
    assert seen.values["time"][0] > 0


def test_a_link_that_should_be_up_is_named_as_the_admin_does(device: int) -> None:
    seen = found(device, "interfaces")
    assert seen.level == "warning"
    assert "xe-0/0/1 (to the cellar) is down" in seen.sentence
    assert seen.values["down"][0] >= 1
    assert seen.values["up"][0] >= 1


def test_traffic_is_counted_twice_and_from_look_to_look_after_that(
    device: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snmp_traffic, "COUNTED_S", 0.5)
    monkeypatch.setattr(snmp_traffic, "LEAST_S", 0.0)
    seen = found(device, "traffic")
    assert seen.level == "ok"
    assert " in, " in seen.sentence
    assert (seen.main, seen.values["busiest"][1]) == ("busiest", "bit/s")
    time.sleep(0.1)
    slept: list[float] = []
    monkeypatch.setattr(snmp_traffic, "time", SimpleNamespace(sleep=slept.append))
    assert found(device, "traffic").level == "ok"
    assert slept == [], "the look before is remembered"


def test_disks_are_judged_as_this_machine_sees_them(device: int) -> None:
    seen = found(device, "storage", warning_above=100.0, critical_above=100.0)
    assert seen.level == "ok"
    assert "the fullest is /" in seen.sentence
    space = os.statvfs("/")
    used = 100 * (space.f_blocks - space.f_bfree) / space.f_blocks
    assert seen.values["used_/"][0] == pytest.approx(used, abs=3)
    assert found(device, "storage", warning_above=-1.0, critical_above=100.0).level == "warning"


def test_load_is_of_a_core(device: int) -> None:
    seen = found(device, "load", warning_above=1_000.0)
    assert seen.level == "ok"
    assert f"of {os.cpu_count()} core" in seen.sentence
    assert seen.values["per_core"][0] == pytest.approx(seen.values["load_1min"][0] / (os.cpu_count() or 1))
    assert found(device, "load", critical_above=-1.0).level == "critical"


def test_supplies_and_a_battery_are_judged_from_a_real_agents_answers(device: int) -> None:
    seen = found(device, "supplies")
    assert (seen.level, seen.sentence) == ("critical", f"{HOST}: Cyan Toner has 4 % left, and 1 more")
    assert seen.values["left_Black_Toner"] == (12.0, "%")
    seen = found(device, "ups")
    assert (seen.level, seen.sentence) == ("warning", f"{HOST}: it runs on battery since 4 minutes")
    assert seen.values["charge"] == (71.0, "%")
    assert found(device, "ups", critical_below=80.0).sentence == f"{HOST}: the battery is at 71 %, and 1 more"


def test_any_number_is_held_to_the_limits_that_are_given(device: int) -> None:
    charge = "1.3.6.1.2.1.33.1.2.4.0"
    assert found(device, "oid", oid=charge).sentence == f"{HOST}: {charge} is 71"
    assert found(device, "oid", oid=charge, warning_above=70.0).level == "warning"
    assert found(device, "oid", oid=charge, critical_below=72.0).level == "critical"
    assert found(device, "oid", oid=charge, warning_below=71.0, warning_above=71.0).level == "ok"
    absent = found(device, "oid", oid="1.3.6.1.2.1.99.1.0")
    assert (absent.level, absent.sentence) == ("critical", f"{HOST} does not tell 1.3.6.1.2.1.99.1.0")


@pytest.mark.parametrize("name", sorted(USERS))
def test_each_level_and_protocol_of_version_3_is_understood_by_an_agent(device: int, name: str) -> None:
    seen = with_user(device, USERS[name], "interfaces")
    assert (seen.level, "xe-0/0/1" in seen.sentence) == ("warning", True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"user": "nobody"}, "the user or key is wrong: it knows no user nobody"),
        ({"auth_key": "another-key"}, "the user or key is wrong: the authentication key of sha"),
        ({"auth_protocol": "SHA-256"}, "the user or key is wrong: the authentication key of sha"),
        ({"privacy_key": ""}, "it refuses: authorizationError"),
        ({"user": "signed"}, "it does not take authPriv from the user signed"),
    ],
    ids=["user", "key", "protocol", "no privacy", "level"],
)
def test_what_is_wrong_with_a_user_is_told_apart(device: int, changed: dict[str, str], said: str) -> None:
    seen = with_user(device, msgspec.structs.replace(USERS["sha"], **changed))
    assert seen.level == "critical"
    assert said in seen.sentence


@pytest.mark.usefixtures("short_tries")
def test_a_wrong_privacy_key_to_which_an_agent_says_nothing_is_named_as_a_cause(device: int) -> None:
    seen = with_user(device, msgspec.structs.replace(USERS["sha"], privacy_key="another-key"))
    assert (seen.level, "privacy key or protocol may be wrong" in seen.sentence) == ("critical", True)


def test_a_device_that_started_again_meanwhile_is_asked_anew(device: int) -> None:
    with UsmSession(HOST, device, Deadline(20), USERS["sha"]) as session:
        before = session.get([UPTIME])[0]
        session._engine = session._engine._replace(boots=session._engine.boots + 7)
        after = session.get([UPTIME])[0]
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert after >= before


def test_the_command_line_asks_a_device(device: int, capsys: pytest.CaptureFixture[str]) -> None:
    to = ["check", "once", "snmp", HOST, "--port", str(device)]
    assert main([*to, "--what", "supplies", "--critical-below", "1", "--warning-below", "1"]) == 0
    assert capsys.readouterr().out.startswith(f"OK - {HOST}: 3 supply levels, the lowest is Cyan Toner at 4 % | time=")
    assert main([*to, "--version", "3", "--secret", "core"]) == 3
    assert "This machine keeps no secret named core" in capsys.readouterr().out
    assert main([*to, "--version", "3", "--secret", kept(USERS["sha"])]) == 0
    assert AUTH_KEY not in capsys.readouterr().out


def test_a_thousand_checks_leave_nothing_open_and_nothing_behind(device: int) -> None:
    checks = [
        Snmp(host=HOST, port=device, what="ups"),
        Snmp(host=HOST, port=device, version="3", secret=kept(USERS["sha"])),
        Snmp(host=HOST, port=device, version="3", secret="absent"),
        Snmp(host=HOST, port=device, what="oid", oid="1.3.6.1.2.1.99.1.0"),
    ]
    for turn in range(100):
        run(checks[turn % len(checks)])
    gc.collect()
    blocks, before = sys.getallocatedblocks(), open_files()
    for turn in range(1_000):
        run(checks[turn % len(checks)])
    gc.collect()
    assert open_files() == before
    assert sys.getallocatedblocks() - blocks < 1_000


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"community": "hush-hush"}, "is a secret"),
        ({"version": "3"}, "needs the name of a secret"),
        ({"what": "oid"}, "goes with"),
        ({"oid": "1.3.6"}, "goes with"),
        ({"what": "oid", "oid": "1.3.x"}, "numbers with dots"),
        ({"what": "oid", "oid": "3.1"}, "no oid begins so"),
        ({"what": "interfaces", "warning_above": "5"}, "takes no limits"),
        ({"what": "weather"}, "Invalid enum value"),
        ({"port": "70000"}, "<= 65535"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_is_kept(chosen: dict[str, str], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said) as refused:
        msgspec.convert({"host": "a", **chosen}, Snmp, strict=False)
    assert "hush-hush" not in str(refused.value)


def test_an_oid_is_read_with_or_without_its_first_dot() -> None:
    assert parsed(".1.3.6.1") == parsed(" 1.3.6.1 ") == (1, 3, 6, 1)


def test_a_secret_is_kept_by_its_name_and_never_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert "no keyring" in keep_secret("core-1", USERS["sha"])
    assert stat.S_IMODE((tmp_path / "secret-snmp-core-1").stat().st_mode) == 0o600
    assert read_secret("core-1") == USERS["sha"]
    check = Snmp(host="a", version="3", secret="core-1")
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s", check, read_secret("core-1"), json.loads(msgspec.json.encode(check)))
    assert AUTH_KEY not in caplog.text
    assert PRIVACY_KEY not in caplog.text
    keep_secret("core-1", None)
    with pytest.raises(CannotCheckError, match="keeps no secret named core-1"):
        read_secret("core-1")


def test_a_secret_that_is_broken_or_of_the_other_version_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "secret-snmp-old").write_text('{"community": 5, "auth_key": "hush-hush"}')
    with pytest.raises(CannotCheckError, match="cannot be read; keep it anew"):
        read_secret("old")
    keep_secret("word", SnmpCredentials(community="quiet-word"))
    keep_secret("user", USERS["sha"])
    assert "holds a community, and no user" in run(Snmp(host=HOST, version="3", secret="word")).sentence
    assert "holds a user of version 3" in run(Snmp(host=HOST, secret="user")).sentence
    assert run(Snmp(host=HOST, secret="../token")).level == "unknown"


def test_a_community_that_is_kept_is_the_one_that_is_asked_with(device: int) -> None:
    keep_secret("word", SnmpCredentials(community="quiet-word"))
    assert found(device, secret="word").level == "ok"


@pytest.mark.usefixtures("short_tries")
def test_a_wrong_community_is_silence(device: int) -> None:
    keep_secret("word", SnmpCredentials(community="not-the-word"))
    assert "to a wrong community none comes either" in found(device, secret="word").sentence


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"community": "a", "user": "b"},
        {"user": "b", "auth_key": "short"},
        {"user": "b", "privacy_key": "long enough"},
        {"user": "b" * 33},
    ],
)
def test_credentials_that_no_device_takes_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"give|has at|needs"):
        SnmpCredentials(**given)  # type: ignore[arg-type]
