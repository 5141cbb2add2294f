"""Settings are kept whole and private; a broken file costs the choices, never the start."""

import json
from pathlib import Path

import msgspec
import pytest

from rackside import settings
from rackside.settings import Settings


def written(home: Path) -> dict[str, object]:
    value = json.loads((home / settings.NAME).read_bytes())
    assert isinstance(value, dict)
    return value


def test_without_a_file_nothing_is_agreed_to(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()
    assert not settings.load(tmp_path).consent
    assert not list(tmp_path.iterdir())


def test_what_was_chosen_is_there_at_the_next_start(tmp_path: Path) -> None:
    chosen = Settings(consent=True, edge="left", handle="alice", probes=settings.Probes(dns_name="example.org"))
    settings.save(tmp_path, chosen)
    assert settings.load(tmp_path) == chosen


def test_only_she_can_read_them_also_when_they_were_open_before(tmp_path: Path) -> None:
    (tmp_path / settings.NAME).write_text("{}")
    (tmp_path / settings.NAME).chmod(0o644)
    settings.save(tmp_path, Settings())
    assert (tmp_path / settings.NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [settings.NAME]


def test_what_a_stopped_write_left_open_does_not_stay_open(tmp_path: Path) -> None:
    (tmp_path / "settings.new").write_text("half")
    (tmp_path / "settings.new").chmod(0o644)
    settings.save(tmp_path, Settings())
    assert (tmp_path / settings.NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "broken",
    [b"", b"{", b"\x00" * 64, b"[]", b"null", b'{"consent": "yes"}', b'{"edge": "top"}', b'{"probes": 3}', b"\xff\xfe"],
)
def test_a_broken_file_is_put_aside_whole_and_that_is_said(
    broken: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / settings.NAME).write_bytes(broken)
    assert settings.load(tmp_path) == Settings()
    [aside] = tmp_path.glob("settings.damaged-*.json")
    assert aside.read_bytes() == broken
    assert str(aside) in caplog.text
    caplog.clear()
    assert settings.load(tmp_path) == Settings()


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    newer = {"theme": "light", "hologram": True, "probes": {"dns_name": "example.org", "quantum": 3}}
    (tmp_path / settings.NAME).write_text(json.dumps(newer))
    chosen = settings.load(tmp_path)
    assert chosen.theme == "light"
    chosen.theme = "dark"
    settings.save(tmp_path, chosen)
    after = written(tmp_path)
    assert (after["theme"], after["hologram"]) == ("dark", True)
    assert after["probes"] == {**msgspec.to_builtins(chosen.probes), "dns_name": "example.org", "quantum": 3}


def test_saving_over_a_broken_file_writes_a_good_one(tmp_path: Path) -> None:
    (tmp_path / settings.NAME).write_bytes(b"{")
    settings.save(tmp_path, Settings(handle="bob"))
    assert settings.load(tmp_path).handle == "bob"
