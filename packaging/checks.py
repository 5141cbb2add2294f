#!/usr/bin/env python3
"""Every check there is: style, format, types, import contracts, tests. All of them run, whichever fails.

Arguments go to pytest; with any given, only pytest runs. DATABASE_URL makes the server's tests run on PostgreSQL.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = ["pytest", "-q", "-n", "2"]
CHECKS = [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["lint-imports"], PYTEST]


def run(command: list[str]) -> bool:
    """Run one of this environment's programs, print what it was, and return whether it passed."""
    shown = " ".join(command)
    print(f"── {shown}", flush=True)
    began = time.monotonic()
    program = Path(sys.executable).with_name(command[0])
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    passed = subprocess.run([program, *command[1:]], cwd=ROOT, env=environment, check=False).returncode == 0
    print(f"── {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s: {shown}", flush=True)
    return passed


def main(arguments: list[str]) -> int:
    """Run the checks; return 0 only when each passed."""
    checks = [[*PYTEST, *arguments]] if arguments else CHECKS
    results = [run(command) for command in checks]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
