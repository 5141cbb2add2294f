"""A backup taken while the community writes is a whole community of one moment, and consoles notice a restore."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from rackside.store import Store, documents, outbox
from rackside.sync import engine
from rackside.sync.http import Client
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask, Thread
from tests.operating.servers import LONG_S, command, environment, serving
from tests.operating.writer import GROUP

POSTGRESQL = os.environ.get("DATABASE_URL", "")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRESQL, reason="none"))])
def databases(request: pytest.FixtureRequest) -> Iterator[list[dict[str, str]]]:
    """The settings of two communities: one that writes, and one to restore into."""
    if request.param == "sqlite":
        yield [{}, {}]
        return

    names = [f"backup_{uuid4().hex}" for _ in range(2)]
    with closing(psycopg.connect(POSTGRESQL, autocommit=True)) as connection:
        for name in names:
            connection.execute(f'CREATE DATABASE "{name}"')
        yield [{"DATABASE_URL": urlsplit(POSTGRESQL)._replace(path=f"/{name}").geturl()} for name in names]
        for name in names:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def written_to(folder: Path, settings: dict[str, str]) -> Iterator[None]:
    """Write all the while, from another process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.operating.writer", "write"],
        env=environment(folder, **settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "writing\n"
        yield
        assert process.poll() is None
    finally:
        process.communicate(timeout=LONG_S)
    assert process.returncode == 0


def said_by(act: str, folder: Path, settings: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.operating.writer", act],
        env=environment(folder, **settings), capture_output=True, text=True, timeout=LONG_S, check=True,
    )  # fmt: skip
    return done.stdout


def told(folder: Path, settings: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(said_by("tell", folder, settings))
    return found


def test_a_backup_taken_while_the_community_writes_restores_to_one_moment_of_it(
    databases: list[dict[str, str]], tmp_path: Path
) -> None:
    ours, other = databases
    here, there, backup = tmp_path / "here", tmp_path / "there", tmp_path / "backup"
    assert command(here, "migrate", **ours)[0] == 0
    with written_to(here, ours):
        before = told(here, ours)
        status, said = command(here, "backup", str(backup), **ours)
        assert status == 0, said
        after = told(here, ours)
    status, said = command(there, "restore", str(backup), **other)
    assert status == 0, said
    restored = told(there, other)
    assert restored["differences"] == []
    assert restored["ahead"] == []
    for counted in ("rows", "threads", "posts", "actions"):
        assert before[counted] <= restored[counted] <= after[counted], counted  # type: ignore[operator]
    assert before["threads"] < after["threads"], "or else nothing was written meanwhile"  # type: ignore[operator]
    old, new = before["epochs"], restored["epochs"]
    assert isinstance(old, dict)
    assert isinstance(new, dict)
    assert old.keys() <= new.keys()
    assert not {*old.values()} & {*new.values()}, "by this consoles notice"


def test_a_console_notices_a_restore_and_sends_again_what_the_server_forgot(tmp_path: Path) -> None:
    folder, home, backup = tmp_path / "data", tmp_path / "home", tmp_path / "backup.db"
    home.mkdir()
    assert command(folder, "migrate")[0] == 0
    token = said_by("join", folder, {}).strip()
    asked = [Ask(id=new_id(), group=GROUP, title=f"Question {each}", body="Why?") for each in range(3)]

    def syncs(url: str, *asks: Ask) -> set[str]:
        """Write, sync, and return the questions that the console holds."""
        with Store.open(home) as store:
            for ask in asks:
                outbox.put(store, ask)
            client = Client(url, token)
            try:
                engine.sync(store, client)
            finally:
                client.close()
            assert outbox.count(store, "queued", "sending", "refused") == 0
            return {each.id for each in documents.of_kind(store, Thread)}

    with serving(folder, workers=1) as server:
        port = server.port
        assert syncs(server.url, asked[0]) == {asked[0].id}
        assert command(folder, "backup", str(backup))[0] == 0
        assert syncs(server.url, asked[1]) == {asked[0].id, asked[1].id}
        assert server.stop() == 0
    before = told(folder, {})["epochs"]
    assert command(folder, "restore", str(backup))[0] == 0
    assert told(folder, {})["threads"] == 1
    with serving(folder, port=port, workers=1) as server:
        held = syncs(server.url, asked[2])
        assert server.stop() == 0
    after = told(folder, {})
    assert after["differences"] == []
    assert isinstance(before, dict)
    assert isinstance(after["epochs"], dict)
    assert not {*before.values()} & {*after["epochs"].values()}
    assert held == {each.id for each in asked}
    assert after["threads"] == len(held)
