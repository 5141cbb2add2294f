"""Classic files, rotated in every way: no line is lost and none comes twice."""

import gzip
import itertools
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rackside.watch.logs import files
from rackside.watch.logs.files import NOT_THERE, File, classic
from rackside.watch.logs.limits import LINE_BYTES, MOST_BEHIND_BYTES, MOST_READ_BYTES
from rackside.watch.logs.line import Batch

NOW_S = 1_795_442_000.0
NOBODY = 65_534


class Written:
    """A log file that is written and rotated as syslog and logrotate do it; each line is numbered."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "app.log"
        self.path.touch()
        self._numbers = itertools.count()
        self._clock_ns = int(NOW_S * 10**9)
        self.all: list[str] = []
        self._touch()

    def _touch(self) -> None:
        """The clock of a file system stands still for some ms; between two looks of ours it never does."""
        self._clock_ns += 10**9
        os.utime(self.path, ns=(self._clock_ns, self._clock_ns))

    def append(self, count: int = 1) -> None:
        texts = [f"error number {next(self._numbers)} of all" for _ in range(count)]
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{text}\n" for text in texts)
        self.all += texts
        self._touch()

    def shift(self) -> None:
        """Make room for a new .1, as logrotate does; none is thrown away."""
        for number in range(60, 0, -1):
            for end in ("", ".gz"):
                held = self.path.with_name(f"app.log.{number}{end}")
                with suppress(FileNotFoundError):
                    held.rename(self.path.with_name(f"app.log.{number + 1}{end}"))

    def rotate(self, *, create: bool = True) -> None:
        self.shift()
        self.path.rename(self.path.with_name("app.log.1"))
        if create:
            self.path.touch()
            self._touch()

    def copy_and_truncate(self) -> None:
        self.shift()
        shutil.copy2(self.path, self.path.with_name("app.log.1"))
        os.truncate(self.path, 0)
        self._touch()

    def compress(self, number: int = 1) -> None:
        plain = self.path.with_name(f"app.log.{number}")
        packed = self.path.with_name(f"app.log.{number}.gz")
        if not plain.exists():
            return
        with plain.open("rb") as file, gzip.open(packed, "wb") as into:
            shutil.copyfileobj(file, into)
        shutil.copystat(plain, packed)
        plain.unlink()


class Followed:
    """Follows a file as the program does: all that it remembers is what it keeps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = b""
        self.texts: list[str] = []
        self.missed: list[str] = []
        self.look()

    def look(self) -> Batch:
        while True:
            batch = File(self.path).read(self.position, NOW_S + 10**6)
            assert batch.problem in {"", NOT_THERE.format(path=self.path)}, batch.problem
            self.position = batch.position
            self.texts += [line.text for line in batch.lines]
            self.missed += [batch.missed] if batch.missed else []
            if not batch.more:
                return batch


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def test_it_begins_at_the_end_and_goes_on_from_where_it_stopped(written: Written) -> None:
    written.append(3)
    followed = Followed(written.path)
    assert followed.texts == []
    written.append(2)
    followed.look()
    written.append(1)
    followed.look()
    followed.look()
    assert followed.texts == written.all[3:]


def test_a_line_that_is_not_whole_is_waited_for(written: Written) -> None:
    followed = Followed(written.path)
    for piece in ("error nu", "mber o", "ne\nerror"):
        with written.path.open("a", encoding="utf-8") as file:
            file.write(piece)
        followed.look()
    assert followed.texts == ["error number one"]


def test_what_is_written_to_the_old_file_before_the_new_one_is_used_is_read(written: Written) -> None:
    followed = Followed(written.path)
    written.append()
    followed.look()
    written.rotate()
    followed.look()
    for piece in ("error sa", "id late\n"):
        with written.path.with_name("app.log.1").open("a", encoding="utf-8") as late:
            late.write(piece)
        followed.look()
    written.append()
    followed.look()
    assert followed.texts == [written.all[0], "error said late", written.all[1]]


def test_a_file_that_comes_later_is_read_from_its_beginning(tmp_path: Path) -> None:
    followed = Followed(tmp_path / "app.log")
    assert followed.look().problem == NOT_THERE.format(path=tmp_path / "app.log")
    written = Written(tmp_path)
    written.append(2)
    assert not followed.look().problem
    assert followed.texts == written.all


@pytest.mark.parametrize("name", ["app.log-20261123", "app.log-20261123.gz", "app.log.2026112314", "app.log.old"])
def test_it_is_found_under_each_name_that_is_given_to_old_logs(written: Written, name: str) -> None:
    followed = Followed(written.path)
    written.append(2)
    followed.look()
    written.append(2)
    written.rotate()
    old = written.path.with_name("app.log.1")
    if name.endswith(".gz"):
        written.compress()
        old = written.path.with_name("app.log.1.gz")
    old.rename(written.path.with_name(name))
    written.append(2)
    followed.look()
    assert followed.texts == written.all


def test_a_file_that_was_emptied_and_filled_beyond_the_place_is_read_anew_and_said(written: Written) -> None:
    followed = Followed(written.path)
    written.append()
    followed.look()
    os.truncate(written.path, 0)
    written.append(10)
    followed.look()
    assert followed.texts == written.all
    assert followed.missed == [f"{written.path} was emptied, or rotated away before it was read to its end."]


def test_three_rotations_while_the_program_was_off_are_read_in_order(written: Written) -> None:
    followed = Followed(written.path)
    written.append(2)
    followed.look()
    for _ in range(3):
        written.append(3)
        written.compress()
        written.rotate()
    written.append(1)
    followed.look()
    assert followed.texts == written.all
    assert followed.missed == []


