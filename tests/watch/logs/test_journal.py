"""The journal, read with journalctl from files that systemd's own program made of invented entries."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from rackside.watch.logs import journal
from rackside.watch.logs.journal import NO_JOURNAL, NO_PROGRAM, NO_RIGHT, TOO_LONG, Entry, Journal, Position, text_of
from rackside.watch.logs.line import Batch

REMOTE = Path("/lib/systemd/systemd-journal-remote")
BOOT = "0123456789abcdef0123456789abcdef"
START_US = 1_795_000_000_000_000
NOW_S = 1_795_442_000.0
NOBODY = 65_534

needs_systemd = pytest.mark.skipif(
    not REMOTE.exists() or shutil.which("journalctl") is None,
    reason="journalctl and systemd-journal-remote make and read the journals",
)


class Written:
    """A journal in a folder, to which systemd-journal-remote adds entries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._at_us = START_US

    def add(self, *messages: bytes | str, priority: int = 3, name: str = "system.journal") -> None:
        entries = b""
        for message in messages:
            self._at_us += 1_000_000
            raw = message.encode() if isinstance(message, str) else message
            entries += (
                f"__REALTIME_TIMESTAMP={self._at_us}\n__MONOTONIC_TIMESTAMP={self._at_us - START_US}\n_BOOT_ID={BOOT}\n"
                f"PRIORITY={priority}\nSYSLOG_IDENTIFIER=shop\n_SYSTEMD_UNIT=shop.service\nMESSAGE\n"
            ).encode()
            entries += len(raw).to_bytes(8, "little") + raw + b"\n\n"
        command = [str(REMOTE), "-o", str(self.folder / name), "-"]
        subprocess.run(command, input=entries, check=True, capture_output=True)


