"""The command line: each command for a person and as JSON, without a window and without Qt."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from unittest.mock import ANY

import pytest

from rackside import paths
from rackside.cli import main
from rackside.store import Store, local, outbox, trials
from rackside.store.trials import Trial
from rackside.watch.model import Alert
from rackside_protocol.answers import ReportOutcome
from rackside_protocol.threads import Ask

SIGNATURE = "disk.used/ext4/"
ASKING = ("ask", "Why is /var full?", "--group", "linux-servers", "--body", "df says 100 %.", "--tag", "disk")


@pytest.fixture
def alert(tmp_path: Path) -> Alert:
    raised = Alert(
        id="0" * 32,
        kind="disk.used",
        component="/var",
        severity="critical",
        summary="/var is 99 % full",
        signature=SIGNATURE,
        reading="disk.used /var",
        value=99.0,
        raised_at_s=1_750_000_000.0,
    )
    with Store.open(tmp_path) as store:
        local.put_alert(store, raised)
    return raised


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def as_text(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def failing(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.rstrip().endswith(".")
    assert "Traceback" not in heard.err
    return heard.err


def test_status_says_how_the_machine_is(capsys: pytest.CaptureFixture[str], alert: Alert) -> None:
    said = as_json(capsys, "status")
    assert isinstance(said, dict)
    assert 0 <= said["readings"]["memory.used_share"]["value"] <= 100
    assert [each["id"] for each in said["alerts"]] == [alert.id]
    assert (said["threads"], said["outbox"]) == (0, 0)
    assert "1 open alerts · 0 threads offline · 0 in the outbox" in as_text(capsys, "status")


def test_alerts_are_listed(capsys: pytest.CaptureFixture[str], alert: Alert) -> None:
    [listed] = as_json(capsys, "alerts")  # type: ignore[misc]
    assert (listed["id"], listed["severity"], listed["signature"]) == (alert.id, "critical", SIGNATURE)
    assert alert.summary in as_text(capsys, "alerts")


def test_without_anything_to_tell_a_sentence_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_text(capsys, "alerts").count(" ") > 2
    assert as_text(capsys, "outbox").count(" ") > 2
    assert as_text(capsys, "answers", "no such words").count(" ") > 2
    assert [as_json(capsys, *each) for each in (("alerts",), ("outbox",), ("answers", "x"))] == [[], [], []]


def test_answers_need_a_text_or_an_alert_that_is_there(capsys: pytest.CaptureFixture[str], alert: Alert) -> None:
    assert "--alert" in failing(capsys, "answers")
    assert "--alert" in failing(capsys, "answers", "words", "--alert", alert.id)
    assert "no alert 77" in failing(capsys, "answers", "--alert", "77")
    first = as_json(capsys, "answers", "--alert", alert.id, "--limit", "1")
    assert first == [{"thread": "first:disk.used", "title": "A file system is nearly full", "why": ANY}]


def test_a_question_waits_in_the_outbox(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = as_json(capsys, *ASKING)
    with Store.open(tmp_path) as store:
        [waiting] = outbox.pending(store)
    assert isinstance(waiting.action, Ask)
    assert said == {"action": waiting.action.id}
    assert (waiting.action.title, waiting.action.tags) == ("Why is /var full?", ["disk"])
    [listed] = as_json(capsys, "outbox")  # type: ignore[misc]
    assert (listed["id"], listed["state"]) == (waiting.action.id, "queued")
    assert waiting.action.id in as_text(capsys, "outbox")


def test_a_question_is_read_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("From a pipe."))
    as_text(capsys, *ASKING[:4])
    with Store.open(tmp_path) as store:
        [waiting] = outbox.pending(store)
    assert isinstance(waiting.action, Ask)
    assert waiting.action.body == "From a pipe."


def test_a_question_that_nobody_would_take_is_not_queued(capsys: pytest.CaptureFixture[str]) -> None:
    failing(capsys, "ask", "no", "--group", "linux-servers", "--body", "x")
    assert as_json(capsys, "outbox") == []


def test_sync_without_a_server_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not connected" in failing(capsys, "sync")
    assert main(["sync", "--json"]) == 1
    assert "not connected" in json.loads(capsys.readouterr().err)["error"]


def test_doctor_has_a_remedy_for_everything_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    findings = as_json(capsys, "doctor")
    assert isinstance(findings, list)
    assert {"Python", "SQLite", "Data folder", "Keyring", "Ping"} <= {each["what"] for each in findings}
    assert all(each["remedy"] for each in findings if each["verdict"] == "missing")
    assert "Data folder" in as_text(capsys, "doctor")


def test_export_writes_what_is_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    as_text(capsys, *ASKING)
    file = tmp_path / "mine.json"
    assert str(file) in as_text(capsys, "export", str(file))
    assert "Why is /var full?" in file.read_text()
    assert isinstance(json.loads(file.read_text()), dict)
    assert as_json(capsys, "export", str(file)) == {"file": str(file), "size_bytes": len(file.read_text()) - 1}
    assert "cannot be written" in failing(capsys, "export", str(tmp_path / "nowhere" / "mine.json"))


@pytest.mark.parametrize("command", [("status",), ("alerts",), ("answers", "x"), ASKING, ("outbox",), ("sync",)])
def test_no_command_that_draws_nothing_loads_qt(command: tuple[str, ...]) -> None:
    program = (
        "import sys; from rackside.cli import main; main(sys.argv[1:]);"
        "sys.exit(99 * any(name.startswith('PySide6') for name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", program, *command, "--json"], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout or ended.stderr) is not None


@pytest.mark.parametrize("place", ["before", "after"])
def test_another_folder_may_be_named_before_or_after_the_command(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "other"))
    named = ["--home", str(tmp_path / "named")]
    assert main([*named, "outbox"] if place == "before" else ["outbox", *named]) == 0
    assert (tmp_path / "named").exists()
    assert not (tmp_path / "other").exists()
    capsys.readouterr()


def test_what_is_tried_is_listed(tmp_path: Path, alert: Alert, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(tmp_path) as store:
        trials.start(store, Trial(alert.id, "2" * 32, "1" * 32, SIGNATURE, alert.summary, alert.raised_at_s))
    assert main(["outcomes"]) == 0
    assert "being tried on: /var is 99 % full" in capsys.readouterr().out


def test_a_report_is_taken_back_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(tmp_path) as store:
        outbox.put(store, ReportOutcome(id="3" * 32, signature=SIGNATURE, cleared=True, stayed_h=24))
    assert main(["outcomes"]) == 0
    assert "1. disk.used/ext4/\n   stayed clear for a day" in capsys.readouterr().out
    assert main(["outcomes", "--take-back", "2"]) == 1
    assert main(["outcomes", "--take-back", "1"]) == 0
    capsys.readouterr()
    assert as_json(capsys, "outcomes") == {"tried": [], "reported": []}