def test_a_packed_file_that_is_damaged_does_not_stop_it(written: Written) -> None:
    followed = Followed(written.path)
    written.append(2)
    followed.look()
    written.rotate()
    written.compress()
    packed = written.path.with_name("app.log.1.gz")
    packed.write_bytes(packed.read_bytes()[:-20] + os.urandom(10))
    written.append()
    followed.look()
    assert followed.texts == written.all


class Rotations(RuleBasedStateMachine):
    """Whatever is done to a log, and whenever it is looked at, each line comes once and in order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.written = Written(Path(self.folder.name))
        self.followed = Followed(self.written.path)

    def teardown(self) -> None:
        with self.folder:
            self.looks()

    @rule(count=st.integers(1, 200))
    def appends(self, count: int) -> None:
        self.written.append(count)

    @rule()
    def rotates(self) -> None:
        self.written.rotate()

    @rule()
    def rotates_and_creates_later(self) -> None:
        self.written.rotate(create=False)
        self.followed.look()
        self.written.path.touch()
        self.written._touch()

    @rule()
    def rotates_and_compresses_at_once(self) -> None:
        self.written.rotate()
        self.written.compress()

    @rule(number=st.integers(1, 3))
    def compresses(self, number: int) -> None:
        self.written.compress(number)

    @rule()
    def copies_and_truncates(self) -> None:
        self.written.copy_and_truncate()

    @rule()
    def looks(self) -> None:
        self.followed.look()
        assert self.followed.texts == self.written.all
        assert self.followed.missed == []

    @precondition(lambda self: self.followed.position)
    @invariant()
    def keeps_little(self) -> None:
        assert len(self.followed.position) < 300


TestRotations = Rotations.TestCase
TestRotations.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_a_reader_that_reads_little_at_a_time_loses_nothing_over_rotations(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_READ_BYTES", 10_000)
    monkeypatch.setattr(files, "SLICE_BYTES", 5_000)
    followed = Followed(written.path)
    for turn in range(4):
        written.append(1_000)
        written.rotate()
        if turn % 2:
            written.compress()
    written.append(700)
    followed.look()
    assert followed.texts == written.all


def test_lines_of_megabytes_are_cut_and_the_next_line_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    followed = Followed(path)
    path.write_bytes(
        b"error one\n" + b"error two " + b"x" * 3_000_000 + b"\n" + b"error three\n" + b"error four " * 9_000
    )
    followed.look()
    with path.open("ab") as file:
        file.write(b"error of the same line\nerror five\n")
    followed.look()
    assert [text[:11] for text in followed.texts] == [
        "error one",
        "error two x",
        "error three",
        "error four ",
        "error five",
    ]
    assert max(len(text) for text in followed.texts) <= LINE_BYTES


@given(st.lists(st.binary(max_size=200), max_size=20), st.integers(1, 50))
def test_hostile_bytes_in_any_pieces_leave_the_lines_after_them_alone(pieces: list[bytes], size: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "app.log"
        path.touch()
        followed = Followed(path)
        content = b"\n".join([*pieces, b"error at the end\n"])
        with path.open("ab", buffering=0) as file:
            for begin in range(0, len(content), size * 20):
                file.write(content[begin : begin + size * 20])
                followed.look()
        assert followed.texts[-1] == "error at the end"
        assert all(text.isprintable() for text in followed.texts)


def test_what_cannot_be_caught_up_with_is_passed_over_and_said(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    followed = Followed(path)
    with path.open("wb") as file:
        for _ in range(MOST_BEHIND_BYTES // 2**20 + 4):
            file.write(b"nothing to see here\n" * (2**20 // 20))
        file.write(b"error at the end\n")
    followed.look()
    assert followed.texts == ["error at the end"]
    assert followed.missed == ["18 MiB were passed over: more was written than can be read."]


def test_one_look_reads_no_more_than_it_may(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    followed = Followed(path)
    path.write_bytes(b"an error\n" * (4 * MOST_READ_BYTES // 9))
    batch = File(path).read(followed.position, NOW_S)
    assert batch.more
    assert MOST_READ_BYTES - 200_000 < len(batch.lines) * 9 < MOST_READ_BYTES + 200_000


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody for a moment")
def test_a_file_that_may_not_be_read_is_said_with_what_to_do(written: Written) -> None:
    followed = Followed(written.path)
    written.path.chmod(0)
    os.seteuid(NOBODY)
    try:
        batch = File(written.path).read(followed.position, NOW_S)
    finally:
        os.seteuid(0)
    assert "sudo usermod -aG adm YOU" in batch.problem
    assert batch.position == followed.position


def test_a_pipe_a_folder_and_a_position_that_is_none_do_no_harm(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.log"
    os.mkfifo(pipe)
    assert "no regular file" in File(pipe).read(b"", NOW_S).problem
    assert File(tmp_path).read(b"", NOW_S).problem
    path = tmp_path / "app.log"
    path.write_bytes(b"error\n")
    assert File(path).read(b"{nonsense", NOW_S).lines == []


def test_only_those_classic_files_are_chosen_that_do_not_repeat_each_other(tmp_path: Path) -> None:
    log = tmp_path / "var/log"
    log.mkdir(parents=True)
    assert classic(tmp_path) == []
    for name in ("kern.log", "daemon.log"):
        (log / name).touch()
    assert classic(tmp_path) == [log / "kern.log", log / "daemon.log"]
    for name in ("syslog", "auth.log"):
        (log / name).touch()
    assert classic(tmp_path) == [log / "syslog", log / "auth.log"]


def test_a_position_is_a_file_a_place_and_what_stands_before_it(written: Written) -> None:
    followed = Followed(written.path)
    written.append()
    followed.look()
    held = msgspec.json.decode(followed.position)
    found = written.path.stat()
    assert (held["device"], held["inode"], held["offset"]) == (found.st_dev, found.st_ino, found.st_size)