class Followed:
    """Follows a journal; all that it remembers is what it keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.position = b""
        self.texts: list[str] = []

    def look(self) -> Batch:
        while True:
            batch = Journal(self.folder).read(self.position, NOW_S)
            assert not batch.problem, batch.problem
            self.position = batch.position
            self.texts += [line.text for line in batch.lines]
            if not batch.more:
                return batch


@pytest.fixture
def written(tmp_path: Path) -> Written:
    folder = tmp_path / "journal"
    folder.mkdir()
    return Written(folder)


@needs_systemd
def test_it_begins_now_and_goes_on_from_where_it_stopped(written: Written) -> None:
    written.add("old error")
    followed = Followed(written.folder)
    assert followed.look().lines == []
    written.add("one", "two")
    written.add("only for information", priority=6)
    written.add("three", priority=1)
    batch = followed.look()
    assert followed.texts == ["one", "two", "three"]
    assert [(line.unit, line.level) for line in batch.lines] == [("shop", 3), ("shop", 3), ("shop", 1)]
    assert batch.lines[0].at_s == START_US / 1e6 + 2
    assert followed.look().lines == []
    written.add("four")
    followed.look()
    assert followed.texts == ["one", "two", "three", "four"]


@needs_systemd
def test_the_first_error_after_an_entry_that_is_none_is_not_passed_over(written: Written) -> None:
    written.add("only for information", priority=6)
    followed = Followed(written.folder)
    followed.look()
    written.add("one", "two")
    followed.look()
    assert followed.texts == ["one", "two"]


@needs_systemd
def test_a_journal_that_was_empty_is_read_from_its_first_entry_on(written: Written) -> None:
    written.add("old", priority=7)
    held = msgspec.json.encode(Position(at_us=START_US + 1_500_000))
    written.add("one")
    assert [line.text for line in Journal(written.folder).read(held, NOW_S).lines] == ["one"]


@needs_systemd
def test_a_cursor_whose_entry_was_vacuumed_does_no_harm(written: Written) -> None:
    written.add("gone soon", name="system@1.journal")
    followed = Followed(written.folder)
    followed.look()
    written.add("one", "two")
    (written.folder / "system@1.journal").unlink()
    followed.look()
    assert followed.texts == ["one", "two"]


@needs_systemd
def test_a_cursor_that_is_none_is_replaced_by_the_time_of_the_last_line(written: Written) -> None:
    written.add("zero", "one", "two")
    held = msgspec.json.encode(Position(cursor="nonsense", at_us=START_US + 1_000_001))
    batch = Journal(written.folder).read(held, NOW_S)
    assert [line.text for line in batch.lines] == ["one", "two"]
    assert "The place in the journal was lost" in batch.missed


@needs_systemd
def test_more_than_one_look_may_read_is_read_in_several_without_a_gap(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.add("old")
    followed = Followed(written.folder)
    written.add(*(f"error {number}" for number in range(500)))
    monkeypatch.setattr(journal, "MOST_READ_BYTES", 20_000)
    assert Journal(written.folder).read(followed.position or b"", NOW_S).position
    followed.look()
    written.add(*(f"error {number}" for number in range(500, 1_000)))
    followed.look()
    assert followed.texts == [f"error {number}" for number in range(500, 1_000)]


@needs_systemd
def test_what_cannot_be_caught_up_with_is_passed_over_and_said(written: Written) -> None:
    written.add("old", "older")
    held = msgspec.json.encode(Position(cursor="", at_us=START_US, hurried=journal.MOST_IN_A_HURRY))
    batch = Journal(written.folder).read(held, NOW_S)
    assert batch.lines == []
    assert "passed over" in batch.missed
    assert Journal(written.folder).read(batch.position, NOW_S).lines == []


@needs_systemd
def test_hostile_messages_are_read_as_text_and_the_next_one_is_whole(written: Written) -> None:
    written.add("old")
    followed = Followed(written.folder)
    followed.look()
    written.add(b"\xff\xfe\x00 error \x1b[2J", b"x" * 100_000, 'a "quoted"\nsecond line', "last")
    followed.look()
    assert followed.texts[0].isprintable()
    assert followed.texts[1:] == [TOO_LONG, 'a "quoted" second line', "last"]


@needs_systemd
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody for a moment")
def test_a_journal_that_may_not_be_read_is_said_and_not_taken_for_an_empty_one() -> None:
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        Written(folder).add("an error")
        (folder / "system.journal").chmod(0o600)
        (folder / "of root" / "of a machine").mkdir(parents=True)
        (folder / "of root" / "of a machine").chmod(0o700)
        assert Journal(folder).problem() == ""
        os.seteuid(NOBODY)
        try:
            assert Journal(folder).read(b"", NOW_S) == Batch(problem=NO_RIGHT)
            assert Journal(folder / "of root").read(b"", NOW_S) == Batch(problem=NO_RIGHT)
        finally:
            os.seteuid(0)


def test_where_there_is_no_journal_or_no_journalctl_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Journal(tmp_path).read(b"", NOW_S).problem == NO_PROGRAM
    program = tmp_path / "journalctl"
    program.touch(mode=0o755)
    assert Journal(tmp_path).read(b"", NOW_S).problem == NO_JOURNAL


def journalctl(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """Return a journal that is read with a journalctl of our own, which misbehaves."""
    program = folder / "journalctl"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    (folder / "system.journal").touch()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return Journal(folder)


def test_a_journalctl_that_hangs_or_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "JOURNAL_TIMEOUT_S", 0.2)
    held = msgspec.json.encode(Position(cursor="x"))
    hanging = journalctl(tmp_path, "exec sleep 60", monkeypatch)
    assert "said nothing" in hanging.read(held, NOW_S).problem
    monkeypatch.setattr(journal, "JOURNAL_TIMEOUT_S", 20.0)
    endless = journalctl(tmp_path, "exec yes '{}'", monkeypatch)
    batch = endless.read(held, NOW_S)
    assert (batch.lines, batch.position) == ([], held)
    complaining = journalctl(tmp_path, "echo 'It is \033[1m broken' >&2; exit 1", monkeypatch)
    assert "It is \N{REPLACEMENT CHARACTER}[1m broken" in complaining.read(held, NOW_S).problem


@pytest.mark.parametrize("value", [None, "text", [255, 0, 300], ["a", "b"], [[1, 2], [104, 105]], [], [None]])
def test_a_field_may_be_anything(value: object) -> None:
    assert text_of(value).isprintable()


def test_an_entry_without_a_priority_or_a_name_is_an_error_of_its_unit() -> None:
    raw = b'{"__CURSOR":"c","__REALTIME_TIMESTAMP":"5000000","MESSAGE":[104,105],"_SYSTEMD_UNIT":"a.service"}'
    line = msgspec.json.decode(raw, type=Entry).line()
    assert (line.at_s, line.unit, line.level, line.text) == (5.0, "a.service", 3, "hi")
