"""How fast a Stack Exchange dump is imported on SQLite, and whether memory grows with the file.

python -m tests.benchmarks.import_stackexchange            2,000 and 8,000 posts
python -m tests.benchmarks.import_stackexchange --full     20,000 and 80,000 posts
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.imports.dumps import make

TARGET_POSTS_A_S = 2_000
SIZES = (2_000, 8_000)
FULL_SIZES = (20_000, 80_000)
CHILD = """
import resource, sys
from rackside_server.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
raise SystemExit(code)
"""


def measure(posts: int) -> tuple[float, float, float]:
    """Import a dump of this size; return the wall and CPU seconds and the peak memory in MiB."""
    with TemporaryDirectory() as place:
        dump, data = Path(place) / "unix.example.com", Path(place) / "data"
        data.mkdir()
        make(dump, posts)
        command = [sys.executable, "-c", CHILD]
        subprocess.run([*command, "migrate", "--data", data], check=True, capture_output=True)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            [*command, "import", "stackexchange", dump, "--data", data], check=True, capture_output=True, text=True
        )
        wall_s = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall_s, cpu_s, int(done.stdout.split()[-1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    small, large = FULL_SIZES if parser.parse_args().full else SIZES
    (first_wall, first_cpu, first_mib), (wall, cpu, mib) = measure(small), measure(large)
    rate, cpu_rate = (large - small) / (wall - first_wall), (large - small) / (cpu - first_cpu)
    print(f"posts a second of wall time: {rate:,.0f}, of CPU time: {cpu_rate:,.0f}")
    print(f"beside the target of {TARGET_POSTS_A_S:,}: {rate / TARGET_POSTS_A_S:.2f} (target ≥ 1)")
    print(f"peak memory, {large:,} beside {small:,} posts: {mib:.0f} / {first_mib:.0f} MiB = {mib / first_mib:.2f}")
    print("(target ≤ 1.1 once a batch of each file is full)")


if __name__ == "__main__":
    main()
