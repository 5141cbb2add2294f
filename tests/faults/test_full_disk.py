"""A full disk, for real: what a person writes is durable or refused with a sentence, and nothing earlier is lost."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rackside import cli
from rackside.kit import text
from rackside.kit.slices import Context
from rackside.store import Store, ballast, local, outbox
from rackside.store.ballast import NoRoom
from rackside.sync.http import Client
from rackside.sync.loop import FULL, SyncLoop
from rackside.watch.history import Keeper
from rackside.watch.model import Reading
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from tests.faults.server import RealServer
from tests.faults.small_disk import fill, make_room, mounted

LONG = "So it goes. " * 1_250
MOST = 2_000
LOOKS = 3_000
LOOK_EVERY_S = 0.01


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path) as mounted_disk:
        yield mounted_disk


def ask() -> Ask:
    return Ask(id=new_id(), group="linux", title="The disk is full", body=LONG)


def written(home: Path) -> list[str]:
    with Store.open(home) as store:
        return [entry.action.id for entry in outbox.pending(store)]


def write_until_refused(store: Store) -> list[str]:
    """Write questions until one is refused; return the ids of the others."""
    durable: list[str] = []
    with pytest.raises(NoRoom, match=ballast.SENTENCE):
        write(store, durable)
    return durable


def until(true: Callable[[], bool]) -> None:
    for _ in range(LOOKS):
        if true():
            return
        time.sleep(LOOK_EVERY_S)
    pytest.fail("it never became true")


def write(store: Store, durable: list[str]) -> None:
    for _ in range(MOST):
        question = ask()
        outbox.put(store, question)
        durable.append(question.id)


def test_what_is_written_on_a_full_disk_is_durable_or_refused_and_room_makes_it_go_on(disk: Path) -> None:
    with Store.open(disk) as store:
        assert ballast.keep(disk)
        before = ask()
        outbox.put(store, before)
        fill(disk)
        durable = write_until_refused(store)
        assert len(durable) > 100, "the ballast makes room for some more"
        assert not ballast.is_kept(disk)
        assert not ballast.keep(disk)
        make_room(disk)
        after = ask()
        outbox.put(store, after)
        assert not store.outbox.in_transaction
        assert ballast.keep(disk)
    assert written(disk) == [before.id, *durable, after.id]


def test_without_ballast_the_first_word_on_a_full_disk_is_refused(disk: Path) -> None:
    with Store.open(disk) as store:
        fill(disk)
        assert len(write_until_refused(store)) < 10


def test_sync_waits_for_room_says_so_and_goes_on_by_itself(disk: Path, server: RealServer) -> None:
    with Store.open(disk) as store:
        assert ballast.keep(disk)
        fill(disk)
        durable = write_until_refused(store)
        loop = SyncLoop(disk, lambda: Client(server.url, server.token), bool)
        loop.start()
        try:
            until(lambda: loop.status.sentence == FULL)
            assert loop.status.phase == "trouble"
            assert outbox.count(store, "queued") == len(durable), "nothing is lost, and nothing was tried"
            make_room(disk)
            until(lambda: loop.status.phase == "synced")
        finally:
            loop.stop()
        assert ballast.is_kept(disk)
        assert not outbox.count(store, "queued", "sending")


def test_a_mirror_that_fills_the_disk_is_said_and_leaves_the_ballast(disk: Path, server: RealServer) -> None:
    with Store.open(disk) as store:
        assert ballast.keep(disk)
        fill(disk)
        loop = SyncLoop(disk, lambda: Client(server.url, server.token), bool)
        loop.start()
        try:
            until(lambda: loop.status.sentence == FULL)
            question = ask()
            outbox.put(store, question)
            make_room(disk)
            loop.wake()
            until(lambda: loop.status.phase == "synced")
        finally:
            loop.stop()
        assert not outbox.count(store, "queued", "sending")


def test_what_the_machine_shows_waits_in_memory_for_room(disk: Path) -> None:
    keeper, reading = Keeper(), Reading(metric="cpu.used", value=1.0, unit="%")
    with Store.open(disk) as store:
        fill(disk)
        keeper.add(time.time(), [reading])
        with pytest.raises(NoRoom):
            keeper.flush(store)
        make_room(disk)
        keeper.flush(store)
        assert local.metrics(store) == [reading.key]


def test_the_person_is_told_that_her_words_were_not_written_down(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(text, "tell", lambda _parent, _title, sentence: told.append(sentence))
    with Store.open(disk) as store:
        context = Context(store=store, home=disk, open_link=told.append)
        fill(disk)
        write_until_refused(store)
        question = ask()
        with pytest.raises(NoRoom):
            context.act(question)
    assert told == [ballast.SENTENCE]


def test_the_command_line_refuses_with_the_same_sentence(
    disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RACKSIDE_HOME", str(disk))
    with Store.open(disk):
        fill(disk)
        codes = [cli.main(["ask", "--group", "linux", "--body", LONG, "The disk is full"]) for _ in range(3)]
    assert codes[-1]
    assert ballast.SENTENCE in capsys.readouterr().err


def test_a_store_opens_on_a_full_disk_and_takes_it_for_no_damage(disk: Path) -> None:
    with Store.open(disk) as store:
        assert ballast.keep(disk)
        question = ask()
        outbox.put(store, question)
    fill(disk)
    assert written(disk) == [question.id]
    assert not list(disk.glob("*.damaged"))


def test_a_store_that_cannot_be_opened_for_want_of_room_says_so(disk: Path) -> None:
    with Store.open(disk) as store:
        question = ask()
        outbox.put(store, question)
    fill(disk)
    with pytest.raises(NoRoom):
        Store.open(disk)
    make_room(disk)
    assert written(disk) == [question.id]
    assert not list(disk.glob("*.damaged"))
