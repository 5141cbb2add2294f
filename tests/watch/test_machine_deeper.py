"""The clock, arrays, disks' own word, batteries, wireless links, sessions and updates: read from files as they are."""

import os
import struct
import sys
import threading
import time
from pathlib import Path

import pytest

from rackside import paths
from rackside.watch import limits, programs
from rackside.watch.collectors import battery, clock, raid, smart, updates, users, wifi
from rackside.watch.later import FIRST_AFTER_S, Later
from rackside.watch.model import Reading
from tests.watch.judging import HOUR_S, Watched

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc and /sys")


def values(readings: list[Reading]) -> dict[str, float]:
    return {reading.key: reading.value for reading in readings}


def program(folder: Path, name: str, code: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\nimport sys\n{code}\n")
    path.chmod(0o755)


MDSTAT = """Personalities : [raid1] [raid6] [raid5] [raid4]
md0 : active raid1 sdb1[1] sda1[0]
      1046528 blocks super 1.2 [2/2] [UU]

md1 : active raid5 sdf1[4] sde1[2](F) sdd1[1] sdc1[0]
      3906764800 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/2] [UU_]
      [=>...................]  recovery =  8.9% (173974528/1953382400) finish=144.6min speed=205080K/sec
      bitmap: 2/15 pages [8KB], 65536KB chunk

md2 : active raid1 sdi1[2] sdh1[1] sdg1[0](F)
      1046528 blocks super 1.2 [2/2] [UU]

md3 : inactive sdj1[0](S)
      1046528 blocks super 1.2

md127 : inactive sdl[1](S) sdk[0](S)
      5032 blocks super external:imsm

unused devices: <none>
"""


def test_arrays_are_read_with_what_failed_in_them_and_what_they_lack() -> None:
    found = values(list(raid.arrays(MDSTAT)))
    assert {key.partition(" ")[2]: value for key, value in found.items() if key.startswith("raid.state")} == {
        "md0": 0,
        "md1": raid.DEGRADED,
        "md2": raid.FAILED_DISK,
        "md3": raid.DEGRADED,
        "md127": 0,
    }
    assert found["raid.failed md1"] == found["raid.degraded md1"] == 1
    assert list(raid.arrays("Personalities : \nunused devices: <none>\n")) == []


def test_a_pool_that_is_not_online_is_degraded(tmp_path: Path) -> None:
    for name, state in (("tank", "DEGRADED\n"), ("fast", "ONLINE\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "state").write_text(state)
    (tmp_path / "arcstats").touch()
    found = values(list(raid.pools(tmp_path)))
    assert (found["raid.state tank"], found["raid.state fast"]) == (raid.DEGRADED, 0)


def test_a_failed_disk_warns_and_a_degraded_array_is_critical_after_a_quarter_of_an_hour() -> None:
    watched = Watched()
    watched.sees(Reading("raid.state", raid.FAILED_DISK, "", "md0", "md"), HOUR_S)
    assert watched.open == [("raid", "warning")]
    watched.sees(Reading("raid.state", raid.DEGRADED, "", "md0", "md"), 890.0)
    assert watched.open == [("raid", "warning")]
    watched.sees(Reading("raid.state", raid.DEGRADED, "", "md0", "md"), 20.0)
    assert watched.open == [("raid", "critical")]


@linux
def test_the_clock_of_this_machine_is_read_or_said_not_to_be_known() -> None:
    found = values(clock.Collector().read(0.0))
    assert ("clock.offset" in found) == (found["clock.synced time service"] == 1)
    assert (clock.lacking() == "") == ("clock.offset" in found)


@pytest.mark.parametrize(
    ("said", "offset_s"),
    [
        ("C0000235,192.0.2.53,3,1732373000.1,-0.061,0.00002,0.0001,-12.110,0.001,0.02,0.01,0.001,64.2,Normal", -0.061),
        ("00000000,,0,0.0,0.000000000,0.0,0.0,0.000,0.000,0.000,1.0,1.0,0.0,Not synchronised", None),
        ("506 Cannot talk to daemon", None),
    ],
)  # fmt: skip
@linux
def test_chrony_is_believed_when_it_is_synchronised(
    said: str, offset_s: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "chronyc", f"print({said!r})")
    assert clock.chrony_offset_s() == offset_s


def test_a_clock_that_is_off_warns_and_one_that_nobody_keeps_is_told_as_information() -> None:
    watched = Watched()
    off = [Reading("clock.offset", 0.06, "s"), Reading("clock.synced", 1.0, "", "time service")]
    watched.sees(off, 590.0)
    assert watched.open == []
    watched.sees(off, 20.0)
    assert watched.open == [("clock.offset", "warning")]
    watched.sees(Reading("clock.synced", 0.0, "", "time service"), HOUR_S)
    assert watched.open[-1] == ("clock.offset", "info")


SMART = b'{"device":{"name":"/dev/sda","type":"%s"},"smart_status":{"passed":%s},"temperature":{"current":31}}'
ASLEEP = b'{"smartctl":{"exit_status":2,"messages":[{"string":"Device is in STANDBY mode"}]},"device":{"type":"sat"}}'


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (SMART % (b"sat", b"true"), 0.0),
        (SMART % (b"nvme", b"false"), 1.0),
        (ASLEEP, None),
        (b'{"smartctl":{"messages":[{"string":"Permission denied"}]}}', None),
        (b"Segmentation fault", None),
        (b"", None),
        (b'{"smart_status":{"passed":"maybe"}}', None),
    ],
)
def test_a_disk_is_failing_only_when_it_says_so(said: bytes, value: float | None) -> None:
    found = smart.health("sda", said)
    assert (found.value if found else None) == value


@linux
def test_a_disk_that_sleeps_is_as_it_was_and_is_not_woken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = tmp_path / "said"
    said.write_bytes(SMART % (b"sat", b"false"))
    program(tmp_path, "smartctl", f"open({str(tmp_path / 'asked')!r}, 'w').write(' '.join(sys.argv[1:]))")
    with (tmp_path / "smartctl").open("a") as file:
        file.write(f"print(open({str(said)!r}).read())\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(smart, "disks", lambda: ["sda"])
    collector = smart.Collector()
    collector._ask()
    said.write_bytes(ASLEEP)
    collector._ask()
    assert values(collector.read(0.0)) == {"smart.failing sda": 1}
    assert (tmp_path / "asked").read_text() == "-j -H -A -n standby /dev/sda"
    monkeypatch.setattr(smart, "disks", list)
    collector._ask()
    assert collector.read(0.0) == [], "it was taken out"
    watched = Watched()
    watched.sees(Reading("smart.failing", 1.0, "", "sda", "sat"))
    assert watched.open == [("disk.smart", "critical")]


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir()
    for file, text in files.items():
        (folder / name / file).write_text(f"{text}\n")


@linux
def test_a_battery_is_read_and_that_of_a_mouse_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(
        tmp_path,
        "BAT0",
        type="Battery",
        capacity="81",
        status="Discharging",
        energy_full="42000000",
        energy_full_design="56000000",
    )
    supply(tmp_path, "BAT1", type="Battery", capacity="104", status="Full", charge_full="30", charge_full_design="0")
    supply(tmp_path, "hidpp_battery_0", type="Battery", scope="Device", capacity="5")
    monkeypatch.setattr(battery, "SUPPLIES", tmp_path)
    assert values(battery.Collector().read(0.0)) == {
        "battery.charge BAT0": 81,
        "battery.health BAT0": 75,
        "battery.discharging BAT0": 1,
        "battery.charge BAT1": 100,
        "battery.discharging BAT1": 0,
    }
    assert battery.lacking() == ""


WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
wlp2s0: 0000   56.  -54.  -256        0      0      0      0     12        0
 wlan1: 0000   35.   40.     0        0      0      0      0      0        0
 bad: 0000
"""


def test_a_wireless_link_has_its_quality_and_a_signal_only_in_dbm() -> None:
    assert values(wifi.links(WIRELESS)) == {
        "wifi.quality wlp2s0": 80,
        "wifi.signal wlp2s0": -54,
        "wifi.quality wlan1": 50,
    }


@linux
def test_sessions_are_counted_by_logind_or_else_by_utmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [struct.pack("hi", kind, 100).ljust(users.ENTRY_BYTES, b"\0") for kind in (2, 7, 7, 8)]
    utmp, sessions = tmp_path / "utmp", tmp_path / "sessions"
    monkeypatch.setattr(users, "UTMP", utmp)
    monkeypatch.setattr(users, "SESSIONS", sessions)
    assert users.Collector().read(0.0) == []
    assert "neither" in users.lacking()
    utmp.write_bytes(b"".join(entries) + b"half")
    assert values(users.Collector().read(0.0)) == {"users.sessions": 2}
    sessions.mkdir()
    (sessions / "1").write_text("# This is private data.\nUID=1000\nCLASS=user\nSTATE=active\n")
    (sessions / "1.ref").write_text("")
    (sessions / "c1").write_text("UID=114\nCLASS=greeter\nSTATE=online\n")
    assert values(users.Collector().read(0.0)) == {"users.sessions": 1}


APT = b"""NOTE: This is only a simulation!
Reading package lists...
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libgcrypt20-dev [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/sec [amd64]) []
Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian-Security:12/oldstable-security [amd64])
Inst libc6 [2.35-0ubuntu3.8] (2.35-0ubuntu3.9 Ubuntu:22.04/jammy-updates [amd64])
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
"""
DNF = b"""
kernel.x86_64                 5.14.0-503.11.1.el9_5      baseos
openssl-libs.x86_64           1:3.2.2-6.el9_5            baseos
Obsoleting Packages
grub2-tools.x86_64            1:2.06-94.el9              baseos
    grub2-tools.x86_64        1:2.06-80.el9              @anaconda
"""


def test_updates_that_wait_are_counted_as_apt_and_dnf_say_them() -> None:
    assert updates.by_apt(APT) == updates.Waiting(4, 2)
    assert updates.by_dnf(DNF) == 2


@linux
def test_security_updates_are_counted_in_days_since_they_were_first_seen_even_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "apt-get", f"sys.stdout.buffer.write({APT!r})")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = updates.waiting()
    assert found == updates.Waiting(4, 2)
    collector = updates.Collector()
    collector._later._said = found
    assert values(collector.read(0.0))["updates.security_days"] < 0.1
    os.utime(paths.home() / updates.SEEN, (0, time.time() - 8 * updates.DAY_S))
    again = updates.Collector()
    again._later._said = found
    assert values(again.read(0.0))["updates.security_days"] == pytest.approx(8, abs=0.1)
    again._later._said = updates.Waiting(3, 0)
    assert values(again.read(0.0))["updates.security_days"] == 0
    assert not (paths.home() / updates.SEEN).exists()


@pytest.mark.parametrize(
    ("installed", "running", "needed"),
    [
        (["6.1.0-9-amd64", "6.1.0-40-amd64"], "6.1.0-9-amd64", True),
        (["6.1.0-9-amd64", "6.1.0-40-amd64"], "6.1.0-40-amd64", False),
        (["6.1.0-9-amd64", "6.1.0-40-cloud-amd64"], "6.1.0-9-amd64", False),
        (["5.14.0-427.el9.x86_64", "5.14.0-503.el9.x86_64"], "5.14.0-427.el9.x86_64", True),
        (["6.1.0-40-amd64"], "6.18.44-hosts", False),
        ([], "6.1.0-9-amd64", False),
    ],
)
def test_a_newer_kernel_of_the_same_flavour_asks_for_a_restart(
    installed: list[str], running: str, needed: bool, tmp_path: Path  # noqa: FBT001 - a column of the table
) -> None:  # fmt: skip
    for release in installed:
        (tmp_path / f"vmlinuz-{release}").touch()
    since_s = updates.newer_kernel_since_s(tmp_path, running)
    assert (since_s is not None) == needed
    assert since_s is None or since_s == pytest.approx(time.time(), abs=600)


@pytest.mark.parametrize(("metric", "kind"), [("reboot.days", "reboot.required"), ("updates.security_days",) * 2])
def test_what_waits_for_a_week_is_information_and_clears_when_it_is_done(metric: str, kind: str) -> None:
    watched = Watched()
    watched.sees(Reading(metric, 6.9, "d"), HOUR_S)
    assert watched.open == []
    watched.sees(Reading(metric, 7.0, "d"))
    assert watched.open == [(kind.replace("_days", ""), "info")]
    watched.sees(Reading(metric, 0.0, "d"), limits.CLEAR_WAIT_S + 20)
    assert watched.open == []


def test_what_takes_long_is_not_begun_at_once_nor_twice_and_waits_on_nobody() -> None:
    go, begun = threading.Event(), threading.Semaphore(0)

    def slow() -> int:
        begun.release()
        assert go.wait(30.0)
        return 7

    later = Later[int](slow, 0, every_s=100.0)
    assert [later.said(0.0), later.said(FIRST_AFTER_S - 1)] == [0, 0]
    assert later._worker is None, "a program that gives one reading begins nothing"
    assert later.said(FIRST_AFTER_S) == 0
    assert begun.acquire(timeout=30.0)
    later.said(FIRST_AFTER_S + 500)
    assert not begun.acquire(blocking=False), "it is still under way"
    go.set()
    assert later._worker is not None
    later._worker.join(30.0)
    assert later.said(FIRST_AFTER_S + 99) == 7


def test_a_program_for_administrators_is_found_although_it_is_on_nobodys_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(programs, "PLACES", (str(tmp_path),))
    assert programs.find("smartctl") is None
    program(tmp_path, "smartctl", "")
    assert programs.find("smartctl") == str(tmp_path / "smartctl")
