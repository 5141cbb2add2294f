"""What is on this machine, how it is read from files as Debian and the kernel write them, and what changed."""

import socket
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from rackside.store import Store, events, inventory
from rackside.store.inventory import Inventory
from rackside.watch import proc
from rackside.watch.inventory import (
    accounts,
    administrators,
    available,
    hardware,
    packages,
    ports,
    section,
    system,
    taking,
)
from rackside.watch.inventory.changes import changes
from rackside.watch.inventory.keeper import look
from rackside.watch.inventory.section import CannotTellError
from tests.watch.judging import START_S

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, /sys and /etc")

STATUS = """Package: openssl
Status: install ok installed
Priority: optional
Architecture: amd64
Version: 3.0.15-1~deb12u1
Description: Secure Sockets Layer toolkit
 Package: not-a-package
 Version: 9
Conffiles:
 /etc/ssl/openssl.cnf 7ba3b9f3a3a9a2a1

Package: nginx
Status: deinstall ok config-files
Architecture: amd64
Version: 1.22.1-9

Package: libc6
Status: hold ok installed
Architecture: amd64
Version: 2.36-9+deb12u9

Package: libc6
Status: install ok installed
Architecture: i386
Version: 2.36-9+deb12u8

Package: broken
Status: install ok half-installed
Version: 1

Package: evil
Status: install ok installed
Version: 1\x1b[2J
"""


def lines(text: str) -> Iterable[bytes]:
    return text.encode().splitlines(keepends=True)


def test_dpkgs_status_is_read_with_what_is_installed_and_no_more() -> None:
    found = dict(packages.dpkg(lines(STATUS.rstrip("\n"))))
    assert {name: version for name, version in found.items() if name != "evil"} == {
        "openssl": "3.0.15-1~deb12u1",
        "libc6": "2.36-9+deb12u9",
        "libc6:i386": "2.36-9+deb12u8",
    }
    assert section.bounded(found.items())["evil"] == "1\ufffd[2J"


def test_rpm_and_pacman_are_read_with_all_versions_of_a_kernel() -> None:
    said = b"kernel\t5.14.0-503.el9\nopenssl\t3.2.2-6.el9\nkernel\t5.14.0-427.el9\ngpg-pubkey\t8483c65d-5ccc5b19\n"
    assert dict(packages.rpm(said)) == {"kernel": "5.14.0-427.el9, 5.14.0-503.el9", "openssl": "3.2.2-6.el9"}
    entries = ["openssl-3.3.2-1", "ALPM_DB_VERSION", "gtk-update-icon-cache-1:4.16.5-1"]
    assert dict(packages.pacman(entries)) == {"gtk-update-icon-cache": "1:4.16.5-1", "openssl": "3.3.2-1"}


def test_a_section_holds_no_more_than_so_much() -> None:
    many = section.bounded((f"package{number}", "x" * 100_000) for number in range(20_100))
    assert len(many) == inventory.MOST_ITEMS
    assert {len(value) for value in list(many.values())[:10]} == {inventory.MOST_LETTERS}


@linux
def test_this_machine_is_taken_and_the_second_time_what_did_not_change_is_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = taking.take(START_S)
    assert {"hardware", "system", "accounts", "ports"} <= first.sections.keys()
    assert first.sections.keys() | first.missing.keys() == {each.NAME for each in taking.SECTIONS}
    assert not first.sections.keys() & first.missing.keys()
    assert first.sections["accounts"]["root"].startswith("uid 0, ")
    monkeypatch.setattr(accounts, "people", lambda _lines: pytest.fail("/etc/passwd did not change"))
    second = taking.take(START_S + 600, first)
    assert second.sections["accounts"] is first.sections["accounts"]


def test_a_section_that_cannot_be_read_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> dict[str, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(system, "read", refused)
    taken = taking.take(START_S)
    assert "Permission denied" in taken.missing["system"]
    assert taken.sections


def test_what_linux_tells_only_is_said_to_be_so_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proc, "LINUX", False)
    for module in (hardware, accounts, administrators, ports):
        with pytest.raises(CannotTellError, match="Linux"):
            module.read()
    said = available.cannot_tell(Inventory(at_s=START_S, missing={"packages": "Nobody tells."}))
    assert said["packages"] == "Nobody tells."
    assert {"services", "clock", "raid", "smart", "wifi", "updates"} <= said.keys()
    assert all(sentence.endswith(".") for sentence in said.values())


PASSWD = """root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
alice:x:1000:1000:Alice,,,:/home/alice:/bin/zsh
bob:x:1001:27::/home/bob:
backdoor\x1b:x:0:0::/:/bin/sh
half:x:1
"""
GROUP = "root:x:0:\nsudo:x:27:alice,daemon\nwheel:x:10:alice\nadm:x:4:syslog\nbad\n"


