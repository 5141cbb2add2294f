"""The collectors against the machine that runs the tests, and against what a hostile or odd one would say."""

import math
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from rackside.watch import collectors, machine, proc
from rackside.watch.collectors import cpu, disks, memory, network, processes, temperature
from rackside.watch.model import Reading

linux = pytest.mark.skipif(not proc.LINUX, reason="reads /proc")

LINUX_TELLS = {"services", "clock", "raid", "smart", "wifi", "updates", "users"}
"""Collectors of what psutil does not know; of sessions it knows none on a machine without utmp."""


def by_key(readings: list[Reading]) -> dict[str, Reading]:
    return {reading.key: reading for reading in readings}


@pytest.mark.parametrize("module", collectors.ALL, ids=lambda module: module.NAME)
def test_every_collector_reads_this_machine_twice_without_fault(module: ModuleType) -> None:
    collector = module.Collector()
    collector.read(100.0)
    readings = collector.read(101.0)
    assert len({reading.key for reading in readings}) == len(readings)
    assert all(math.isfinite(reading.value) for reading in readings)
    assert all(0 <= reading.value <= 100 for reading in readings if reading.unit == "%")


@pytest.mark.parametrize("module", collectors.ALL, ids=lambda module: module.NAME)
def test_every_collector_reads_by_psutil_where_there_is_no_proc(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> set[str]:
        collector = module.Collector()
        collector.read(100.0)
        time.sleep(0.05)
        return {reading.key for reading in collector.read(102.0)}

    by_proc = keys()
    monkeypatch.setattr(proc, "LINUX", False)
    by_psutil = keys()
    assert by_psutil <= by_proc, "a key means the same on every system"
    assert by_psutil or not by_proc or module.NAME in LINUX_TELLS


def test_processes_are_read_by_psutil_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proc, "LINUX", False)
    found = processes.Collector().read(0.0)
    assert found
    assert all(process.name.isprintable() for process in found)


def test_memory_is_what_psutil_says() -> None:
    seen = by_key(memory.Collector().read(0.0))
    total = psutil.virtual_memory().total
    assert seen["memory.used"].value / seen["memory.used_share"].value * 100 == pytest.approx(total)
    assert seen["memory.available"].value == pytest.approx(100 * psutil.virtual_memory().available / total, abs=2)


def test_the_root_is_measured_as_df_and_psutil_measure_it() -> None:
    seen = by_key(disks.Collector().read(0.0))
    assert seen["disk.used /"].value == pytest.approx(psutil.disk_usage("/").percent, abs=0.2)
    assert seen["disk.size /"].value == psutil.disk_usage("/").total


@linux
def test_the_processors_are_busy_while_something_spins() -> None:
    collector = cpu.Collector()
    until = time.monotonic() + 0.2
    while time.monotonic() < until:
        pass
    seen = by_key(collector.read(0.0))
    assert seen["cpu.used"].value >= 50 / (os.cpu_count() or 1)
    assert {key for key in seen if key.startswith("cpu.core")} == {f"cpu.core {n}" for n in range(os.cpu_count() or 1)}


def test_processor_time_that_falls_back_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([[100] * 8, [110, 100, 100, 150, 90, 100, 100, 100], [0] * 8])
    monkeypatch.setattr(cpu, "_times", lambda: {"cpu": next(looks)})
    collector = cpu.Collector()
    seen = by_key(collector.read(0.0))
    assert seen["cpu.used"].value == pytest.approx(100 * 10 / 60)
    assert seen["cpu.iowait"].value == 0
    assert collector.read(0.0) == [], "every counter fell back: the processor went and came back"


