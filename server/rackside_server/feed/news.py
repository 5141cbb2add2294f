"""`POST /api/news`, native on the event loop: a console that waits costs a coroutine and no thread."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import msgspec
from django.db import Error

from rackside_protocol.registry import encode
from rackside_protocol.sync import News, NewsRequest, Problem
from rackside_server import present
from rackside_server.accounts.http import JSON, NOT_SIGNED_IN, UNAVAILABLE
from rackside_server.accounts.tokens import digest_of
from rackside_server.feed import desk
from rackside_server.feed.doorbell import doorbell

log = logging.getLogger(__name__)

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
    try:
        await _wait_and_answer(digest_of(_authorization(scope)), known, receive, send)
    except Error:
        log.exception("The database does not answer who waits")
        await _answer(send, UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)


async def _wait_and_answer(token_digest: str, known: dict[str, int], receive: Receive, send: Send) -> None:
    visitor = (await desk.visitors([token_digest])).get(token_digest)
    if visitor is None:
        await _answer(send, NOT_SIGNED_IN, HTTPStatus.UNAUTHORIZED)
        return
    present.note_sender(visitor.member, visitor.device)
    # Waiting begins before the look, so that what is committed between the two is not missed.
    with doorbell.waiting(visitor.channels, known) as waiter:
        heads = await desk.heads(visitor.channels)
        there = {name: heads[name] for name in visitor.channels if name in heads}
        differing: dict[str, int] | None = {name: head for name, head in there.items() if head != known.get(name, 0)}
        if not differing:
            ended = asyncio.ensure_future(receive())
            ended.add_done_callback(lambda _: waiter.end(None))
            try:
                differing = await waiter.rung
            finally:
                ended.cancel()
    if differing is not None:
        await _answer(send, News(heads=differing))


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


async def _answer(send: Send, value: msgspec.Struct, status: HTTPStatus = HTTPStatus.OK) -> None:
    body = encode(value)
    headers = [
        (b"content-type", JSON.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
