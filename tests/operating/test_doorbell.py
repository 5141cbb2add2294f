"""The doorbell is counted, logged and named like every other endpoint, and keeps its secrets when it fails."""

import asyncio
import json
from collections.abc import MutableMapping
from io import StringIO
from typing import Any

import msgspec
import pytest

from rackside_protocol.registry import encode
from rackside_protocol.sync import NewsRequest, Problem
from rackside_server.feed.news import Receive, Scope, Send, news
from rackside_server.operating import measures
from rackside_server.operating.doorbell import Application, observed
from tests.kernel.cast import Actor
from tests.operating.test_logs import entries, lines

__all__ = ["lines"]

TOKEN = "a-bare-canary-of-a-token"
Sent = list[MutableMapping[str, Any]]


def rung(application: Application, token: str, body: bytes = b"{}") -> Sent:
    """Ring once; return the messages of the answer."""
    sent: Sent = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    headers = [(b"authorization", f"Bearer {token}".encode()), (b"x-request-id", b"from-the-proxy")]
    scope = {"type": "http", "method": "POST", "path": "/api/news", "headers": headers}
    asyncio.run(observed(application)(scope, receive, send))
    return sent


@pytest.mark.django_db(transaction=True)
def test_it_is_logged_with_whose_it_was_and_carries_its_id(lines: StringIO, alice: Actor) -> None:
    start, body = rung(news, alice.token, encode(NewsRequest(heads={"public": 0})))
    assert (start["status"], dict(start["headers"])[b"x-request-id"]) == (200, b"from-the-proxy")
    [line] = [each for each in entries(lines) if each["message"] == "answered"]
    assert (line["path"], line["status"], line["member"], line["device"]) == (
        "/api/news", 200, alice.id, alice.device,
    )  # fmt: skip
    assert (line["request"], line["bytes"]) == ("from-the-proxy", len(body["body"]))
    assert alice.token not in lines.getvalue()


def test_when_it_fails_it_says_so_and_tells_the_log_and_not_its_secrets(
    lines: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(_: Scope, __: Receive, ___: Send) -> None:
        await asyncio.sleep(0)
        raise RuntimeError(f"with {TOKEN}")

    start, body = rung(fails, TOKEN)
    assert start["status"] == 500
    assert msgspec.json.decode(body["body"], type=Problem).code == "failed"
    assert "with [struck out]" in lines.getvalue()
    assert TOKEN not in lines.getvalue()
    assert {json.loads(line)["request"] for line in lines.getvalue().splitlines() if "from-the" in line}
    caplog.clear()


def test_a_console_is_counted_as_long_as_it_waits() -> None:
    counted = []

    async def looks(_: Scope, __: Receive, ___: Send) -> None:
        await asyncio.sleep(0)
        counted.append(waiting())

    def waiting() -> float:
        return sum(measures.samples(measures.registry_of_all(), "rackside_waiting_consoles", "").values())

    before = waiting()
    assert rung(looks, TOKEN) == []
    assert (counted, waiting()) == ([before + 1], before)