def test_an_interface_is_read_with_rates_drops_and_link(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = [0] * network.COLUMNS
    monkeypatch.setattr(network, "_counters", lambda: {"eth0": list(counters)})
    monkeypatch.setattr(network, "_link", lambda _name: True)
    monkeypatch.setattr(network, "_speed", lambda _name: 1_000)
    collector = network.Collector()
    assert set(by_key(collector.read(10.0))) == {"nic.link eth0"}
    counters[network.RX_BYTES], counters[network.TX_BYTES] = 125_000_000, 250_000
    counters[network.RX_PACKETS], counters[network.RX_DROPS], counters[network.RX_ERRORS] = 95, 5, 1
    seen = by_key(collector.read(12.0))
    assert seen["nic.down eth0"].value == 500_000_000
    assert seen["nic.up eth0"].value == 1_000_000
    assert seen["nic.use eth0"].value == 50
    assert seen["nic.drops eth0"].value == 5
    assert seen["nic.errors eth0"].value == 1
    counters[network.RX_BYTES] = 3
    assert set(by_key(collector.read(13.0))) == {"nic.link eth0"}, (
        "the counter wrapped: no rate, rather than a false one"
    )


@pytest.mark.parametrize("name", ["lo", "veth12ab", "docker0", "br-1f2e", "ifb0"])
@linux
def test_interfaces_inside_the_machine_are_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "Inter-|\n face |\n"
    table = f"{head}{name}: {' 1' * 16}\n  wlp2s0: {' 2' * 16}\n".encode()
    monkeypatch.setattr(proc, "content", lambda _path: table)
    assert set(network._counters()) == {"wlp2s0"}


@linux
def test_this_machines_links_are_those_that_the_system_lists() -> None:
    collector = network.Collector()
    seen = {reading.component for reading in collector.read(0.0) + collector.read(1.0)}
    assert seen <= {entry.name for entry in Path("/sys/class/net").iterdir()}
    assert "lo" not in seen


MOUNTS = rb"""proc /proc proc rw 0 0
/dev/vda1 / ext4 rw,relatime 0 0
/dev/vda1 /var/lib/bind ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
/dev/loop3 /snap/core/1 squashfs ro 0 0
overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
/dev/sdb1 /srv/Fotos\040K\303\266ln ext4 rw 0 0
/dev/sdc1 /mnt/old xfs rw 0 0
/dev/sdd1 /mnt/old xfs rw 0 0
nas:/home /home nfs4 rw 0 0
/dev/sdf1 /media/dvd ext4 ro,relatime 0 0
/dev/sde1 /srv/\033[31m\377 btrfs rw 0 0
"""


@linux
def test_each_device_with_data_is_one_mount_and_pseudo_file_systems_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # The kernel writes bytes outside ASCII as they are; space, tab, newline and backslash as octal.
    table = MOUNTS.replace(rb"\303\266", "ö".encode()).replace(rb"\033", b"\x1b").replace(rb"\377", b"\xff")
    monkeypatch.setattr(proc, "content", lambda _path: table)
    found = {mount.name: mount for mount in disks.mounts()}
    assert set(found) == {"/", "/srv/Fotos Köln", "/mnt/old", "/srv/\ufffd[31m\ufffd"}
    assert os.fsencode(found["/srv/\ufffd[31m\ufffd"].path) == b"/srv/\x1b[31m\xff", (
        "the system is asked by the true name"
    )
    assert found["/mnt/old"].kind == "xfs"


@linux
def test_the_root_is_shown_even_in_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proc, "content", lambda _path: b"overlay / overlay rw 0 0\nproc /proc proc rw 0 0\n")
    assert [(mount.path, mount.kind) for mount in disks.mounts()] == [("/", "overlay")]


@linux
def test_a_file_of_proc_longer_than_a_page_is_read_to_its_end() -> None:
    # /proc/self/maps gives a page at a time, as /proc/self/mounts does on a machine with many mounts.
    whole = proc.content("/proc/self/smaps")
    assert len(whole) > 8_192
    assert whole.count(b"VmFlags") == whole.count(b"Rss:")


@linux
def test_a_device_that_went_and_came_back_is_read_again(tmp_path: Path) -> None:
    carrier = tmp_path / "carrier"
    carrier.write_text("1\n")
    assert proc.value(str(carrier)) == "1"
    os.close(proc._open[str(carrier)])
    assert proc.value(str(carrier)) == "1", "the descriptor was dead, the file is there"
    carrier.unlink()
    proc._forget(str(carrier))
    assert proc.value(str(carrier)) is None


@linux
def test_disks_have_hardware_of_their_own(tmp_path: Path) -> None:
    for name in ("sda", "cciss!c0d0", "nvme0n1"):
        (tmp_path / name / "device").mkdir(parents=True)
    (tmp_path / "loop0").mkdir()
    found = dict(disks.find_disks(tmp_path))
    assert set(found) == {"sda", "cciss/c0d0", "nvme0n1"}
    assert found["cciss/c0d0"] == str(tmp_path / "cciss!c0d0" / "stat")
    assert dict(disks.find_disks(tmp_path / "none")) == {}


@linux
def test_a_disk_is_read_with_rates_and_how_busy_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sda" / "device").mkdir(parents=True)
    stat = tmp_path / "sda" / "stat"
    monkeypatch.setattr(disks, "BLOCK", tmp_path)
    collector = disks.Collector()
    stat.write_text("  10 0 1000 5 20 0 2000 8 0 500 13\n")
    assert not [reading for reading in collector.read(100.0) if reading.component == "sda"]
    stat.write_text("  30 0 5000 5 20 0 2200 8 0 1500 13\n")
    seen = by_key(collector.read(102.0))
    assert seen["disk.read sda"].value == 4_000 * 512 / 2
    assert seen["disk.write sda"].value == 200 * 512 / 2
    assert seen["disk.busy sda"].value == 50
    stat.write_text("\n")
    assert "disk.busy sda" not in by_key(collector.read(103.0))


@contextmanager
def running(code: str, *arguments: str) -> Iterator[int]:
    """Run a Python program until the block ends; it prints a line when it is ready."""
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child.pid
        finally:
            child.kill()


