"""A job, the real server, her console, its check and the command line, from end to end."""

import json
from http import HTTPStatus

import pytest

from rackside import paths, settings
from rackside.cli import main
from rackside.store import documents, outbox
from rackside.watch.checks.heartbeat import Heartbeat
from rackside.watch.checks.run import run
from rackside_protocol import heartbeats as wire
from rackside_server.feed import clock
from tests.kernel.cast import Actor
from tests.kernel.console import Console, MakeConsole
from tests.kernel.transport import TEST_ORIGIN, request

pytestmark = pytest.mark.django_db
Said = dict[str, str | int | float]


@pytest.fixture
def hers(alice: Actor, console: MakeConsole, monkeypatch: pytest.MonkeyPatch) -> Console:
    """Alice's console, whose folder is this machine's home."""
    made = console(alice)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(made.store.folder))
    settings.save(made.store.folder, settings.Settings(server_url=TEST_ORIGIN))
    return made


def command(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    assert main(["heartbeats", "--json", *words]) == 0
    said: Said = json.loads(capsys.readouterr().out)
    return said


def listed(capsys: pytest.CaptureFixture[str]) -> list[Said]:
    return command(capsys)["heartbeats"]  # type: ignore[return-value]


def test_it_is_added_copied_beaten_watched_renewed_and_removed(
    hers: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Heartbeat(name="db dump", through="server", within_s=60, grace_s=10)
    assert run(check).level == "unknown"
    command(capsys, "--add", "db dump")
    assert [entry.kind for entry in outbox.pending(hers.store)] == ["heartbeats.register"]
    assert listed(capsys) == []
    hers.syncs()
    [entry] = listed(capsys)
    address = str(entry["address"])
    assert address.startswith(f"{TEST_ORIGIN}/beat/")
    assert run(check).sentence.endswith("nothing came yet")

    for end, level, sentence in (
        ("/start", "ok", "began"),
        ("", "ok", "last heard of"),
        ("/3", "critical", "exit code 3"),
    ):
        assert request("POST", address.removeprefix(TEST_ORIGIN) + end).status == HTTPStatus.OK
        hers.syncs()
        found = run(check)
        assert (found.level, sentence in found.sentence) == (level, True)
    [entry] = listed(capsys)
    assert (entry["state"], entry["message"], entry["count"]) == ("fail", "exit code 3", 3)

    command(capsys, "--renew", "db dump")
    hers.syncs()
    [renewed] = listed(capsys)
    assert request("GET", address.removeprefix(TEST_ORIGIN)).status == HTTPStatus.NOT_FOUND
    assert request("GET", str(renewed["address"]).removeprefix(TEST_ORIGIN)).status == HTTPStatus.OK

    command(capsys, "--remove", "db dump")
    hers.syncs()
    assert listed(capsys) == []
    assert request("GET", str(renewed["address"]).removeprefix(TEST_ORIGIN)).status == HTTPStatus.NOT_FOUND


def test_a_server_whose_clock_is_a_week_off_makes_no_job_late(
    hers: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    check = Heartbeat(name="dump", through="server", within_s=60, grace_s=10)
    for off_ms in (-7 * 86_400_000, 7 * 86_400_000):
        with clock.at(clock.now_ms() + off_ms):
            if not listed(capsys):
                command(capsys, "--add", "dump")
                hers.syncs()
            request("POST", documents.of_kind(hers.store, wire.Heartbeat)[0].address)
            hers.syncs()
        found = run(check)
        assert (found.level, found.values["age"][0] < 60) == ("ok", True)


@pytest.mark.parametrize("words", [("--add", "../up"), ("--remove", "absent"), ("--renew", "absent")])
def test_what_cannot_be_done_is_said_and_not_queued(
    words: tuple[str, str], hers: Console, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["heartbeats", *words]) == 1
    assert capsys.readouterr().err.startswith("rackside: ")
    assert outbox.pending(hers.store) == []


def test_the_list_says_where_jobs_of_this_machine_write(hers: Console, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heartbeats"]) == 0
    assert f"touch files in {hers.store.folder / 'heartbeats'}" in capsys.readouterr().out
