"""How databases are opened and written: privately, whole or not at all, and by several at once."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rackside.store.database import StoreError, connect, has_full_text_search, writing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    connection = connect(tmp_path / "folder" / "x.db")
    connection.execute("CREATE TABLE numbers (number INTEGER)")
    connection.close()
    return tmp_path / "folder" / "x.db"


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row["number"] for row in connection.execute("SELECT number FROM numbers ORDER BY number")]


def put(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("INSERT INTO numbers VALUES (?)", (number,))


def put_and_fail(connection: sqlite3.Connection, number: int, error: type[BaseException]) -> None:
    with writing(connection):
        put(connection, number)
        with writing(connection):
            put(connection, number + 1)
        raise error


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_every_file_of_a_database_is_readable_by_its_owner_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        connection = connect(path)
        put(connection, 1)
        files = list(path.parent.iterdir())
    finally:
        os.umask(old)
    assert {file.name for file in files} == {"x.db", "x.db-wal", "x.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    connection.close()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_what_a_person_wrote_is_synced_at_every_commit(path: Path, durable: bool, level: int) -> None:  # noqa: FBT001
    connection = connect(path, durable=durable)
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == level
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.close()


def test_a_connection_to_read_refuses_to_write(path: Path) -> None:
    connection = connect(path, readonly=True)
    with pytest.raises(StoreError):
        put(connection, 1)
    connection.close()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"what is this" * 1_000)
    with pytest.raises(sqlite3.DatabaseError):
        connect(tmp_path / "x.db")


def test_an_error_takes_back_the_whole_block(path: Path) -> None:
    connection = connect(path)
    with pytest.raises(KeyboardInterrupt):
        put_and_fail(connection, 1, KeyboardInterrupt)
    assert numbers(connection) == []
    assert not connection.in_transaction
    connection.close()


def test_an_error_in_an_inner_block_takes_back_that_alone(path: Path) -> None:
    connection = connect(path)
    with writing(connection):
        put(connection, 1)
        with pytest.raises(ZeroDivisionError):
            put_and_fail(connection, 2, ZeroDivisionError)
        with writing(connection):
            put(connection, 4)
    assert numbers(connection) == [1, 4]
    connection.close()


def test_another_sees_nothing_of_a_block_before_its_end(path: Path) -> None:
    one, other = connect(path), connect(path)
    with writing(one):
        put(one, 1)
        assert numbers(other) == []
    assert numbers(other) == [1]
    one.close()
    other.close()


COUNT = """
import sys
from pathlib import Path
from rackside.store.database import connect, writing
connection = connect(Path(sys.argv[1]))
for _ in range(60):
    with writing(connection):
        last = connection.execute("SELECT coalesce(max(number), 0) FROM numbers").fetchone()[0]
        connection.execute("INSERT INTO numbers VALUES (?)", (last + 1,))
"""


def test_processes_that_read_and_then_write_wait_for_one_another(path: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", COUNT, str(path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    connection = connect(path)
    assert numbers(connection) == list(range(1, 181))
    connection.close()


def test_a_new_file_may_be_opened_by_several_threads_at_once(tmp_path: Path) -> None:
    start = threading.Barrier(6)

    def open_and_close(turn: int) -> None:
        start.wait()
        connect(tmp_path / f"{turn}.db").close()

    with ThreadPoolExecutor(6) as pool:
        for turn in range(20):
            list(pool.map(open_and_close, [turn] * 6))


def test_this_sqlite_searches_full_text() -> None:
    assert has_full_text_search()
