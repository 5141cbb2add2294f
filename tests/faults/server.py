"""The real server in a process of its own, on a port that it keeps, so that it can be killed and started again."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from rackside.sync.embedded import EmbeddedServer
from rackside.sync.errors import SyncError
from rackside.sync.http import Client
from rackside_protocol.sync import SyncRequest

ROOT: Final = Path(__file__).parents[2]
STARTS_WITHIN_S: Final = 60.0
LOOK_EVERY_S: Final = 0.01
HOST: Final = "127.0.0.1"
ROWS: Final = """
    SELECT name, epoch, version, object_id, payload IS NOT NULL AS there
    FROM feed_feedrow JOIN feed_channel ON feed_channel.id = channel_id
"""


class RealServer:
    """`rackside-server serve` with the demo community; its owner is signed in by `token`."""

    def __init__(self, folder: Path, *, module: str = "rackside_server", demo: bool = True) -> None:
        """Prepare the data; `module` is another program to run in place of the server, for a twin."""
        self.folder = folder
        self._log = folder.parent / f"{folder.name}.log"
        self._module = module
        first = EmbeddedServer(folder, demo=demo)
        try:
            self.token = first.wait().access_token
        finally:
            first.stop()
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://{HOST}:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it, and wait until it answers."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill it."""
        self.kill()

    def start(self) -> float:
        """Start it; return the seconds from then to its first answer to a sync."""
        command = [sys.executable, "-m", self._module, "serve", "--data", str(self.folder), "--port", str(self.port)]
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        while time.monotonic() < began + STARTS_WITHIN_S and self._process.poll() is None:
            if self._listens() and self._answers():
                return time.monotonic() - began
            time.sleep(LOOK_EVERY_S)
        raise AssertionError(self._log.read_text()[-2_000:])

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def _answers(self) -> bool:
        client = Client(self.url, self.token)
        try:
            client.sync(SyncRequest())
        except SyncError:
            return False
        else:
            return True
        finally:
            client.close()

    def kill(self) -> None:
        """End it with all its workers by SIGKILL."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @contextmanager
    def running(self, module: str) -> Iterator[None]:
        """Run another program in its place within the block, on its data and its port."""
        before, self._module = self._module, module
        self.kill()
        self.start()
        try:
            yield
        finally:
            self._module = before
            self.kill()
            self.start()

    def operate(self, *words: str) -> str:
        """Do something to its data beside it; return what that printed. See `operator.py`."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.operator", *words],
            cwd=ROOT,
            env={**os.environ, "RACKSIDE_DATA": str(self.folder)},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return done.stdout

    def digests(self) -> dict[str, int]:
        """Return the digest of each channel, as the server keeps it."""
        with closing(sqlite3.connect(next(self.folder.glob("*.db")))) as connection:
            return dict(connection.execute("SELECT name, digest FROM feed_channel"))

    def feed(self) -> list[tuple[str, str, int, str, bool]]:
        """Read the feed from the server's own file: channel, epoch, version, document, and whether it is there."""
        with closing(sqlite3.connect(next(self.folder.glob("*.db")))) as connection:
            return connection.execute(ROWS).fetchall()
