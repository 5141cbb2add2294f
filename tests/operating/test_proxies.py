"""Behind a proxy that is trusted the sender is known; whoever is not trusted can claim nothing."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from django.conf import settings
from django.test import Client

from rackside_server.accounts.actions import FAILURES_ALLOWED
from rackside_server.accounts.models import FailedSignIn
from rackside_server.operating.proxies import sender

TRUSTED = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("192.0.2.9", "192.0.2.7", "192.0.2.9"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7, 10.1.1.1", "192.0.2.7"),
        ("127.0.0.1", "10.1.1.1, 10.1.1.2", "10.1.1.1"),
        ("127.0.0.1", "not an address", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, <script>", "127.0.0.1"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("", "192.0.2.7", ""),
    ],
)
def test_the_sender_is_the_last_hop_that_no_trusted_proxy_stands_for(peer: str, forwarded: str, expected: str) -> None:
    assert sender(peer, forwarded, TRUSTED) == expected


def test_with_no_proxy_trusted_the_header_means_nothing() -> None:
    assert sender("127.0.0.1", "192.0.2.7", ()) == "127.0.0.1"


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, trusted_proxies=TRUSTED))
    return Client(REMOTE_ADDR="127.0.0.1")


@pytest.mark.django_db
def test_the_limit_on_failed_sign_ins_holds_for_the_senders_own_address(behind_a_proxy: Client) -> None:
    def fails(address: str) -> str:
        form = {"username": "alice", "password": "wrong wrong wrong"}
        headers = {"host": "127.0.0.1", "x-forwarded-for": f"203.0.113.99, {address}"}
        return behind_a_proxy.post("/sign-in/", form, headers=headers).content.decode()

    for _ in range(FAILURES_ALLOWED):
        assert "Too many" not in fails("192.0.2.7")
    assert "Too many" in fails("192.0.2.7")
    assert "Too many" not in fails("192.0.2.8"), "or one would lock everybody out"
    assert set(FailedSignIn.objects.values_list("address", flat=True)) == {"192.0.2.7", "192.0.2.8"}
