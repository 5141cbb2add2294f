"""Where files live."""

import os
import stat
from pathlib import Path

import pytest

from rackside import paths


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_the_chosen_home_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "a" / "home"
    monkeypatch.setenv(paths.HOME_VARIABLE, str(chosen))
    old = os.umask(0)
    try:
        assert paths.home() == chosen
    finally:
        os.umask(old)
    assert stat.S_IMODE(chosen.stat().st_mode) == 0o700
    assert paths.home() == chosen, "a second time it is there"


def test_without_a_choice_it_is_the_systems_place_for_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert paths.home().name == "rackside"
    assert paths.home().is_relative_to(tmp_path) or os.name != "posix"
