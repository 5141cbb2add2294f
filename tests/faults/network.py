"""What can go wrong on the way: each fault has a name, a rate, and says whether the server had the request.

A request that the server did not have is lost; of one that it had, the answer is. Only the second can double anything.
"""

import asyncio
import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Final

from rackside_protocol.registry import encode
from rackside_protocol.sync import Problem
from tests.faults.proxy import HEAD_ENDS, Exchange, Fault

LONGEST_DELAY_S: Final = 0.1
JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"
PORTAL: Final = b"<!doctype html><title>Welcome</title><p>Accept the terms of this hotel to go on."
ELSEWHERE: Final = "http://127.0.0.2:9/sign-in"


def page(status: HTTPStatus, kind: str, body: bytes, *headers: str) -> bytes:
    """Return an answer that no Rackside server gave."""
    lines = [
        f"HTTP/1.1 {status} {status.phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + HEAD_ENDS + body


async def late(exchange: Exchange) -> None:
    """Latency, another one each way."""
    await asyncio.sleep(exchange.random.uniform(0, LONGEST_DELAY_S))
    answer = await exchange.ask()
    await asyncio.sleep(exchange.random.uniform(0, LONGEST_DELAY_S))
    await exchange.tell(answer)


async def reset_before(exchange: Exchange) -> None:
    """The connection breaks before the server has anything."""
    exchange.reset()


async def half_request(exchange: Exchange) -> None:
    """The server gets the beginning of the request only, the console a reset."""
    _, writer = await asyncio.open_connection(*exchange.server)
    writer.write(exchange.request[: exchange.random.randrange(len(exchange.request))])
    await writer.drain()
    writer.close()
    exchange.reset()


async def never_asked(exchange: Exchange) -> None:
    """Half open: accepted, and silent; the server has nothing."""
    await exchange.reader.read()


async def never_answered(exchange: Exchange) -> None:
    """Half open after the request: the server has it, the console hears nothing."""
    await exchange.ask()
    await exchange.reader.read()


async def reset_at_a_byte(exchange: Exchange) -> None:
    """The connection breaks within the answer."""
    await exchange.tell(_some_of(exchange, await exchange.ask()))
    exchange.reset()


async def closed_at_a_byte(exchange: Exchange) -> None:
    """The answer ends before its announced length."""
    await exchange.tell(_some_of(exchange, await exchange.ask()))
    exchange.writer.close()


async def truncated(exchange: Exchange) -> None:
    """The body is cut, and its length says so: only the JSON, or the compression, can tell."""
    head, _, body = (await exchange.ask()).partition(HEAD_ENDS)
    body = _some_of(exchange, body)
    await exchange.tell(_with_length(head, len(body)) + HEAD_ENDS + body)


async def asked_twice(exchange: Exchange) -> None:
    """The request arrives twice, one after the other; the console hears the second answer."""
    await exchange.ask()
    await exchange.tell(await exchange.ask())


async def asked_twice_at_once(exchange: Exchange) -> None:
    """The request arrives twice at the same time; the console hears one of the two answers."""
    answers = await asyncio.gather(exchange.ask(), exchange.ask())
    await exchange.tell(exchange.random.choice(answers))


async def answered_twice(exchange: Exchange) -> None:
    """The answer comes twice on one connection: the second one waits there for the next request."""
    answer = await exchange.ask()
    await exchange.tell(answer + answer)


async def answered_before(exchange: Exchange) -> None:
    """The console hears the answer of an earlier request."""
    earlier = exchange.past.get(exchange.path)
    answer = await exchange.ask()
    await exchange.tell(earlier or answer)


async def refused(exchange: Exchange, status: HTTPStatus, *, in_json: bool, asked: bool) -> None:
    """Something answers in place of the server; perhaps the server had the request all the same."""
    if asked:
        await exchange.ask()
    body = encode(Problem(code="fault", message="Not now.")) if in_json else status.phrase.encode()
    await exchange.tell(page(status, JSON if in_json else HTML, body))


async def captive_portal(exchange: Exchange) -> None:
    """A page with status 200, and not of ours."""
    await exchange.tell(page(HTTPStatus.OK, HTML, PORTAL))


async def redirected(exchange: Exchange) -> None:
    """A redirect to another origin, which must not be followed with the token."""
    await exchange.tell(page(HTTPStatus.TEMPORARY_REDIRECT, HTML, b"", f"Location: {ELSEWHERE}"))


async def garbled(exchange: Exchange, encoding: str) -> None:
    """The body is not what its compression says."""
    await exchange.ask()
    body = exchange.random.randbytes(exchange.random.randint(1, 2_000))
    await exchange.tell(page(HTTPStatus.OK, JSON, body, f"Content-Encoding: {encoding}"))


def _some_of(exchange: Exchange, content: bytes) -> bytes:
    return content[: exchange.random.randrange(len(content))] if content else content


def _with_length(head: bytes, size: int) -> bytes:
    return re.sub(rb"(?i)(content-length: *)\d+", lambda found: found[1] + str(size).encode(), head)


def _refusals() -> dict[str, tuple[float, Fault]]:
    statuses = (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
    )
    return {
        f"{status.value}, {'JSON' if in_json else 'a page'}, {'answer' if asked else 'request'} lost": (
            0.003,
            partial(refused, status=status, in_json=in_json, asked=asked),
        )
        for status in statuses
        for in_json in (True, False)
        for asked in (True, False)
    }


FAULTS: Final[dict[str, tuple[float, Fault]]] = {
    "late": (0.05, late),
    "reset before the request": (0.02, reset_before),
    "request cut at a byte": (0.02, half_request),
    "half open, request lost": (0.01, never_asked),
    "half open, answer lost": (0.01, never_answered),
    "answer reset at a byte": (0.03, reset_at_a_byte),
    "answer closed at a byte": (0.03, closed_at_a_byte),
    "body truncated": (0.03, truncated),
    "request sent twice": (0.02, asked_twice),
    "request sent twice at once": (0.02, asked_twice_at_once),
    "answer sent twice": (0.02, answered_twice),
    "an earlier request's answer": (0.03, answered_before),
    "captive portal": (0.01, captive_portal),
    "redirect elsewhere": (0.01, redirected),
    "garbage for gzip": (0.01, partial(garbled, encoding="gzip")),
    "garbage for zstd": (0.01, partial(garbled, encoding="zstd")),
    **_refusals(),
}
"""Rates of all requests; together about four of ten."""


def only(*faults: Callable[..., object]) -> dict[str, tuple[float, Fault]]:
    """Return these faults only, each as often as the others, and no request without one."""
    chosen = {name: fault for name, (_, fault) in FAULTS.items() if fault in faults}
    return {name: (1 / len(chosen), fault) for name, fault in chosen.items()}
