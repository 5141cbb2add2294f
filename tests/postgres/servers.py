"""Rackside servers of several processes on PostgreSQL, and the people who use them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rackside.sync.errors import SyncError
from rackside.sync.http import Client
from tests.postgres.cluster import HOST, LONG_S, free_port

ROOT: Final = Path(__file__).parents[2]
OURS: Final = ("RACKSIDE_", "DATABASE_URL", "DJANGO_", "PROMETHEUS_")


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """Return the environment of a server on a database, free of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "RACKSIDE_DATA": str(folder), "DATABASE_URL": database_url}


def run(folder: Path, database_url: str, *words: str, stdin: str = "") -> str:
    """Run one of our modules to its end; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT, env=environment(folder, database_url), input=stdin, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    return done.stdout


def populate(folder: Path, database_url: str, groups: int, members: int) -> list[dict[str, str]]:
    """Make the tables, groups that everybody follows, and members; return the id and token of each."""
    run(folder, database_url, "rackside_server", "migrate")
    found: list[dict[str, str]] = json.loads(
        run(folder, database_url, "tests.postgres.people", str(groups), str(members))
    )
    return found


class Server:
    """`rackside-server serve` with several workers."""

    def __init__(self, folder: Path, database_url: str, *, workers: int = 2) -> None:
        """Prepare; nothing runs yet."""
        self.folder, self.database_url, self.workers = folder, database_url, workers
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.log = folder.parent / f"{folder.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=ROOT, env=environment(self.folder, self.database_url), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until_s = time.monotonic() + LONG_S
        while not self.is_up():
            assert time.monotonic() < until_s, self.log.read_text()[-2_000:]
            assert self._process.poll() is None, self.log.read_text()[-2_000:]
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it with all its workers."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def processes(self) -> list[int]:
        """Return the ids of its workers."""
        assert self._process is not None
        return _offspring(self._process.pid)

    def command(self) -> list[str]:
        """Return the command that starts it."""
        serve = ["-m", "rackside_server", "serve", "--port", str(self.port), "--workers", str(self.workers)]
        return [sys.executable, *serve]

    def is_up(self) -> bool:
        """Say whether it answers."""
        client = Client(self.url)
        try:
            client.about()
        except SyncError:
            return False
        else:
            return True
        finally:
            client.close()


def _offspring(parent: int) -> list[int]:
    """Return all processes below one that are the server's workers: the leaves."""
    children = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    found: list[int] = []
    for child in children:
        found += _offspring(child) or [child]
    return found
