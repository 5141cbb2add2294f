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


class Refused(Exception):  # noqa: N818 - it is answered
    """A request is answered with a problem."""

    def __init__(self, problem: Problem, status: HTTPStatus) -> None:
        super().__init__(problem.message)
        self.problem, self.status = problem, status


async def news(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the heads that are not as the console knows them, at once or when the bell rings."""
    try:
        channels, known = await _asked(scope, receive)
        differing = await _wait(channels, known, receive)
    except Refused as refused:
        await _answer(send, refused.problem, refused.status)
    except Error:
        log.exception("The database does not answer who waits")
        await _answer(send, UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        if differing is not None:
            await _answer(send, News(heads=differing))


async def _asked(scope: Scope, receive: Receive) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the channels of whoever asks, and the heads that she knows; nothing else is kept while she waits.

    Raises:
        Refused: the request cannot be read, or its token is not accepted.
    """
    if scope["method"] != "POST":
        raise Refused(NOT_POST, HTTPStatus.METHOD_NOT_ALLOWED)
    body = await _body(receive)
    if body is None:
        raise Refused(TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        known = msgspec.json.decode(body, type=NewsRequest).heads
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(MALFORMED, HTTPStatus.BAD_REQUEST) from error
    digest = digest_of(_authorization(scope))
    visitor = (await desk.visitors([digest])).get(digest)
    if visitor is None:
        raise Refused(NOT_SIGNED_IN, HTTPStatus.UNAUTHORIZED)
    present.note_sender(visitor.member, visitor.device)
    return visitor.channels, {name: known[name] for name in visitor.channels if name in known}


async def _wait(channels: tuple[str, ...], known: dict[str, int], receive: Receive) -> dict[str, int] | None:
    """Return the heads that differ, as soon as any does; None when she has hung up."""
    # Waiting begins before the look, so that what is committed between the two is not missed.
    with doorbell.waiting(channels, known) as waiter:
        if differing := await _differing(channels, known):
            return differing
        ended = asyncio.ensure_future(receive())
        ended.add_done_callback(lambda _: waiter.end(None))
        try:
            return await waiter.rung
        finally:
            ended.cancel()


async def _differing(channels: tuple[str, ...], known: dict[str, int]) -> dict[str, int]:
    heads = await desk.heads(channels)
    return {name: heads[name] for name in channels if name in heads and heads[name] != known.get(name, 0)}


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
