"""A full disk, for real: what a person writes is durable or refused with a sentence, and nothing earlier is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rackside.store import Store, ballast, outbox
from rackside.store.ballast import NoRoom
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from tests.faults.small_disk import fill, make_room, mounted

LONG = "So it goes. " * 1_250
MOST = 2_000


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
