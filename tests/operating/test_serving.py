"""A server of several processes: they count together, and say how they are while and after they run."""

import json
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from rackside_server.configuration import MEASURES_FOLDER
from tests.operating.servers import Server, command, serving

ASKED = 24


def test_several_processes_count_together_and_status_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert command(folder, "migrate")[0] == 0
    with serving(folder) as server:
        check_that_they_count_together(folder, server)


def check_that_they_count_together(folder: Path, server: Server) -> None:
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
    status, said = command(folder, "status")
    assert status == 0
    figures = said["figures"]
    assert isinstance(figures, dict)
    assert figures["processes"] >= 2
    assert figures["requests"]["2xx"] > ASKED
    assert server.stop() == 0
    status, said = command(folder, "status")
    assert status == 0
    assert isinstance(said["figures"], dict)
    assert said["figures"]["processes"] == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    answered = [line for line in lines if line.get("path") == "/api/about"]
    assert len({line["request"] for line in answered}) == len(answered) == ASKED
    assert (folder / MEASURES_FOLDER).stat().st_mode & 0o777 == 0o700