@linux
def test_accounts_are_those_that_can_sign_in_and_administrators_those_of_sudo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwd, group = tmp_path / "passwd", tmp_path / "group"
    passwd.write_text(PASSWD)
    group.write_text(GROUP)
    for module in (accounts, administrators):
        monkeypatch.setattr(module, "PASSWD", passwd)
        monkeypatch.setattr(module, "GROUP", group)
    assert accounts.read() == {
        "root": "uid 0, /bin/bash",
        "alice": "uid 1000, /bin/zsh",
        "bob": "uid 1001, /bin/sh",
        "backdoor\ufffd": "uid 0, /bin/sh",
    }
    assert administrators.read() == {"alice": "sudo, wheel", "daemon": "sudo", "bob": "sudo"}


TCP = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 17001 1 0000 100 0
   1: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000 101 0 17002 1 0000 100 0
   2: 0100007F:C350 00000000:0000 0A 00000000:00000000 00:00000000 00000000 101 0 17003 1 0000 100 0
   3: 0A00000A:0016 0B00000A:D431 01 00000000:00000000 02:0000C0DE 00000000 0 0 17004 1 0000 100 0
"""
TCP6 = """  sl  local_address rem_address st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 17005 1 0
   1: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 17006 1 0
   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 17007 1 0
"""
UDP = """   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode ref
  1: 00000000:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000 112 0 17008 2 0 0
  2: 00000000:D431 00000000:0000 07 00000000:00000000 00:00000000 00000000 112 0 17009 2 0 0
