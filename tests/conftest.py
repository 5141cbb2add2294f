"""What holds for every test: silence is tested, the cast is at hand, and Qt draws offscreen."""

import logging
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = [
    name for name in ("tests.kernel.cast", "tests.kernel.console", "tests.kernel.qt") if find_spec(name) is not None
]

settings.register_profile("untimed", deadline=None)  # no test asserts how long something takes
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def a_warning_in_the_log_fails_the_test(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A test that expects a warning asserts it through caplog and then clears it."""
    yield
    loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not loud, "\n".join(f"{record.levelname} {record.name}: {record.getMessage()}" for record in loud)


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what belongs to the person who runs it."""
    monkeypatch.setenv("RACKSIDE_HOME", str(tmp_path))
