"""Whatever happens to several consoles and a server, nothing is lost, doubled, or left where it may not be.

Everything is real but the network and the moment of death: Django on a SQLite file, the desktop's store and engine, and
HTTP between them, in one process. Kills come at any line of either side. `python -m tests.world` does more of it.
"""

from collections.abc import Iterator
from typing import Final

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from tests.world.bugs import BUGS
from tests.world.deeds import MISSING
from tests.world.lives import STEPS, Community, broken_after, machine, make_pages_small

LIVES: Final = 25
LIVES_TO_FIND_A_BUG: Final = 150

pytestmark = pytest.mark.skipif(
    not django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
    reason="a life begins with a copy of a file; PostgreSQL has tests/postgres",
)


@pytest.fixture(autouse=True)
def pages_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    make_pages_small(monkeypatch)


@pytest.fixture(scope="module")
def community(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,  # noqa: ARG001 - pytest finds it by name
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Community]:
    with django_db_blocker.unblock():
        yield Community(tmp_path_factory.mktemp("community"))


def test_there_is_a_deed_for_every_kind_of_action() -> None:
    assert not MISSING


def test_nothing_is_lost_doubled_or_left_behind_whatever_happens(community: Community) -> None:
    run_state_machine_as_test(
        machine(community),
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("bug", BUGS)
def test_each_planted_bug_is_found(
    bug: str, community: Community, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    BUGS[bug](monkeypatch)
    life, _ = broken_after(community, LIVES_TO_FIND_A_BUG)
    assert life
    caplog.clear()


def test_the_lives_that_find_the_bugs_are_well_without_them(community: Community) -> None:
    assert broken_after(community, LIVES) == (0, "")
