"""A server of several processes: they count together, and say how they are while and after they run."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from rackside_server.configuration import MEASURES_FOLDER
from tests.operating.servers import LONG_S, command, environment

ASKED = 24
LOOK_EVERY_S = 0.1


@dataclass
class Server:
    """A server in processes of its own; what it says goes into a file."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    log: Path

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


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(LOOK_EVERY_S)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of two processes."""
    folder, log = tmp_path / "data", tmp_path / "log"
    assert command(folder, "migrate")[0] == 0
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "rackside_server", "serve", "--port", "0", "--workers", "2"],
            env=environment(folder), stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
    listening = re.compile(rb"http://127\.0\.0\.1:(\d+)")
    until(lambda: listening.search(log.read_bytes()) or process.poll() is not None)
    found = listening.search(log.read_bytes())
    assert found, log.read_text()
    made = Server(folder, int(found[1]), process, log)
    until(made.is_up)
    yield made
    if process.poll() is None:
        process.kill()
        process.wait(LONG_S)


def test_several_processes_count_together_and_status_reads_them(server: Server) -> None:
    for _ in range(ASKED):
        assert server.get("/api/about")[0] == 200
    status, body = server.get("/metrics")
    assert status == 200
    counted = {
        tuple(sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
        if sample.name == "rackside_requests_total"
    }
    assert counted["api/about", "2xx"] == ASKED
    status, said = command(server.folder, "status")
    assert status == 0
    figures = said["figures"]
    assert isinstance(figures, dict)
    assert figures["processes"] >= 2
    assert figures["requests"]["2xx"] > ASKED
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(LONG_S) == 0
    status, said = command(server.folder, "status")
    assert status == 0
    assert isinstance(said["figures"], dict)
    assert said["figures"]["processes"] == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    answered = [line for line in lines if line.get("path") == "/api/about"]
    assert len({line["request"] for line in answered}) == len(answered) == ASKED
    assert (server.folder / MEASURES_FOLDER).stat().st_mode & 0o777 == 0o700
