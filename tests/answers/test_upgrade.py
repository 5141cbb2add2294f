"""A server that had answers before there was a pack makes it when it is brought up to date."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.feed.test_operating import command, environment

PACKED = "SELECT count(*) FROM feed_feedrow WHERE kind = 'packed_answer' AND payload IS NOT NULL"


def packed(folder: Path) -> int:
    with closing(sqlite3.connect(next(folder.glob("*.db")))) as connection:
        return int(connection.execute(PACKED).fetchone()[0])


def test_migrating_an_older_database_makes_the_pack_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert command(folder, "migrate")[0] == 0
    subprocess.run([sys.executable, "-m", "tests.answers.old_server"], env=environment(folder), check=True)
    assert packed(folder) == 0
    status, said = command(folder, "migrate")
    assert (status, said["applied"][0]) == (0, "answers.0001_initial")
    assert packed(folder) == 1
    assert command(folder, "migrate") == (0, {"applied": []})
