"""Web addresses on a real server on this machine: signed, never followed elsewhere, each refusal in words."""

import hashlib
import hmac
import json
import time
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from rackside.settings import BodyFormat, Webhook
from rackside.watch.delivery import texts, webhook
from rackside.watch.delivery.model import DeliveryError
from tests.watch.delivery.making import BAD, CALM, NOON_S, cleared, news
from tests.watch.delivery.servers import WebServer, web_server
from tests.watch.test_checks import certificate, closed_port, drips, speaking

pytestmark = pytest.mark.usefixtures("socket_enabled")


def send(url: str, secret: str = "", shape: BodyFormat = "json") -> str:
    chosen = Webhook(on=True, url=url, format=shape)
    return webhook.send(chosen, secret, texts.post([news(BAD, way="webhook")], "nürnberg-1", NOON_S, shape))


def failure(url: str, secret: str = "") -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        send(url, secret)
    return raised.value


def test_a_program_gets_json_that_it_can_check_the_sender_of() -> None:
    with web_server(WebServer()) as server:
        assert send(server.url, "sécret") == "localhost took the message"
    [(path, headers, body)] = server.taken
    assert path == "/hook"
    assert headers["Content-Type"] == "application/json"
    expected = hmac.new("sécret".encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Rackside-Signature"] == f"sha256={expected}"
    assert json.loads(body)["alerts"][0]["summary"] == BAD.summary


def test_without_a_secret_there_is_no_signature() -> None:
    with web_server(WebServer()) as server:
        send(server.url)
    assert "X-Rackside-Signature" not in server.taken[0][1]


def test_ntfy_gets_text_a_title_a_priority_and_its_token() -> None:
    with web_server(WebServer()) as server:
        send(server.url, "tk_1", "ntfy")
    [(_, headers, body)] = server.taken
    assert str(make_header(decode_header(headers["Title"]))) == "[nürnberg-1] Critical: /srv is 99 % full"
    assert (headers["Priority"], headers["Authorization"]) == ("5", "Bearer tk_1")
    assert body.decode().startswith("Critical: /srv is 99 % full")
    assert "X-Rackside-Signature" not in headers


def test_an_address_that_leads_elsewhere_is_not_followed() -> None:
    with web_server(WebServer()) as other, web_server(WebServer(status=302)) as server:
        server.headers["Location"] = other.url
        error = failure(server.url, "secret")
    assert other.taken == []
    assert "is not followed" in str(error)
    assert error.lasting


@pytest.mark.parametrize(
    ("status", "headers", "lasting", "after_s"),
    [
        (400, {}, True, 0),
        (404, {}, True, 0),
        (429, {"Retry-After": "120"}, False, 120),
        (429, {"Retry-After": "Wed, 21 Oct"}, False, 0),
        (500, {}, False, 0),
        (503, {"Retry-After": "9" * 400}, False, 0),
    ],
)
def test_a_refusal_lasts_and_a_busy_server_is_tried_again(
    status: int, headers: dict[str, str], after_s: float, *, lasting: bool
) -> None:
    with web_server(WebServer(status=status, headers=headers, body=b"in\x1bvalid \n payload")) as server:
        error = failure(server.url)
    assert (error.lasting, error.after_s) == (lasting, after_s)
    assert str(status) in str(error)
    assert "valid payload" in str(error)
    assert "\x1b" not in str(error)


def test_an_answer_of_many_megabytes_is_not_read() -> None:
    with web_server(WebServer(status=400, body=b"x" * 50_000_000)) as server:
        assert len(str(failure(server.url))) < 500


def test_a_certificate_that_is_not_trusted_is_sent_nothing_and_a_trusted_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = certificate(tmp_path, days=30)
    with web_server(WebServer(), context) as server:
        assert "is not trusted" in str(failure(server.url))
        assert server.taken == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        send(server.url)
        assert len(server.taken) == 1


def test_http_stays_within_ones_own_network_by_address() -> None:
    assert "has to be https://" in str(failure("http://8.8.8.8/hook"))


def test_http_sends_nothing_to_the_internet_whatever_a_name_led_to_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server(WebServer()) as server:
        send(server.url)
        monkeypatch.setattr(webhook, "is_private", lambda _: False)  # as if this machine's address were a public one
        error = failure(server.url)
    assert "is on the internet" in str(error)
    assert error.lasting
    assert len(server.taken) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_is_not_known_is_named(scheme: str) -> None:
    assert str(failure(f"{scheme}://nowhere.invalid/")).startswith("The name nowhere.invalid is not known.")


def test_nobody_there_and_one_that_drips_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be reached" in str(failure(f"http://127.0.0.1:{closed_port()}/"))
    monkeypatch.setattr(webhook, "WHOLE_S", 0.5)
    began = time.monotonic()
    with speaking(drips) as port:
        assert "did not finish" in str(failure(f"http://127.0.0.1:{port}/"))
    assert time.monotonic() - began < 10


def test_a_body_never_holds_more_than_its_list_says_however_many_alerts() -> None:
    for shape in texts.SHAPES:
        batch = [news(CALM)] * 500 + [news(cleared(CALM, NOON_S), "cleared")]
        assert len(texts.post(batch, "m" * 1_000, NOON_S, shape).body) < 60_000
