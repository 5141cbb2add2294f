"""A mirror damaged in any way is begun anew within one sync, or shows nothing of it. `python -m tests.corruption`."""

from pathlib import Path

import pytest

from rackside.store import Store, documents, mirror, search
from rackside.store.database import StoreError
from rackside_protocol.threads import Thread
from tests.corruption.console import make
from tests.corruption.runs import damage
from tests.corruption.trial import Figures, unchecked
from tests.store.pages import fill, thread

COUNT = 40
TWIN_COUNT = 25


def total(found: dict[str, Figures], what: str) -> int:
    return sum(getattr(figures, what) for figures in found.values())


def test_damage_of_every_kind_is_noticed_within_a_sync_or_has_no_effect() -> None:
    found = damage(COUNT, seed=1)
    assert not total(found, "faults"), {name: each for name, each in found.items() if each.faults}
    assert total(found, "trials") == COUNT
    assert total(found, "noticed") > COUNT / 3


def test_without_the_check_damage_stays_unnoticed() -> None:
    with unchecked():
        found = damage(TWIN_COUNT, seed=1)
    assert total(found, "unnoticed")


def test_the_console_that_is_damaged_holds_much_and_is_intact(tmp_path: Path) -> None:
    for number, console in enumerate(make(tmp_path / "made", seed=1)):
        home = tmp_path / str(number)
        home.mkdir()
        console.put(home)
        with Store.open(home) as store:
            assert mirror.is_intact(store)


@pytest.mark.parametrize("statement", ["UPDATE documents SET id = 'text'", "UPDATE documents SET payload = 1"])
def test_a_value_of_another_type_than_was_written_is_a_store_error_to_its_reader(
    tmp_path: Path, statement: str
) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1, "Printer"))
        store.cache.execute(statement)
        with pytest.raises(StoreError):
            documents.everything(store)
        with pytest.raises(StoreError):
            search.find(store, "printer") if " id " in statement else documents.of_kind(store, Thread)
        assert not mirror.is_intact(store)
