"""A server's clock that was a year ahead, and is right again, makes nobody wait for a year."""

import pytest

from rackside_protocol.accounts import TokenRequest
from rackside_server.accounts.actions import (
    issue_code,
    note_failure,
    note_seen,
    redeem_code,
    too_many_failures,
)
from rackside_server.accounts.models import Device
from rackside_server.feed import clock
from rackside_server.feed.handlers import Refused
from tests.kernel.cast import DAY_MS, Actor

ADDRESS = "192.0.2.7"
TRIES = 50
YEAR_MS = 365 * DAY_MS


def fail_often() -> None:
    for _ in range(TRIES):
        note_failure("alice", ADDRESS)


@pytest.mark.django_db
def test_failures_of_a_clock_that_was_ahead_bind_nobody_and_those_of_now_still_do() -> None:
    with clock.at(clock.now_ms() + YEAR_MS):
        fail_often()
        assert too_many_failures("alice", ADDRESS)
    assert not too_many_failures("alice", ADDRESS)
    fail_often()
    assert too_many_failures("alice", ADDRESS)


def test_a_device_is_seen_again_after_a_clock_that_was_ahead(alice: Actor) -> None:
    device = Device.objects.get(pk=alice.device)
    with clock.at(clock.now_ms() + YEAR_MS):
        note_seen(device)
    note_seen(device)
    assert abs(device.seen_ms - clock.now_ms()) < DAY_MS


def test_a_code_of_a_clock_that_was_ahead_is_worth_nothing(alice: Actor) -> None:
    uri = "http://127.0.0.1:1/"
    with clock.at(clock.now_ms() + YEAR_MS):
        code = issue_code(alice.member, "challenge", uri)
    asked = TokenRequest(code=code, code_verifier="v" * 43, redirect_uri=uri, device_name="laptop", platform="linux")
    with pytest.raises(Refused, match="too old"):
        redeem_code(asked)
