"""Jobs that say that they were done: in the folder and through the server, judged by the same rule."""

import os
import stat
import time
from pathlib import Path

import pytest

from rackside import paths
from rackside.cli import main
from rackside.store import Store, documents, mirror, server_clock
from rackside.watch.checks.check import Result
from rackside.watch.checks.heartbeat import Heartbeat, Sign, judge, read, said, spool
from rackside.watch.checks.run import run
from rackside_protocol import heartbeats as wire
from rackside_protocol.ids import new_id
from tests.store.pages import ALICE, fill

NOW_S = 1_800_000_000.0
DAY_S = 86_400.0
HOUR_S = 3_600.0


def level(state: wire.BeatState, age_s: float, *, within_s: float = DAY_S, grace_s: float = HOUR_S) -> str:
    return judge(state, NOW_S - age_s, NOW_S, within_s=within_s, grace_s=grace_s).level


class TestJudging:
    def test_a_sign_may_be_as_old_as_agreed_and_the_grace_beyond(self) -> None:
        assert level("ok", DAY_S) == level("ok", DAY_S + HOUR_S) == "ok"
        assert level("ok", DAY_S + HOUR_S + 1) == "critical"

    def test_a_job_that_began_has_to_end_in_time(self) -> None:
        assert level("start", DAY_S) == "ok"
        found = judge("start", NOW_S - DAY_S - 1, NOW_S, within_s=DAY_S, grace_s=HOUR_S, message="full run")
        assert found.level == "critical"
        assert found.sentence == "The job began 24 hours ago and has not ended: full run"
        assert found.values == {"age": (DAY_S + 1, "s")}

    def test_a_failure_is_one_however_old(self) -> None:
        assert {level("fail", age_s) for age_s in (0, DAY_S, 400 * DAY_S)} == {"critical"}

    def test_one_that_never_came_is_waited_for_and_then_missed(self) -> None:
        assert level("never", HOUR_S) == "unknown"
        assert level("never", DAY_S + HOUR_S + 1) == "critical"

    def test_a_clock_that_is_a_little_ahead_is_none_and_one_far_ahead_hides_nothing_as_well(self) -> None:
        assert level("ok", -30) == "ok"
        assert judge("ok", NOW_S + 30, NOW_S, within_s=60, grace_s=0).values["age"][0] == 0
        for state in ("ok", "start", "fail"):
            assert level(state, -2 * DAY_S) == "unknown"


@pytest.mark.parametrize(
    ("content", "heard"),
    [
        (b"", ("ok", "")),
        (b"ok\n", ("ok", "")),
        (b"ok 4 GiB\nand more", ("ok", "4 GiB")),
        (b"start", ("start", "")),
        (b"fail no space left on device\r\n", ("fail", "no space left on device")),
        (b"FAIL: twice", ("fail", "twice")),
        (b"0\n", ("ok", "")),
        (b"1", ("fail", "exit code 1")),
        (b"137\n", ("fail", "exit code 137")),
        (b"-1073741510\r\n", ("fail", "exit code -1073741510")),
        (b"1800000000", ("ok", "1800000000")),
        (b"12 files copied", ("ok", "12 files copied")),
        (b"Mon Nov 23 14:29:02 UTC 2026", ("ok", "Mon Nov 23 14:29:02 UTC 2026")),
        (b"failures: none", ("ok", "failures: none")),
        ("fail Platte voll\r\n".encode("utf-16"), ("fail", "Platte voll")),
        (b"\xff\xfef\x00a\x00i\x00l\x00 \x00x", ("fail", "\N{REPLACEMENT CHARACTER}")),
        (b"\xef\xbb\xbffail x", ("fail", "x")),
        (b"\n\nfail late", ("fail", "late")),
        (b"fail \x1b[2J\x07", ("fail", "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}")),
        (b"\0" * 5_000, ("ok", "\N{REPLACEMENT CHARACTER}" * 200)),
        (b"fail " + b"x" * 9_000, ("fail", "x" * 195)),
        ("٣".encode(), ("ok", "٣")),
        (b"9" * 4_000, ("ok", "9" * 200)),
    ],
)
def test_the_first_line_says_how_it_went(content: bytes, heard: tuple[str, str]) -> None:
    assert said(content) == heard


