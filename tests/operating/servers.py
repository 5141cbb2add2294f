"""Servers of their own, and the operator's commands, as processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

LONG_S = 90
OURS = ("RACKSIDE_", "DATABASE_URL", "DJANGO_", "PROMETHEUS_")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a server of its own, on SQLite unless told otherwise."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "RACKSIDE_DATA": str(folder), **more}


def command(folder: Path, *arguments: str, stdin: str = "", **more: str) -> tuple[int, dict[str, object]]:
    """Run a command with --json; return its status and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "rackside_server", *arguments, "--json"],
        env=environment(folder, **more), input=stdin, capture_output=True, text=True, timeout=LONG_S, check=False,
    )  # fmt: skip
    said = (done.stdout or done.stderr).strip().splitlines()
    assert said, done
    found: dict[str, object] = json.loads(said[-1])
    return done.returncode, found
