"""A power cut at any point: nothing that was acknowledged is lost. `python -m tests.power` cuts 10,000 times."""

from pathlib import Path, PurePosixPath
from random import Random

import pytest

from tests.power.disk import MODELS, SECTOR, Disk, Model
from tests.power.recording import STRACE
from tests.power.runs import cut_desktops, cut_servers
from tests.power.server import prepare
from tests.power.trace import Names, Operation, Resize, Sync, Write

POINTS = 60
TURNS = 40
SERVER_POINTS = 20
SERVER_TURNS = 15
ROOT = PurePosixPath("/root")
FILE = ROOT / "file"
BEGINNING: list[Operation] = [Names(((FILE, 1),)), Write(1, 0, b"a" * SECTOR * 4)]

strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's data without anybody in it."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


def found(model: Model, *operations: Operation) -> set[bytes | None]:
    """Return everything that a file may hold after these operations and a cut, over many seeds."""
    left = set()
    for seed in range(200):
        disk = Disk(ROOT, model)
        for operation in operations:
            disk.do(operation)
        left.add(disk.after_cut(Random(seed)).get(PurePosixPath("file")))  # noqa: S311 - repeatable on purpose
    return left


@strace
def test_a_desktop_whose_power_is_cut_loses_and_doubles_nothing(caplog: pytest.LogCaptureFixture) -> None:
    for model, figures in cut_desktops(POINTS, seed=1, turns=TURNS).items():
        assert figures.faults == 0, (model, figures)
        assert figures.promised > POINTS
        assert figures.caught["queued"], "at least once something was on its way"
    assert all("The file of what you wrote was damaged" in each for each in caplog.messages)
    caplog.clear()


@strace
@pytest.mark.parametrize("twin", ["normal", "folder"])
def test_a_desktop_that_does_not_sync_is_caught(twin: str, caplog: pytest.LogCaptureFixture) -> None:
    figures = cut_desktops(POINTS, seed=1, twin=twin, turns=TURNS)["strict"]
    assert figures.lost
    assert figures.drafts_behind
    assert all("was damaged" in each for each in caplog.messages)
    caplog.clear()


@strace
def test_a_mirror_that_does_not_sync_is_caught(caplog: pytest.LogCaptureFixture) -> None:
    figures = cut_desktops(POINTS, seed=1, twin="cache", turns=TURNS)["strict"]
    assert figures.put_aside
    assert figures.lost == figures.drafts_behind == 0
    assert "The cache is damaged" in caplog.text
    caplog.clear()


@strace
def test_a_server_whose_power_is_cut_has_every_outcome_that_it_answered(prepared: Path) -> None:
    for model, figures in cut_servers(prepared, SERVER_POINTS, seed=1, turns=SERVER_TURNS).items():
        assert figures.faults == 0, (model, figures)
        assert figures.promised > POINTS


@strace
def test_a_server_that_does_not_sync_is_caught(prepared: Path) -> None:
    assert cut_servers(prepared, SERVER_POINTS, seed=1, twin="normal", turns=SERVER_TURNS)["strict"].lost


@pytest.mark.parametrize("model", MODELS)
def test_what_was_synced_stays(model: Model) -> None:
    assert found(model, *BEGINNING, Sync(1), Sync(0)) == {b"a" * SECTOR * 4}


def test_only_a_synced_folder_keeps_the_name_of_a_synced_file() -> None:
    assert None in found("strict", *BEGINNING, Sync(1))
    assert None not in found("ordered", *BEGINNING, Sync(1))


@pytest.mark.parametrize("model", MODELS)
def test_what_was_not_synced_is_kept_dropped_or_torn_at_sectors(model: Model) -> None:
    left = found(model, *BEGINNING, Sync(1), Sync(0), Write(1, 0, b"b" * SECTOR * 2))
    sectors = [{each[at : at + SECTOR] for each in left if each} for at in range(0, SECTOR * 4, SECTOR)]
    assert sectors == [{b"a" * SECTOR, b"b" * SECTOR}] * 2 + [{b"a" * SECTOR}] * 2
    assert len(left) == 4


def test_writes_to_one_file_are_reordered() -> None:
    over = [Write(1, 0, b"b" * SECTOR), Write(1, SECTOR, b"c" * SECTOR)]
    left = found("strict", *BEGINNING, Sync(1), Sync(0), *over)
    assert b"a" * SECTOR + b"c" * SECTOR + b"a" * SECTOR * 2 in left


@pytest.mark.parametrize("model", MODELS)
def test_a_truncation_is_lost_too_until_it_is_synced(model: Model) -> None:
    assert found(model, *BEGINNING, Sync(1), Sync(0), Resize(1, 0)) == {b"a" * SECTOR * 4, b""}


def test_an_ordered_disk_never_shows_what_was_not_written() -> None:
    growth = [Write(1, SECTOR * (4 + number), b"b" * SECTOR) for number in range(8)]
    assert any(b"\0" in (each or b"") for each in found("strict", *BEGINNING, Sync(1), Sync(0), *growth))
    assert not any(b"\0" in (each or b"") for each in found("ordered", *BEGINNING, Sync(1), Sync(0), *growth))
