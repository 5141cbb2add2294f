"""What an operator does: check, back up, restore, and an embedded server that answers and ends with its console."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from rackside_protocol.registry import encode
from rackside_protocol.sync import SyncRequest

LONG_S = 60


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a server of its own, on SQLite whatever the tests run on."""
    ours = ("RACKSIDE_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "RACKSIDE_DATA": str(folder)}


def command(folder: Path, *arguments: str, stdin: str = "") -> tuple[int, dict[str, object]]:
    """Run a command with --json; return its status and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "rackside_server", *arguments, "--json"],
        env=environment(folder), input=stdin, capture_output=True, text=True, timeout=LONG_S, check=False,
    )  # fmt: skip
    said = (done.stdout or done.stderr).strip().splitlines()
    return done.returncode, json.loads(said[-1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a database that is up to date."""
    made = tmp_path / "data"
    assert command(made, "migrate")[0] == 0
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_the_server_keeps_is_its_owners_only(folder: Path) -> None:
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == {path.name: 0o600 for path in folder.iterdir()}


def test_check_says_what_is_wrong(folder: Path, tmp_path: Path) -> None:
    assert command(folder, "check") == (0, {"problems": []})
    status, said = command(tmp_path / "empty", "check")
    assert status == 1
    assert "rackside-server migrate" in str(said)


def test_serving_a_database_that_is_not_up_to_date_is_refused(tmp_path: Path) -> None:
    status, said = command(tmp_path / "empty", "serve", "--port", "0")
    assert status == 1
    assert "rackside-server migrate" in str(said["error"])


def test_an_admin_is_made_with_a_password_that_will_do(folder: Path) -> None:
    assert command(folder, "createadmin", "root-of-it", stdin="short\n")[0] == 1
    status, said = command(folder, "createadmin", "root-of-it", stdin="correct horse battery\n")
    assert (status, said["handle"]) == (0, "root-of-it")


def test_a_restore_brings_back_what_was_and_begins_a_new_time_line(folder: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    command(folder, "createadmin", "before", stdin="correct horse battery\n")
    assert command(folder, "backup", str(backup))[0] == 0
    assert mode(backup) == 0o600
    command(folder, "createadmin", "after", stdin="correct horse battery\n")
    old = _epochs(folder)
    assert command(folder, "restore", str(backup))[0] == 0
    new = _epochs(folder)
    assert set(new) < set(old)
    assert not {new[name] for name in new} & set(old.values())
    assert command(folder, "check")[0] == 0


def test_what_is_no_backup_overwrites_nothing(folder: Path, tmp_path: Path) -> None:
    command(folder, "createadmin", "before", stdin="correct horse battery\n")
    old = _epochs(folder)
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(b"not a database at all" * 100)
    for file in (wrong, tmp_path / "nowhere.db"):
        assert command(folder, "restore", str(file))[0] == 1
    assert _epochs(folder) == old


def _epochs(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "community.db")) as opened:
        return dict(opened.execute("SELECT name, epoch FROM feed_channel"))


class Embedded:
    """An embedded server as a console starts it."""

    def __init__(self, folder: Path) -> None:
        self.owner_file = folder / "owner.json"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rackside_server", "serve", "--embedded", "--data", str(folder), "--port", "0"],
            env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def owner(self) -> dict[str, str]:
        until = time.monotonic() + LONG_S
        while not self.owner_file.exists() and time.monotonic() < until:
            assert self.process.poll() is None, self.process.communicate()[0].decode()
            time.sleep(0.02)
        assert mode(self.owner_file) == 0o600
        found: dict[str, str] = json.loads(self.owner_file.read_text())
        return found

    def end(self) -> bytes:
        """Close its standard input; return what it has said."""
        return self.process.communicate(timeout=LONG_S)[0]


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    """An embedded server, which is ended in any case."""
    server = Embedded(tmp_path / "embedded")
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


def test_an_embedded_server_signs_its_owner_in_and_ends_with_its_console(embedded: Embedded) -> None:
    owner = embedded.owner()
    asked = Request(  # noqa: S310 - our own server on the loopback
        f"{owner['url']}/api/sync",
        data=encode(SyncRequest()),
        headers={"Authorization": f"Bearer {owner['access_token']}"},
    )
    with urlopen(asked, timeout=LONG_S) as answer:  # noqa: S310 - as above
        assert json.load(answer)["member"] == owner["member"]
    assert embedded.end() == b""
    assert embedded.process.returncode == 0
    assert not embedded.owner_file.exists()
