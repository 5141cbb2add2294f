"""Servers of their own, and the operator's commands, as processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

LONG_S = 90
LOOK_EVERY_S = 0.1
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


@dataclass
class Server:
    """A server in processes of its own; what it says goes into a file."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask on a connection of its own, so that any process may answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONG_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def is_up(self) -> bool:
        try:
            return self.get("/health")[0] == 200
        except OSError:
            return False

    def stop(self) -> int:
        """Stop it as systemd does; return its status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONG_S)


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(LOOK_EVERY_S)


@contextmanager
def serving(folder: Path, *, port: int = 0, workers: int = 2) -> Iterator[Server]:
    """Serve a data folder within the block."""
    log = folder.with_name(f"{folder.name}-{time.monotonic_ns()}.log")
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "rackside_server", "serve", "--port", str(port), "--workers", str(workers)],
            env=environment(folder), stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        listening = re.compile(rb"http://127\.0\.0\.1:(\d+)")
        until(lambda: listening.search(log.read_bytes()) or process.poll() is not None)
        found = listening.search(log.read_bytes())
        assert found, log.read_text()
        made = Server(int(found[1]), process, log)
        until(made.is_up)
        yield made
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(LONG_S)