def at(seconds_ago: float, path: Path) -> Path:
    os.utime(path, (time.time() - seconds_ago,) * 2)
    return path


def written(name: str, text: str = "", seconds_ago: float = 0.0) -> Path:
    path = spool() / name
    path.write_text(text, encoding="utf-8")
    return at(seconds_ago, path)


class TestFolder:
    def test_it_is_the_persons_own(self) -> None:
        assert spool() == paths.home() / "heartbeats"
        assert stat.S_IMODE(spool().stat().st_mode) == 0o700

    def test_a_job_touches_its_file_in_time_or_is_missed(self) -> None:
        check = Heartbeat(name="backup", within_s=60, grace_s=10)
        written("backup", seconds_ago=50)
        assert run(check).level == "ok"
        assert 50 <= run(check).values["age"][0] < 60
        written("backup", seconds_ago=71)
        assert run(check).level == "critical"

    def test_a_failure_is_told_in_the_jobs_own_words(self) -> None:
        written("backup", "fail repository is locked")
        assert run(Heartbeat(name="backup")).sentence == "The job failed 1 minute ago: repository is locked"

    def test_one_that_never_came_is_missed_from_when_it_was_asked_for(self) -> None:
        check = Heartbeat(name="backup", within_s=60, grace_s=10)
        assert run(check).level == "unknown"
        at(71, spool() / ".backup")
        assert run(check).level == "critical"
        written("backup")
        assert run(check).level == "ok"

    def test_one_dated_in_the_future_counts_from_when_it_came(self) -> None:
        written("backup", seconds_ago=-400 * DAY_S)
        result = run(Heartbeat(name="backup"))
        assert (result.level, result.values["age"][0] < HOUR_S) == ("ok", True)
        later_s = time.time() + 3 * DAY_S
        sign = read(spool() / "backup", later_s)
        assert sign is not None
        assert judge(sign.state, sign.at_s, later_s, within_s=DAY_S, grace_s=HOUR_S).level == "critical"

    def test_another_folder_is_looked_in_and_one_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        folder = tmp_path / "shared"
        assert run(Heartbeat(name="backup", folder=str(folder))).level == "unknown"
        assert not folder.exists()
        folder.mkdir()
        (folder / "backup").touch()
        assert run(Heartbeat(name="backup", folder=str(folder))).level == "ok"

    def test_what_is_no_plain_file_is_not_read(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("fail hunter2", encoding="utf-8")
        (spool() / "link").symlink_to(secret)
        (spool() / "endless").symlink_to("/dev/zero")
        (spool() / "folder").mkdir()
        os.mkfifo(spool() / "pipe")
        for name in ("link", "endless", "folder", "pipe"):
            began = time.monotonic()
            result = run(Heartbeat(name=name))
            assert (result.level, "hunter2" in result.sentence) == ("unknown", False)
            assert time.monotonic() - began < 10, "no pipe is waited for"

    @pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "a\\b", "a\n", "\x1b", "x" * 81])
    def test_what_is_no_plain_name_is_no_check(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "once", "heartbeat", name]) == 3
        assert capsys.readouterr().out.startswith("UNKNOWN - This cannot be checked")

    def test_the_command_line_speaks_as_a_monitoring_plugin(self, capsys: pytest.CaptureFixture[str]) -> None:
        written("backup", seconds_ago=100)
        asked = ["check", "once", "heartbeat", "backup", "--within-s"]
        assert main([*asked, "3600"]) == 0
        assert capsys.readouterr().out.startswith("OK - The job was last heard of 2 minutes ago | age=10")
        assert main([*asked, "60", "--grace-s", "0"]) == 2
        assert main([*asked, "-5"]) == 3
        capsys.readouterr()