"""


@pytest.mark.skipif(sys.byteorder == "big", reason="the table is one of a little-endian machine")
def test_ports_that_listen_are_read_and_those_that_come_and_go_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, table in (("tcp", TCP), ("tcp6", TCP6), ("udp", UDP)):
        (tmp_path / name).write_text(table)
    monkeypatch.setattr(ports, "NET", tmp_path)
    monkeypatch.setattr(ports, "RANGE", tmp_path / "none")
    assert {each.name for each in ports.sockets()} == {
        *("tcp *:22", "tcp 127.0.0.1:5432", "tcp [::1]:631", "tcp 127.0.0.1:8080", "udp *:5353")
    }


@linux
@pytest.mark.usefixtures("socket_enabled")
def test_a_port_of_ours_is_found_with_the_program_that_holds_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = ports.Listening("tcp", "127.0.0.1", server.getsockname()[1], 0).name
        table = ports._text(ports.NET / "tcp")
        [found] = [each for each in ports.listening(table, "tcp", "0A") if each.name == place]
        assert section.word(Path("/proc/self/comm")) in ports.programs_of({found.inode})[found.inode]


def tree(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{text}\n")
    return folder


def test_hardware_is_named_as_its_makers_do(tmp_path: Path) -> None:
    dmi = tree(tmp_path / "dmi", {"sys_vendor": "Dell Inc.", "product_name": "PowerEdge R650", "bios_version": "1.9.2"})
    assert dict(hardware.make(dmi)) == {"machine": "Dell Inc. PowerEdge R650", "board": "", "firmware": "1.9.2"}
    cpu = "processor\t: 0\nmodel name\t: Intel(R) Xeon(R)\n\nprocessor\t: 1\nmodel name\t: Intel(R) Xeon(R)\n"
    assert hardware.processor(cpu) == "2 of Intel(R) Xeon(R)"
    sda = tree(tmp_path / "sda", {"size": "1953525168", "device/model": "Samsung SSD 870", "device/vendor": "ATA"})
    assert hardware.disk(sda) == "Samsung SSD 870, 932 GiB"
    sticks = {"idVendor": "046d", "idProduct": "c52b", "manufacturer": "Logitech", "product": "USB Receiver"}
    usb = tree(
        tmp_path / "usb",
        {
            **{f"1-{port}/{name}": text for port in (1, 2) for name, text in sticks.items()},
            "usb1/idVendor": "1d6b",
            "1-0:1.0/bInterfaceClass": "09",
        },
    )
    assert dict(hardware.usb(usb)) == {"USB device Logitech USB Receiver (046d:c52b)": "2"}


def of(at_s: float = START_S, **sections: dict[str, str]) -> Inventory:
    return Inventory(at_s=at_s, sections=sections)


def said(before: Inventory, now: Inventory) -> list[tuple[str, str]]:
    return [(event.kind, event.sentence) for event in changes(before, now)]


def test_what_changed_is_said_in_sentences() -> None:
    before = of(
        packages={"openssl": "3.0.15", "vim": "9.0"},
        hardware={"disk sda": "Samsung SSD 870, 932 GiB"},
        system={"kernel": "6.1.0-25-amd64", "boot": "a"},
        accounts={"alice": "uid 1000, /bin/zsh"},
        administrators={},
        ports={"tcp *:80": "nginx"},
        services={"nginx.service": "enabled, running"},
    )
    now = of(
        packages={"openssl": "3.0.16", "nginx": "1.22"},
        hardware={"disk sdb": "Samsung SSD 870, 932 GiB"},
        system={"kernel": "6.1.0-26-amd64", "boot": "b"},
        accounts={"alice": "uid 1000, /bin/zsh", "bob": "uid 1001, /bin/sh"},
        administrators={"bob": "sudo"},
        ports={"tcp *:443": "nginx"},
        services={"nginx.service": "enabled, failed"},
    )
    assert said(before, now) == [
        ("software", "nginx 1.22 was installed"),
        ("software", "vim 9.0 was removed"),
        ("software", "openssl 3.0.15 → 3.0.16"),
        ("hardware", "New: disk sdb, Samsung SSD 870, 932 GiB"),
        ("hardware", "Gone: disk sda, Samsung SSD 870, 932 GiB"),
        ("state", "This machine was started anew"),
        ("software", "The kernel changed: 6.1.0-25-amd64 → 6.1.0-26-amd64"),
        ("account", "The account bob can sign in now (uid 1001, /bin/sh)"),
        ("account", "bob was made an administrator (sudo)"),
        ("port", "nginx listens on tcp *:443"),
        ("port", "Nobody listens on tcp *:80 any more, before nginx"),
        ("service", "nginx.service was enabled, running, is enabled, failed"),
    ]
    assert all(event.until_s == event.at_s == START_S for event in changes(before, now)), "none of it lasts"
    assert changes(now, now) == []


def test_many_changes_of_one_section_are_told_together() -> None:
    before = of(packages={f"package{number:03}": "1" for number in range(148)} | {"old": "1"})
    now = of(packages={f"package{number:03}": "2" for number in range(148)} | {"new": "1"})
    assert said(before, now) == [
        ("software", "new 1 was installed"),
        ("software", "old 1 was removed"),
        (
            "software",
            "148 packages were upgraded: package000, package001, package002, package003, package004 and 143 more",
        ),
    ]


def test_a_section_that_was_not_read_both_times_changed_nothing() -> None:
    full, without = of(packages={"openssl": "3.0.15"}, ports={}), of(ports={})
    assert said(full, without) == said(without, full) == []


def test_a_long_name_makes_no_long_sentence() -> None:
    [event] = changes(of(packages={}), of(packages={"{name}" + "x" * 60_000: "1" * 60_000}))
    assert len(event.sentence) < 300
    assert event.sentence.startswith("{name}x")


@linux
def test_what_changed_is_told_once_and_is_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status = tmp_path / "status"
    status.write_text(STATUS)
    monkeypatch.setattr(packages, "DPKG", status)
    monkeypatch.setattr(taking, "SECTIONS", (packages,))
    with Store.open(tmp_path) as store:
        assert look(store, START_S) == [], "the first time, nothing is new"
        status.write_text(STATUS.replace("3.0.15", "3.0.16"))
        [event] = look(store, START_S + 600)
        assert event.sentence == "openssl 3.0.15-1~deb12u1 → 3.0.16-1~deb12u1"
        assert look(store, START_S + 1_200) == []
        assert events.events(store, ["software"]) == [event]


@linux
def test_a_section_that_cannot_be_read_for_a_while_hides_no_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = tmp_path / "status"
    status.write_text(STATUS)
    monkeypatch.setattr(packages, "DPKG", status)
    monkeypatch.setattr(taking, "SECTIONS", (packages,))
    with Store.open(tmp_path) as store:
        look(store, START_S)
        status.unlink()
        status.mkdir()  # to read it fails, for root as well
        assert look(store, START_S + 600) == []
        status.rmdir()
        status.write_text(STATUS.replace("3.0.15", "3.0.16"))
        assert [event.subject for event in look(store, START_S + 1_200)] == ["openssl"]
        kept = inventory.newest(store)
    assert kept is not None
    assert kept.sections["packages"]["openssl"] == "3.0.16-1~deb12u1"


def test_a_change_that_could_not_be_written_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(tmp_path) as store:
        inventory.put(store, of(accounts={}))
        before = inventory.newest(store)
        now = of(START_S + 600, accounts={"bob": "uid 1001, /bin/sh"})
        monkeypatch.setattr("rackside.watch.inventory.keeper.take", lambda _at_s, _before: now)
        store.local.execute("DROP TABLE events")
        with pytest.raises(Exception, match="events"):
            look(store, START_S + 600)
        assert inventory.newest(store) == before, "neither is written without the other"
