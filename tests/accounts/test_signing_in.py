"""Signing in: people with a password, consoles with a code and PKCE, and what every misuse of either comes to."""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
import pytest
from django.test import Client

from rackside_protocol.accounts import CLIENT_ID, About, RevokeDevice, Token, TokenRequest
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.sync import PROTOCOL, Problem, SyncRequest
from rackside_server.accounts import actions, tokens
from rackside_server.accounts.models import AuthorizationCode, Device, Member
from rackside_server.feed import clock
from tests.kernel.cast import Actor
from tests.kernel.transport import request

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://127.0.0.1:49152/"
QUERY = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": REDIRECT,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": "a state",
}


@pytest.fixture
def erin() -> Member:
    return actions.join("erin", PASSWORD, name="Erin")


@pytest.fixture
def browser(erin: Member) -> Client:
    client = Client()
    client.force_login(erin)
    return client


def authorize(browser: Client, answer: str = "allow", **changes: str) -> dict[str, str]:
    """Answer the page that asks; return what the console is told."""
    response = browser.post(f"/authorize?{urlencode({**QUERY, **changes})}", {"answer": answer})
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith(REDIRECT)
    return {key: values[0] for key, values in parse_qs(urlsplit(response["Location"]).query).items()}


def exchange(code: str, **changes: str) -> tuple[int, bytes]:
    asked = TokenRequest(
        **{"code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT, "device_name": "erin-laptop", **changes}
    )
    answer = request("POST", "/api/token", encode(asked))
    return answer.status, answer.body


def syncs(token: str) -> bool:
    return request("POST", "/api/sync", encode(SyncRequest()), token=token).status == HTTPStatus.OK


class TestPeople:
    def test_a_new_member_is_signed_in_and_welcome(self, client: Client) -> None:
        form = {"handle": "frank", "name": "Frank", "password": PASSWORD}
        assert client.post("/sign-up/", form)["Location"] == "/"
        assert client.get("/devices/").status_code == HTTPStatus.OK
        assert Member.objects.get(handle="frank").trust_level == 0

    @pytest.mark.parametrize(
        ("field", "value"),
        [("handle", "Not A Slug"), ("handle", "erin"), ("handle", "x"), ("password", "short"), ("name", "")],
    )
    def test_a_form_that_will_not_do_is_shown_again_with_the_reason(
        self, field: str, value: str, client: Client, erin: Member
    ) -> None:
        form = {"handle": "frank", "name": "Frank", "password": PASSWORD, field: value}
        page = client.post("/sign-up/", form)
        assert page.status_code == HTTPStatus.OK
        assert "errorlist" in page.content.decode()
        assert list(Member.objects.values_list("handle", flat=True)) == [erin.handle]

    @pytest.mark.usefixtures("erin")
    def test_signing_in_takes_the_handle_as_it_is_typed(self, client: Client) -> None:
        answer = client.post("/sign-in/", {"username": " Erin ", "password": PASSWORD, "next": "/devices/"})
        assert answer["Location"] == "/devices/"

    @pytest.mark.usefixtures("erin")
    def test_it_never_leads_to_another_site(self, client: Client) -> None:
        form = {"username": "erin", "password": PASSWORD, "next": "https://elsewhere.example/"}
        assert client.post("/sign-in/", form)["Location"] == "/"

    @pytest.mark.usefixtures("erin")
    def test_five_failures_make_an_account_wait_for_that_address_only(self, client: Client) -> None:
        for _ in range(actions.FAILURES_ALLOWED):
            client.post("/sign-in/", {"username": "erin", "password": "wrong"})
        right = {"username": "erin", "password": PASSWORD}
        page = client.post("/sign-in/", right)
        assert "Wait 15 minutes" in page.content.decode()
        assert client.post("/sign-in/", right, REMOTE_ADDR="192.0.2.7").status_code == HTTPStatus.FOUND
        with clock.at(clock.now_ms() + actions.FAILURES_FORGOTTEN_MS + 1):
            assert client.post("/sign-in/", right).status_code == HTTPStatus.FOUND

    def test_a_member_without_a_password_signs_in_with_none(self, client: Client) -> None:
        actions.join("imported", name="Imported")
        for password in ("", "!", "None"):
            page = client.post("/sign-in/", {"username": "imported", "password": password})
            assert page.status_code == HTTPStatus.OK

    @pytest.mark.usefixtures("erin")
    def test_a_form_from_elsewhere_is_refused(self, caplog: pytest.LogCaptureFixture) -> None:
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post("/sign-in/", {"username": "erin", "password": PASSWORD})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert [record.name for record in caplog.records] == ["django.security.csrf"]
        caplog.clear()


class TestConsole:
    def test_it_gets_a_token_for_a_code(self, browser: Client, erin: Member) -> None:
        told = authorize(browser)
        assert told["state"] == QUERY["state"]
        status, body = exchange(told["code"])
        assert status == HTTPStatus.OK
        token = msgspec.json.decode(body, type=Token)
        assert (token.member, token.handle) == (erin.pk, "erin")
        assert syncs(token.access_token)
        assert Device.objects.get(pk=token.device).name == "erin-laptop"

    def test_the_server_keeps_no_token_and_no_code(self, browser: Client) -> None:
        code = authorize(browser)["code"]
        assert code not in str(list(AuthorizationCode.objects.values()))
        token = msgspec.json.decode(exchange(code)[1], type=Token)
        assert token.access_token not in str(list(Device.objects.values()))

    def test_a_code_is_good_once(self, browser: Client) -> None:
        code = authorize(browser)["code"]
        assert exchange(code)[0] == HTTPStatus.OK
        status, body = exchange(code)
        assert status == HTTPStatus.BAD_REQUEST
        assert msgspec.json.decode(body, type=Problem).code == "invalid_grant"
        assert Device.objects.count() == 1

    @pytest.mark.parametrize(
        "misuse",
        [
            {"code_verifier": "w" * 43},
            {"code_verifier": CHALLENGE},
            {"code_verifier": ""},
            {"redirect_uri": "http://127.0.0.1:49153/"},
            {"client_id": "somebody-else"},
        ],
    )
    def test_a_stolen_code_is_worth_nothing(self, misuse: dict[str, str], browser: Client) -> None:
        assert exchange(authorize(browser)["code"], **misuse)[0] == HTTPStatus.BAD_REQUEST
        assert not Device.objects.exists()

    def test_a_wrong_verifier_uses_the_code_up(self, browser: Client) -> None:
        code = authorize(browser)["code"]
        exchange(code, code_verifier="w" * 43)
        assert exchange(code)[0] == HTTPStatus.BAD_REQUEST

    def test_a_code_lasts_two_minutes(self, browser: Client) -> None:
        code = authorize(browser)["code"]
        with clock.at(clock.now_ms() + tokens.CODE_LIFETIME_MS + 1_000):
            assert exchange(code)[0] == HTTPStatus.BAD_REQUEST

    def test_declining_tells_the_console_and_makes_no_code(self, browser: Client) -> None:
        told = authorize(browser, "decline")
        assert told["error"] == "access_denied"
        assert not AuthorizationCode.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"redirect_uri": "https://elsewhere.example/"},
            {"redirect_uri": "http://127.0.0.1.elsewhere.example:80/"},
            {"redirect_uri": "http://127.0.0.1:80@elsewhere.example/"},
            {"redirect_uri": "http://localhost:49152/"},
            {"redirect_uri": "http://127.0.0.1:0/"},
            {"redirect_uri": "http://127.0.0.1:70000/"},
            {"redirect_uri": "http://127.0.0.1:49152/?to=x"},
            {"redirect_uri": "http://127.0.0.1:49152/\nSet-Cookie: x"},
            {"code_challenge_method": "plain"},
            {"code_challenge": "short"},
            {"response_type": "token"},
            {"client_id": "somebody-else"},
            {"state": "s" * 1_000},
        ],
    )
    def test_a_request_that_is_not_a_consoles_is_never_redirected(
        self, change: dict[str, str], browser: Client
    ) -> None:
        for method in (browser.get, browser.post):
            page = method(
                f"/authorize?{urlencode({**QUERY, **change})}", {"answer": "allow"} if method == browser.post else None
            )
            assert page.status_code == HTTPStatus.BAD_REQUEST
            assert "Location" not in page

    def test_who_is_not_signed_in_signs_in_first_and_comes_back(self, client: Client) -> None:
        there = f"/authorize?{urlencode(QUERY)}"
        answer = client.get(there)
        assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [there]
        actions.join("frank", PASSWORD, name="Frank")
        back = client.post(answer["Location"], {"username": "frank", "password": PASSWORD, "next": there})
        assert back["Location"] == there

    def test_only_her_own_yes_lets_it_in(self, browser: Client, caplog: pytest.LogCaptureFixture) -> None:
        """A page elsewhere cannot make her browser say yes."""
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.cookies
        answer = strict.post(f"/authorize?{urlencode(QUERY)}", {"answer": "allow"})
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert [record.name for record in caplog.records] == ["django.security.csrf"]
        caplog.clear()
        assert not AuthorizationCode.objects.exists()


