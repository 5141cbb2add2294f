"""What one look at this machine costs beside psutil, in CPU time, both taken turn by turn in one process.

python -m tests.benchmarks.collectors                 with 200 more processes that sleep
python -m tests.benchmarks.collectors --processes 0   with those that run anyhow
"""

import argparse
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from rackside.store import Store
from rackside.watch import collectors
from rackside.watch.collectors import processes
from rackside.watch.inventory.keeper import look

PASS_TARGET = 0.15
DEEPER_TARGET = 0.2
DEEPER = {"services", "clock", "raid", "smart", "battery", "wifi", "users", "updates", "inventory"}
"""What psutil does not read, or not as far; it is not part of the comparison."""
INVENTORY_EVERY_S = 600.0
PROCESSES_TARGET = 0.3
ROUNDS = 15
PASSES = 40
PROCESS_PASSES = 4
COLLECTORS = [module.Collector() for module in collectors.ALL]
BUSIEST = processes.Collector()


def our_pass() -> None:
    now_s = time.monotonic()
    for module, collector in zip(collectors.ALL, COLLECTORS, strict=True):
        if module.NAME not in DEEPER:
            collector.read(now_s)


def psutil_pass() -> None:
    """Ask psutil for the same: nothing that ours does not read as well."""
    psutil.cpu_times()
    psutil.cpu_times(percpu=True)
    psutil.getloadavg()
    psutil.virtual_memory()
    psutil.swap_memory()
    for partition in psutil.disk_partitions():
        psutil.disk_usage(partition.mountpoint)
    psutil.disk_io_counters(perdisk=True)
    psutil.net_io_counters(pernic=True)
    psutil.net_if_stats()
    psutil.boot_time()
    if hasattr(psutil, "sensors_temperatures"):
        psutil.sensors_temperatures()


def our_processes() -> None:
    BUSIEST.read(time.monotonic())


def psutil_processes() -> None:
    for _ in psutil.process_iter(["name", "cpu_percent", "memory_info"]):
        pass


def shares() -> dict[str, float]:
    """Return what each collector, and the inventory, takes of a core on average, in percent."""
    found = {
        module.NAME: cpu_us(lambda each=each: each.read(time.monotonic()), PASSES) / module.EVERY_S / 1e4
        for module, each in zip(collectors.ALL, COLLECTORS, strict=True)
    }
    with TemporaryDirectory() as home, Store.open(Path(home)) as store:
        look(store, time.time())
        found["inventory"] = cpu_us(lambda: look(store, time.time()), PROCESS_PASSES) / INVENTORY_EVERY_S / 1e4
    return found


def cpu_us(act: Callable[[], None], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) / times * 1e6


def compare(ours: Callable[[], None], theirs: Callable[[], None], times: int) -> tuple[float, float]:
    """Return the least CPU microseconds of each: what others on this machine do can only add to it."""
    rounds = [(cpu_us(ours, times), cpu_us(theirs, times)) for _ in range(ROUNDS)]
    return min(each[0] for each in rounds), min(each[1] for each in rounds)


@contextmanager
def sleeping(number: int) -> Iterator[None]:
    sleep = shutil.which("sleep") or "sleep"
    children = [subprocess.Popen([sleep, "600"]) for _ in range(number)]
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=200, help="how many that sleep to add")
    with sleeping(parser.parse_args().processes):
        ours, theirs = compare(our_pass, psutil_pass, PASSES)
        print(f"all readings once: {ours:.0f} µs beside psutil's {theirs:.0f} µs")
        print(f"= {ours / theirs:.3f} (target ≤ {PASS_TARGET})")
        of_a_core = shares()
        deeper = {name: share for name, share in of_a_core.items() if name in DEEPER}
        print("of a core, in percent:", ", ".join(f"{name} {share:.4f}" for name, share in of_a_core.items()))
        print(f"= {sum(deeper.values()):.4f} % for what was added (target ≤ {DEEPER_TARGET} %)")
        running = len(psutil.pids())
        ours, theirs = compare(our_processes, psutil_processes, PROCESS_PASSES)
        print(
            f"busiest of {running} processes: {ours / running:.1f} µs each beside process_iter's {theirs / running:.1f}"
        )
        print(f"= {ours / theirs:.3f} (target ≤ {PROCESSES_TARGET})")


if __name__ == "__main__":
    main()
