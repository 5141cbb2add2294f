"""Every released database is brought up to date, and everything that was in it is still there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rackside.store import Store, local, outbox
from rackside_server.operating.backups import last_backup
from tests.operating.servers import command
from tests.operating.test_restore import told

RELEASES = sorted(folder for folder in Path(__file__).parent.iterdir() if (folder / "community.sql").is_file())
BOOKKEEPING = {"django_migrations", "sqlite_sequence"}
"""Tables in which a migration notes its own work."""


def loaded(release: Path, name: str, folder: Path) -> Path:
    """Make a database of a release in a folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{name}.db"
    with closing(sqlite3.connect(file)) as opened:
        opened.executescript((release / f"{name}.sql").read_text(encoding="utf-8"))
    return file


def tables(opened: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Yield each table and its columns."""
    for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if name not in BOOKKEEPING:
            yield name, [row[1] for row in opened.execute(f"PRAGMA table_info({name})")]


def lost(before: Path, after: Path) -> list[str]:
    """Say what a database held and does not hold any more, column by column of those that both have."""
    missing: list[str] = []
    with closing(sqlite3.connect(before)) as old, closing(sqlite3.connect(after)) as new:
        held = dict(tables(new))
        for table, columns in tables(old):
            shared = [f'"{column}"' for column in columns if column in held.get(table, [])]
            if not shared:
                missing.append(f"the table {table}")
                continue
            select = f'SELECT {", ".join(shared)} FROM "{table}"'  # noqa: S608 - names of our own tables
            rows = set(new.execute(select))
            missing += [f"{table}: {row}" for row in old.execute(select) if row not in rows]
    return missing


def test_there_is_a_release_to_migrate_from() -> None:
    assert [release.name for release in RELEASES][:1] == ["0.1.0"]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_the_community_of_a_release_is_migrated_and_nothing_is_lost(release: Path, tmp_path: Path) -> None:
    before = loaded(release, "community", tmp_path / "before")
    folder = tmp_path / "data"
    after = loaded(release, "community", folder)
    status, said = command(folder, "migrate", "--backup-to", str(tmp_path / "backups"))
    assert status == 0, said
    assert lost(before, after) == []
    [backup] = (tmp_path / "backups").iterdir()
    assert lost(before, backup) == lost(backup, before) == [], "nothing is changed before there is a way back"
    community = told(folder, {})
    assert community["differences"] == []
    assert community["threads"] == 3
    assert community["posts"] == 1
    assert command(folder, "check") == (0, {"problems": []})
    assert last_backup(folder) is not None


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_what_a_person_wrote_and_a_machine_saw_outlives_an_update(release: Path, tmp_path: Path) -> None:
    before = [loaded(release, name, tmp_path / "before") for name in ("outbox", "local")]
    after = [loaded(release, name, tmp_path / "home") for name in ("outbox", "local")]
    with Store.open(tmp_path / "home") as store:
        written = {entry.state: entry for entry in outbox.pending(store)}
        assert {"queued", "sending", "sent", "refused"} >= written.keys() >= {"queued", "sent", "refused"}
        assert written["refused"].message == "Wait a day."
        assert outbox.draft(store, "ask") == '{"title": "Half a thought"}'
        assert [position.channel for position in outbox.unseen(store)] == ["group:linux-servers"]
        assert len(local.open_alerts(store)) == 1
        assert len(local.past_alerts(store)) == 1
        assert local.metrics(store) == ["cpu.used_share"]
        assert len(local.panel_events(store)) == 1
    for old, new in zip(before, after, strict=True):
        assert lost(old, new) == []


def test_what_a_migration_would_lose_is_found(tmp_path: Path) -> None:
    before = loaded(RELEASES[0], "outbox", tmp_path / "before")
    after = loaded(RELEASES[0], "outbox", tmp_path / "after")
    assert lost(before, after) == []
    with closing(sqlite3.connect(after)) as opened:
        opened.execute("DELETE FROM actions WHERE state = 'queued'")
        opened.execute("DROP TABLE drafts")
        opened.commit()
    found = lost(before, after)
    assert any(each.startswith("actions: ") for each in found)
    assert "the table drafts" in found
