"""The log of requests: one line each, named in the answer, and no secret in it whatever happens."""

import json
import logging
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rackside_protocol.accounts import TokenRequest
from rackside_protocol.registry import encode
from rackside_server.feed import api as feed_api
from rackside_server.logs import JsonFormatter, without_secrets
from tests.kernel.cast import Actor
from tests.kernel.transport import request

pytestmark = pytest.mark.django_db
HOST = {"host": "127.0.0.1"}
PASSWORD = "Canary-of-a-password-7"
CODE = "canary-of-a-code-7"
VERIFIER = "canary-of-a-verifier-" + "7" * 40
SESSION = "canaryofasessionkey7"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """The log, as it is written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def entries(lines: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def addresses(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[str]:
    """Yield an address for each pattern of the server; Django's own admin is asked at its door."""
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if path == "/admin/":
            yield path
        elif isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield re.sub(r"<\w+:\w+>", "1", path)


def test_a_sync_is_one_line_that_says_whose_it_was_and_never_her_token(lines: StringIO, alice: Actor) -> None:
    alice.sync()
    [line] = [each for each in entries(lines) if each["logger"] == "rackside_server.requests"]
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/sync", 200)
    assert (line["member"], line["device"]) == (alice.id, alice.device)
    assert isinstance(line["ms"], float)
    assert alice.token not in lines.getvalue()


def test_a_request_keeps_the_id_it_came_with_and_gets_one_if_it_has_none(lines: StringIO) -> None:
    sent = "0192-from-the-proxy"
    kept = dict(request("GET", "/api/about", headers={"X-Request-Id": sent}).headers)["X-Request-Id"]
    made = dict(request("GET", "/api/about").headers)["X-Request-Id"]
    forged = dict(request("GET", "/api/about", headers={"X-Request-Id": 'x"} {"at":1'}).headers)["X-Request-Id"]
    assert kept == sent
    assert len(made) == len(forged) == 32
    assert [each["request"] for each in entries(lines) if each["message"] == "answered"] == [kept, made, forged]


def test_a_traceback_carries_the_id_of_its_request(
    lines: StringIO, alice: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError(f"of {alice.token}")

    monkeypatch.setattr(feed_api, "pages", fails)
    status = Client(raise_request_exception=False).post(
        "/api/sync", b"{}", "application/json", headers={**HOST, "authorization": f"Bearer {alice.token}"}
    )
    assert status.status_code == 500
    assert status.json()["code"] == "failed"
    [failure] = [each for each in entries(lines) if "traceback" in each]
    assert failure["request"] == status.headers["X-Request-Id"]
    assert "RuntimeError: of [struck out]" in str(failure["traceback"])
    caplog.clear()


def attack(address: str, token: str) -> list[int]:
    """Send every secret there is to an address, in every place where one can stand; return the statuses."""
    headers = {**HOST, "authorization": f"Bearer {token}"}
    query = f"?code={CODE}&password={PASSWORD}&code_verifier={VERIFIER}"
    form = {"username": "alice", "handle": "x", "code": CODE, "password": PASSWORD, "code_verifier": VERIFIER}
    body = encode(TokenRequest(code=CODE, code_verifier=VERIFIER, redirect_uri="http://127.0.0.1:1/", device_name="x"))

    def browser() -> Client:
        made = Client(raise_request_exception=False)
        made.cookies["sessionid"] = made.cookies["csrftoken"] = SESSION
        return made

    return [
        browser().get(address + query, headers=headers).status_code,
        browser().post(address, form, headers=headers).status_code,
        browser()
        .post(
            address + (f"?password={PASSWORD}" if address == "/api/token" else query),
            body,
            "application/json",
            headers=headers,
        )
        .status_code,
    ]


def secrets_in(text: str, token: str) -> list[str]:
    return [secret for secret in (token, PASSWORD, CODE, VERIFIER, SESSION) if secret in text]


@pytest.mark.parametrize("address", sorted({*addresses(get_resolver().url_patterns), "/nowhere", "/api/nowhere"}))
def test_no_secret_gets_into_the_log(
    address: str, lines: StringIO, alice: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    attack(address, alice.token)
    assert secrets_in(lines.getvalue(), alice.token) == []
    assert not address.startswith("/api/") or len(lines.getvalue().splitlines()) >= 3
    caplog.clear()


@pytest.mark.parametrize(
    "address", ["/", "/api/about", "/api/sync", "/api/token", "/sign-in/", "/sign-up/", "/authorize"]
)
def test_no_secret_gets_into_a_traceback_that_repeats_all_of_them(
    address: str, lines: StringIO, alice: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"{alice.token} {PASSWORD} {CODE} {VERIFIER} {SESSION}")

    for broken in (
        "accounts.api.answer", "accounts.api.redeem_code", "accounts.forms.too_many_failures", "feed.api.note_seen",
        "accounts.pages.SignUpForm.is_valid", "accounts.pages._wrong_request", "web.pages.listed",
    ):  # fmt: skip
        monkeypatch.setattr(f"rackside_server.{broken}", fails)
    statuses = attack(address, alice.token)
    assert (500 in statuses) is ("RuntimeError" in lines.getvalue())
    assert secrets_in(lines.getvalue(), alice.token) == []
    caplog.clear()


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}", "bearer {}", "?access_token={}&x=1", "csrftoken={}", '"password": "{}"', "code={}",
        "'code_verifier': '{}'", "postgresql://rackside:{}@db.example/rackside", "sessionid={}; x", "SECRET_KEY={}",
    ],
)  # fmt: skip
def test_what_a_name_gives_away_is_struck_out_anywhere(text: str) -> None:
    assert "s3cret" in text.format("s3cret")
    assert "s3cret" not in without_secrets(text.format("s3cret"))


def test_what_is_no_secret_stays() -> None:
    for text in ("The exit status is 3", "/threads/0192/", "a decoder of codecs", "encode: utf-8"):
        assert without_secrets(text) == text
