"""`POST /api/news`, native on the event loop: a console that waits costs a coroutine and no thread."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import msgspec
from django.db import close_old_connections

from rackside_protocol.registry import encode
from rackside_protocol.sync import NEWS_WAIT_S, News, NewsRequest, Problem
from rackside_server.accounts.http import JSON, NOT_SIGNED_IN
from rackside_server.accounts.tokens import device_of
from rackside_server.feed.channels import followed_by
from rackside_server.feed.doorbell import doorbell
from rackside_server.feed.models import Channel

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_NEWS_REQUEST_BYTES: Final = 256 * 1024
MALFORMED: Final = Problem(code="malformed", message="The request cannot be read.")
NOT_POST: Final = Problem(code="method", message="This address takes POST only.")
TOO_LARGE: Final = Problem(code="too_large", message=f"At most {MAX_NEWS_REQUEST_BYTES:,} bytes are taken.")


async def news(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the heads that are not as the console knows them, at once or when the bell rings."""
    if scope["method"] != "POST":
        await _answer(send, NOT_POST, HTTPStatus.METHOD_NOT_ALLOWED)
        return
    body = await _body(receive)
    if body is None:
        await _answer(send, TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return
    try:
        known = msgspec.json.decode(body, type=NewsRequest).heads
    except (msgspec.DecodeError, UnicodeDecodeError):
        await _answer(send, MALFORMED, HTTPStatus.BAD_REQUEST)
        return
    channels = await asyncio.to_thread(_channels, _authorization(scope))
    if channels is None:
        await _answer(send, NOT_SIGNED_IN, HTTPStatus.UNAUTHORIZED)
        return
    await _wait_and_answer(channels, known, receive, send)


async def _wait_and_answer(channels: list[str], known: dict[str, int], receive: Receive, send: Send) -> None:
    ended = asyncio.ensure_future(receive())
    try:
        # Waiting begins before the look, so that what is committed between the two is not missed.
        with doorbell.waiting(channels, known) as rung:
            heads = await asyncio.to_thread(_differing, channels, known)
            if not heads:
                either: set[asyncio.Future[Any]] = {rung, ended}
                await asyncio.wait(either, timeout=NEWS_WAIT_S, return_when=asyncio.FIRST_COMPLETED)
                heads = rung.result() if rung.done() else {}
        if not ended.done():
            await _answer(send, News(heads=heads))
    finally:
        ended.cancel()


def _authorization(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")


async def _body(receive: Receive) -> bytes | None:
    """Read the request's body; None when it is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_NEWS_REQUEST_BYTES:
            return None
    return body


def _channels(authorization: str) -> list[str] | None:
    """Return the channels of the member whose token this is; None when it is refused."""
    close_old_connections()
    device = device_of(authorization)
    return followed_by(device.member) if device is not None else None


def _differing(channels: list[str], known: dict[str, int]) -> dict[str, int]:
    close_old_connections()
    heads = Channel.objects.filter(name__in=channels).values_list("name", "head")
    return {name: head for name, head in heads if head != known.get(name, 0)}


async def _answer(send: Send, value: msgspec.Struct, status: HTTPStatus = HTTPStatus.OK) -> None:
    body = encode(value)
    headers = [
        (b"content-type", JSON.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
