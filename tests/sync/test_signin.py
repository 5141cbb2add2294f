"""Signing in: the code comes back to 127.0.0.1, is bound to our verifier and our state, and buys a token."""

import base64
import hashlib
import stat
import threading
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import keyring
import pytest

from rackside.store import secrets
from rackside.sync import errors, http
from rackside.sync.signin import sign_in
from tests.store.pages import ALICE
from tests.sync.hostile import Hostile, as_json

TOKEN = {"access_token": "secret", "member": ALICE, "device": ALICE, "handle": "alice"}


class Browser:
    """A person's browser, which comes back from the server's page with what the test says."""

    def __init__(self, **answer: str) -> None:
        self.answer = answer
        self.asked: dict[str, str] = {}
        self.page = ""

    def open(self, address: str) -> None:
        self.asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        answer = {"state": self.asked["state"], **self.answer}
        threading.Thread(target=self.come_back, args=(f"{self.asked['redirect_uri']}?{urlencode(answer)}",)).start()

    def come_back(self, address: str) -> None:
        with urlopen(address) as response:  # noqa: S310 - our own listener
            self.page = response.read().decode()


def test_a_code_is_exchanged_for_a_token_with_the_verifier_of_the_challenge(hostile: Hostile) -> None:
    sent: list[dict[str, Any]] = []

    def reply(asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        sent.append(asked)
        return as_json(TOKEN)

    hostile.reply = reply
    browser = Browser(code="abc")
    token = sign_in(hostile.url, browser.open)
    assert token.access_token == "secret"
    (request,) = sent
    challenge = base64.urlsafe_b64encode(hashlib.sha256(request["code_verifier"].encode()).digest()).rstrip(b"=")
    assert browser.asked["code_challenge"] == challenge.decode()
    assert browser.asked["code_challenge_method"] == "S256"
    assert (request["code"], request["redirect_uri"]) == ("abc", browser.asked["redirect_uri"])
    assert urlsplit(request["redirect_uri"]).hostname == "127.0.0.1"
    assert hostile.asked[0][1] is None, "no token is sent before there is one"


@pytest.mark.parametrize(
    "answer", [{"code": "abc", "state": "another"}, {"error": "access_denied"}], ids=["another's state", "refused"]
)
def test_an_answer_that_is_not_ours_or_not_a_code_signs_nobody_in(hostile: Hostile, answer: dict[str, str]) -> None:
    with pytest.raises(errors.NotOurServer):
        sign_in(hostile.url, Browser(**answer).open)
    assert hostile.asked == []


def test_who_gives_up_is_let_go(hostile: Hostile) -> None:
    with pytest.raises(errors.Unreachable, match="cancelled"):
        sign_in(hostile.url, lambda _: None, cancelled=lambda: True)


def test_without_a_keyring_the_token_is_in_a_file_of_its_owner_only_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.core.load_keyring("keyring.backends.fail.Keyring"))
    assert http.token(tmp_path) == ""
    assert "no keyring" in http.keep_token(tmp_path, "secret")
    path = tmp_path / secrets.TOKEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert http.token(tmp_path) == "secret"
    http.keep_token(tmp_path, "")
    assert http.token(tmp_path) == ""
    assert not path.exists()
