"""Settings: written whole or not at all, readable by their owner only, and never in the way of a start."""

import json
import stat
from pathlib import Path

import pytest

from rackside import settings
from rackside.settings import NAME, Settings


def test_what_was_chosen_is_read_back_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    chosen = Settings(consent=True, theme="light", poll_s=500)
    chosen.probes.dns_name = "example.org"
    settings.save(tmp_path, chosen)
    assert settings.load(tmp_path) == chosen
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_nothing_is_agreed_to_before_it_is_agreed_to(tmp_path: Path) -> None:
    assert settings.load(tmp_path).consent is False


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"theme": "dark", "hologram": {"depth": 3}}')
    chosen = settings.load(tmp_path)
    assert chosen.theme == "dark"
    settings.save(tmp_path, chosen)
    assert json.loads((tmp_path / NAME).read_text())["hologram"] == {"depth": 3}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"theme": "plaid"}', '{"consent": "yes"}', "\xff"])
def test_a_file_that_cannot_be_read_is_put_aside_and_said(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / NAME).write_bytes(text.encode("latin-1"))
    assert settings.load(tmp_path) == Settings()
    assert "could not be read" in caplog.text
    caplog.clear()
    (aside,) = tmp_path.glob("settings.damaged*")
    assert aside.read_bytes() == text.encode("latin-1")


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.save(tmp_path, Settings(poll_s=400))

    def full(_: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("rackside.settings.os.fsync", full)
    with pytest.raises(OSError, match="full"):
        settings.save(tmp_path, Settings(poll_s=500))
    assert settings.load(tmp_path).poll_s == 400
