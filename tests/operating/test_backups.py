"""Backups: dated ones rotate, nothing else is touched, and an old one is told of."""

import json
import shutil
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from rackside_server.cli import OperatorError
from rackside_server.commands.backup import copy_sqlite, libpq_environment
from rackside_server.configuration import LAST_BACKUP_FILE, database_settings
from rackside_server.operating.backups import dated_name, last_backup, rotate
from tests.operating.servers import command

DAY_MS = 24 * 60 * 60 * 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a database that is up to date."""
    made = tmp_path / "data"
    assert command(made, "migrate")[0] == 0
    return made


def test_dated_backups_rotate_and_nothing_else_is_deleted(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "backups"
    kept.mkdir(0o700)
    others = [kept / "rackside-by-hand.db", kept / "notes.txt"]
    for other in others:
        other.write_text("mine")
    made = [Path(str(command(folder, "backup", "--keep", "2", str(kept))[1]["file"])) for _ in range(4)]
    assert sorted(kept.iterdir()) == sorted([*made[2:], *others])
    assert {stat.S_IMODE(file.stat().st_mode) for file in made[2:]} == {0o600}
    remembered = last_backup(folder)
    assert remembered is not None
    assert (remembered.file, remembered.size_bytes) == (str(made[3]), made[3].stat().st_size)


def test_names_of_backups_sort_by_age(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        names.append(dated_name(".db"))
        (tmp_path / names[-1]).touch()
        time.sleep(0.002)
    assert names == sorted(names)
    assert [file.name for file in rotate(tmp_path, 1)] == names[:2]


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    status, said = command(folder, "backup", str(tmp_path / "nowhere" / "backup.db"))
    assert status == 1
    assert "cannot be written" in str(said["error"])
    assert last_backup(folder) is None


def test_check_tells_of_a_backup_that_is_over_a_day_old(folder: Path, tmp_path: Path) -> None:
    assert command(folder, "backup", str(tmp_path / "backup.db"))[0] == 0
    assert command(folder, "check") == (0, {"problems": []})
    memory = folder / LAST_BACKUP_FILE
    remembered = json.loads(memory.read_text())
    memory.write_text(json.dumps({**remembered, "at_ms": remembered["at_ms"] - 2 * DAY_MS}))
    status, said = command(folder, "check")
    assert status == 1
    assert "rackside-server backup" in str(said["problems"])


def test_who_backs_up_by_other_means_is_not_told(folder: Path) -> None:
    (folder / LAST_BACKUP_FILE).write_text('{"file": "x", "size_bytes": 1, "at_ms": 1}')
    assert command(folder, "check")[0] == 1
    assert command(folder, "check", RACKSIDE_BACKUPS="elsewhere")[0] == 0


def rows_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as opened:
        found = opened.execute("SELECT count(*) FROM sqlite_master WHERE name = 'rows'").fetchone()[0]
        return int(opened.execute("SELECT count(*) FROM rows").fetchone()[0]) if found else 0


def test_a_copy_holds_what_was_committed_and_nothing_that_was_not(tmp_path: Path) -> None:
    source, copied, torn = tmp_path / "source.db", tmp_path / "copied.db", tmp_path / "torn.db"
    with closing(sqlite3.connect(source, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("CREATE TABLE rows (text TEXT)")
        writer.executemany("INSERT INTO rows VALUES (?)", [("committed",)] * 100)
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany("INSERT INTO rows VALUES (?)", [("under way",)] * 100)
        copy_sqlite(source, copied)
        shutil.copyfile(source, torn)
        writer.execute("ROLLBACK")
    assert rows_in(copied) == 100
    assert rows_in(torn) == 0, "the file alone is what a copy of files would have brought"


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    source = tmp_path / "source.db"
    with closing(sqlite3.connect(source)) as writer:
        writer.execute("CREATE TABLE rows (text TEXT)")
        writer.execute("CREATE INDEX by_text ON rows (text)")
        writer.executemany("INSERT INTO rows VALUES (?)", [(f"row {each}" * 20,) for each in range(500)])
        writer.commit()
    body = bytearray(source.read_bytes())
    body[8_192:12_288] = bytes(4_096)
    source.write_bytes(body)
    with pytest.raises(OperatorError, match="damaged"):
        copy_sqlite(source, tmp_path / "copied.db")


def test_a_backup_reaches_the_database_as_the_server_does() -> None:
    url = "postgresql://rack%40:s3cret@one,two:5433/side?sslmode=verify-full&target_session_attrs=read-write"
    reached = libpq_environment(database_settings(url))
    assert (reached["PGUSER"], reached["PGPASSWORD"], reached["PGDATABASE"]) == ("rack@", "s3cret", "side")
    assert (reached["PGSSLMODE"], reached["PGTARGETSESSIONATTRS"]) == ("verify-full", "read-write")
    assert reached["PGHOST"].split(",") == ["one", "two"]
