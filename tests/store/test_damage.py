"""A damaged file of what a person wrote, or of what a machine showed: kept, told of, and no end of the program."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rackside.store import Store, damage, local, outbox
from rackside.watch.loop import Watch
from rackside.watch.model import Reading
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask

ACTIONS = 60
PAGE_BYTES = 4_096
HEADER_BYTES = 100
LOOKS_WITHIN_S = 60


@pytest.fixture(autouse=True)
def a_process_that_has_looked_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damage, "_found_whole", set())


def ask(number: int) -> Ask:
    return Ask(id=new_id(), group="linux", title=f"Question {number}", body=f"Words of {number}. " * 60)


def write(home: Path) -> list[str]:
    """Write questions and a draft; return the questions' ids."""
    questions = [ask(number) for number in range(ACTIONS)]
    with Store.open(home) as store:
        for question in questions:
            outbox.put(store, question)
        outbox.save_draft(store, "ask.title", "Half a sentence")
        local.add_readings(store, {Reading("cpu.used", 1.0, "%").key: [(1.0, 1.0)]})
    damage._found_whole.clear()
    return [question.id for question in questions]


def written(store: Store) -> list[str]:
    return [entry.action.id for entry in outbox.pending(store)]


def header_lost(content: bytearray) -> None:
    content[:HEADER_BYTES] = bytes(HEADER_BYTES)


def half_gone(content: bytearray) -> None:
    del content[len(content) // 2 // PAGE_BYTES * PAGE_BYTES :]


def another_file(content: bytearray) -> None:
    content[:] = b"PNG, or some such. " * 500


def bookmarks(version: int) -> bytes:
    """Return a whole database, of somebody else."""
    with closing(sqlite3.connect(":memory:")) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
        return other.serialize()


@pytest.mark.parametrize("harm", [header_lost, half_gone, another_file])
@pytest.mark.parametrize("name", ["outbox.db", "local.db"])
def test_a_damaged_file_is_kept_and_told_of_and_the_store_opens(
    name: str, harm: Callable[[bytearray], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    harm(content)
    (tmp_path / name).write_bytes(content)
    with Store.open(tmp_path) as store:
        outbox.put(store, ask(0))
        local.metrics(store)
    damage._found_whole.clear()
    with Store.open(tmp_path) as store:
        assert written(store)
    aside = tmp_path / f"{Path(name).stem}.damaged-1"
    assert aside.read_bytes() == content
    assert [aside.name in sentence for sentence in damage.notes(tmp_path)] == [True]
    assert "damaged" in caplog.text
    caplog.clear()
    damage.forget_notes(tmp_path)
    assert not damage.notes(tmp_path)


@pytest.mark.parametrize("version", [1, 99])
def test_a_foreign_database_is_no_outbox(version: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path)
    (tmp_path / "outbox.db").write_bytes(bookmarks(version))
    with Store.open(tmp_path) as store:
        assert not written(store)
    assert damage.notes(tmp_path)
    caplog.clear()


def test_what_stands_around_a_damaged_page_is_saved(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ids = write(tmp_path)
    content = bytearray((tmp_path / "outbox.db").read_bytes())
    at = content.index(b"Words of 30. ") // PAGE_BYTES * PAGE_BYTES
    content[at : at + PAGE_BYTES] = b"\x5a" * PAGE_BYTES
    (tmp_path / "outbox.db").write_bytes(content)
    with Store.open(tmp_path) as store:
        saved = written(store)
        assert outbox.draft(store, "ask.title") == "Half a sentence"
    assert len(saved) > ACTIONS * 0.8
    assert saved == [each for each in ids if each in set(saved)]
    assert f"{len(saved)} actions" in damage.notes(tmp_path)[0]
    caplog.clear()


def test_a_kill_between_the_new_file_and_its_name_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path)
    content = bytearray((tmp_path / "outbox.db").read_bytes())
    content[PAGE_BYTES * 8 : PAGE_BYTES * 9] = bytes(PAGE_BYTES)
    (tmp_path / "outbox.db").write_bytes(content)

    def killed(path: Path) -> str:
        path.rename(path.with_name("outbox.damaged-1"))
        raise KeyboardInterrupt

    monkeypatch.setattr(damage, "_put_aside", killed)
    with pytest.raises(KeyboardInterrupt):
        Store.open(tmp_path)
    with Store.open(tmp_path) as store:
        assert len(written(store)) > ACTIONS // 2
    caplog.clear()


def test_a_history_that_cannot_be_read_is_begun_anew_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path)
    damage.suspect(tmp_path / "local.db")
    with Store.open(tmp_path) as store:
        assert not local.metrics(store)
    with Store.open(tmp_path):
        assert len(damage.notes(tmp_path)) == 1
    caplog.clear()


def test_a_history_damaged_inside_ends_no_watching(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path)
    content = (tmp_path / "local.db").read_bytes()
    (tmp_path / "local.db").write_bytes(content[:PAGE_BYTES] + b"\x5a" * (len(content) - PAGE_BYTES))
    looked = threading.Event()
    watch = Watch(tmp_path, lambda: None, lambda topics: looked.set() if "readings" in topics else None)
    watch.start()
    try:
        assert looked.wait(LOOKS_WITHIN_S)
    finally:
        watch.stop()
    assert damage.notes(tmp_path)
    caplog.clear()