class TestDevices:
    def test_a_revoked_device_is_refused_at_its_next_request(self, alice: Actor) -> None:
        assert syncs(alice.token)
        assert alice.does(RevokeDevice(id=new_id(), device=alice.device)).result == "done"
        assert not syncs(alice.token)

    def test_nobody_revokes_anothers_device(self, alice: Actor, bob: Actor) -> None:
        assert bob.does(RevokeDevice(id=new_id(), device=alice.device)).result == "refused"
        assert syncs(alice.token)

    def test_the_page_lists_ones_own_and_signs_them_out(self, browser: Client, erin: Member, alice: Actor) -> None:
        device, token = actions.open_device(erin, "erin-laptop")
        page = browser.get("/devices/").content.decode()
        assert "erin-laptop" in page
        assert "alice" not in page
        path = re.search(r'action="(/devices/[^"]+)"', page)
        assert path
        browser.post(path[1])
        assert not syncs(token)
        assert "erin-laptop" not in browser.get("/devices/").content.decode().replace("The console", "")
        browser.post(path[1].replace(device.pk, alice.device))
        assert syncs(alice.token)

    def test_a_closed_account_loses_its_devices(self, alice: Actor) -> None:
        Member.objects.filter(pk=alice.id).update(is_active=False)
        assert not syncs(alice.token)

    def test_being_seen_is_noted_once_an_hour(self, alice: Actor) -> None:
        device = Device.objects.get(pk=alice.device)
        with clock.at(device.seen_ms + actions.SEEN_EVERY_MS - 1):
            alice.sync()
        assert Device.objects.get(pk=alice.device).seen_ms == device.seen_ms
        with clock.at(device.seen_ms + actions.SEEN_EVERY_MS):
            alice.sync()
        assert Device.objects.get(pk=alice.device).seen_ms == device.seen_ms + actions.SEEN_EVERY_MS

    def test_the_owner_of_an_embedded_server_keeps_one_device_with_a_new_token_each_start(self) -> None:
        (first, old), (second, new) = actions.own_device(), actions.own_device()
        assert first.pk == second.pk
        assert not syncs(old)
        assert syncs(new)


def test_a_server_says_who_it_is_to_anybody() -> None:
    about = msgspec.json.decode(request("GET", "/api/about").body, type=About)
    assert (about.protocol, about.sign_up_open) == (PROTOCOL, True)


def test_a_member_of_the_staff_is_appointed_with_a_password_that_will_do(client: Client) -> None:
    actions.appoint("root-of-it", PASSWORD, "Root")
    assert client.login(username="root-of-it", password=PASSWORD)
    assert client.get("/admin/").status_code == HTTPStatus.OK
