"""Secrets are in the keyring, else in a file of their owner's, and nowhere else."""

import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from rackside.store.secrets import keep_secret, secret


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


def test_a_secret_is_in_the_keyring_under_its_name_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", ring)
    assert keep_secret(tmp_path, "mail", "pässword") == "in the keyring of this desktop"
    keep_secret(tmp_path, "webhook", "other")
    assert (secret(tmp_path, "mail"), secret(tmp_path, "webhook")) == ("pässword", "other")
    assert set(ring.held) == {("rackside", f"{tmp_path} mail"), ("rackside", f"{tmp_path} webhook")}
    assert list(tmp_path.iterdir()) == []
    keep_secret(tmp_path, "mail", "")
    keep_secret(tmp_path, "mail", "")
    assert (secret(tmp_path, "mail"), secret(tmp_path, "webhook")) == ("", "other")


def test_without_a_keyring_it_is_in_a_file_that_nobody_else_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    (tmp_path / "secret-mail.new").write_text("left by a stopped write")
    assert "no keyring" in keep_secret(tmp_path, "mail", "pässword\n")
    assert stat.S_IMODE((tmp_path / "secret-mail").stat().st_mode) == 0o600
    assert secret(tmp_path, "mail") == "pässword\n"
    keep_secret(tmp_path, "mail", "")
    assert secret(tmp_path, "mail") == ""
    assert list(tmp_path.iterdir()) == []