class TestServer:
    """The server's clock is `ahead_s` ahead of ours, and was asked `synced_ago_s` ago."""

    def hold(
        self, folder: Path, state: wire.BeatState, age_s: float, *, synced_ago_s: float = 0, ahead_s: float = 0
    ) -> None:
        now_s = time.time()
        held = wire.Heartbeat(
            id=new_id(),
            name="backup",
            address="/beat/x",
            last_ms=int((now_s + ahead_s - age_s) * 1_000) if state != "never" else 0,
            last_state=state,
            created_ms=int((now_s + ahead_s - age_s) * 1_000),
        )
        with Store.open(folder) as store:
            fill(store, held, channel=f"me:{ALICE}")
            mirror.confirm(store)
            store.cache.execute("UPDATE channels SET synced_ms = synced_ms - ?", (int(synced_ago_s * 1_000),))
            server_clock.note(folder, int((time.time() + ahead_s) * 1_000))

    def look(self) -> Result:
        return run(Heartbeat(name="backup", through="server", within_s=1_000, grace_s=100))

    def test_what_the_server_heard_is_judged(self, tmp_path: Path) -> None:
        self.hold(tmp_path, "ok", 500)
        assert self.look().level == "ok"

    @pytest.mark.parametrize(("state", "age_s"), [("ok", 1_200), ("start", 1_050), ("fail", 1), ("never", 1_200)])
    def test_what_it_did_not_hear_in_time_is_missed(self, state: wire.BeatState, age_s: float, tmp_path: Path) -> None:
        self.hold(tmp_path, state, age_s)
        assert self.look().level == "critical"

    @pytest.mark.parametrize("ahead_s", [-7 * DAY_S, -5_000, 5_000, 7 * DAY_S])
    def test_clocks_that_differ_make_no_job_late_and_hide_none(
        self, ahead_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for age_s, level in ((500, "ok"), (1_200, "critical")):
            folder = tmp_path / level
            folder.mkdir()
            monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
            self.hold(folder, "ok", age_s, ahead_s=ahead_s)
            assert self.look().level == level

    @pytest.mark.parametrize(("age_s", "synced_ago_s"), [(1_300, 900), (1_200, 1_150), (50_000, 49_000)])
    def test_a_server_that_was_not_reached_misses_no_job(
        self, age_s: float, synced_ago_s: float, tmp_path: Path
    ) -> None:
        self.hold(tmp_path, "ok", age_s, synced_ago_s=synced_ago_s)
        result = self.look()
        assert result.level == "unknown"
        assert result.sentence.startswith("The community's server was not reached since ")

    def test_what_was_late_when_it_was_reached_is_late_while_that_may_be_believed(self, tmp_path: Path) -> None:
        self.hold(tmp_path, "ok", 1_800, synced_ago_s=600)
        assert self.look().level == "critical"

    def test_what_is_not_known_here_is_said_with_the_way_to_it(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            assert documents.of_kind(store, wire.Heartbeat) == []
        result = self.look()
        assert result.level == "unknown"
        assert "rackside heartbeats --add" in result.sentence

    def test_a_clock_that_hardly_differs_is_not_written_again(self, tmp_path: Path) -> None:
        server_clock.note(tmp_path, int(time.time() * 1_000) + 60_000)
        held = (tmp_path / server_clock.NAME).stat().st_mtime_ns
        server_clock.note(tmp_path, int(time.time() * 1_000) + 60_100)
        assert (tmp_path / server_clock.NAME).stat().st_mtime_ns == held
        assert server_clock.ahead_s(tmp_path) == pytest.approx(60, abs=1)
        (tmp_path / server_clock.NAME).write_bytes(b"\xff" * 99)
        assert server_clock.ahead_s(tmp_path) == 0


def test_no_sign_is_none(tmp_path: Path) -> None:
    assert read(tmp_path / "absent", NOW_S) is None
    (tmp_path / "there").write_text("start", encoding="utf-8")
    assert isinstance(read(tmp_path / "there", time.time()), Sign)