SPIN = """
import ctypes, sys
ctypes.CDLL(None).prctl(15, bytes.fromhex(sys.argv[1]), 0, 0, 0)
print(flush=True)
while True: pass
"""


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a) R 1 (b", "a) R 1 (b"),
        (b"\xff\xfe\x1b[2J", "\ufffd\ufffd\ufffd[2J"),
        (b"x\ny\tz", "x\ufffdy\ufffdz"),
        ("\u202egnp.exe".encode(), "\ufffdgnp.exe"),
        (b"<img src=/x>", "<img src=/x>"),
        (b"", ""),
    ],
)
@linux
def test_a_busy_process_with_a_hostile_name_is_shown_without_harm(raw: bytes, shown: str) -> None:
    collector = processes.Collector()
    with running(SPIN, raw.hex()) as pid:
        collector.read(time.monotonic())
        time.sleep(0.3)
        found = {process.pid: process for process in collector.read(time.monotonic())}
    assert found[pid].name == shown
    assert 0 < found[pid].cpu_percent <= 150


@linux
def test_a_process_with_much_memory_is_among_the_busiest() -> None:
    with running("hoard = bytearray(b'x') * 300_000_000\nprint(flush=True)\nimport time; time.sleep(60)") as pid:
        found = {process.pid: process for process in processes.Collector().read(0.0)}
    assert found[pid].memory_bytes >= 300_000_000
    assert found[pid].cpu_percent == 0, "seen once, nothing is known of its use"


@linux
def test_a_number_used_again_is_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def stat(ticks: int, started: int) -> bytes:
        columns = ["0"] * 40
        columns[processes.UTIME], columns[processes.STARTED], columns[processes.RSS] = str(ticks), str(started), "10"
        return f"7 (sh) {' '.join(columns)}".encode()

    looks = iter([stat(50, 1), stat(100, 1), stat(900, 2), b"", b"7 (sh) R 1"])
    monkeypatch.setattr(os, "listdir", lambda _path: ["7", "self"])
    monkeypatch.setattr(processes, "_stat", lambda _pid: next(looks))
    collector = processes.Collector()
    ticks = os.sysconf("SC_CLK_TCK")
    collector.read(1.0)
    assert collector.read(2.0)[0].cpu_percent == pytest.approx(50 * 100 / ticks)
    assert collector.read(3.0)[0].cpu_percent == 0
    assert collector.read(4.0) == collector.read(5.0) == (), "it ended while it was read"


def test_processes_that_come_and_go_break_nothing() -> None:
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            subprocess.run([sys.executable, "-S", "-E", "-c", ""], check=True)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        collector = processes.Collector()
        for look in range(40):
            assert collector.read(float(look))
    finally:
        stop.set()
        thread.join()


def hwmon(folder: Path, **files: str) -> Path:
    chip = folder / "hwmon0"
    chip.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (chip / name).write_text(f"{text}\n")
    return folder


@pytest.mark.parametrize(
    ("high", "critical", "expected"),
    [
        ("81850", "84850", (81.85, 84.85)),
        ("65261850", "-273150", (80.0, 90.0)),
        ("0", "100000", (80.0, 100.0)),
        (None, "70000", (60.0, 70.0)),
        ("95000", None, (95.0, 105.0)),
        (None, None, (80.0, 90.0)),
        ("90000", "85000", (90.0, 100.0)),
    ],
)
def test_a_sensors_own_limits_hold_if_anybody_can_believe_them(
    tmp_path: Path, high: str | None, critical: str | None, expected: tuple[float, float]
) -> None:
    hwmon(tmp_path, name="nvme", temp1_input="40000", temp1_label="Composite")
    if high:
        hwmon(tmp_path, temp1_max=high)
    if critical:
        hwmon(tmp_path, temp1_crit=critical)
    [found] = temperature.find(tmp_path)
    assert (found.name, found.chip) == ("nvme Composite", "nvme")
    assert (found.high_c, found.critical_c) == pytest.approx(expected)


@linux
def test_a_sensor_that_cannot_be_read_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hwmon(tmp_path, name="k10temp", temp1_input="86000", temp2_input="off")
    monkeypatch.setattr(temperature, "HWMON", tmp_path)
    seen = by_key(temperature.Collector().read(0.0))
    assert seen["temperature k10temp 1"].value == 86
    assert seen["temperature.margin k10temp 1"].value == pytest.approx(0.6)
    assert "temperature k10temp 2" not in seen


def test_the_machine_is_described() -> None:
    found = machine.describe()
    assert found.memory_bytes == psutil.virtual_memory().total
    assert found.cores == os.cpu_count()
    assert found.booted_s == pytest.approx(psutil.boot_time(), abs=5)
    assert found.name
    assert found.system
    assert found.kernel
