"""The doorbell, observed: it is answered before Django, and so is counted, logged and named here."""

import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from http import HTTPStatus
from typing import Any

from rackside_protocol.registry import encode
from rackside_server import present
from rackside_server.accounts.http import FAILED, JSON
from rackside_server.feed.news import Receive, Scope, Send
from rackside_server.operating import measures, observing

log = logging.getLogger(__name__)

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Answer:
    """What has been sent of an answer; its first message carries the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send, self._request_id = send, request_id
        self.status, self.size_bytes = 0, 0

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Send a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            named = (observing.REQUEST_ID.lower().encode(), self._request_id.encode())
            message = {**message, "headers": [*message["headers"], named]}
        self.size_bytes += len(message.get("body", b""))
        await self._send(message)

    async def fail(self) -> None:
        """Say that it failed, if nothing was said yet."""
        if not self.status:
            headers = [(b"content-type", JSON.encode())]
            status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
            await self.send({"type": "http.response.start", "status": status, "headers": headers})
            await self.send({"type": "http.response.body", "body": encode(FAILED)})


def observed(application: Application) -> Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]:
    """Return the application with its requests counted and logged, and each console counted while it waits."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        began_s = time.perf_counter()
        headers = {name.decode("latin-1").title(): value.decode("latin-1") for name, value in scope["headers"]}
        with present.answering(headers.get(observing.REQUEST_ID, "")) as this, measures.waiting():
            present.hide(*observing.secrets_of(headers))
            del headers  # thousands wait, each with its own
            answer = _Answer(send, this.request_id)
            try:
                await application(scope, receive, answer.send)
            except Exception:  # here its secrets are known; whoever is outside would log them
                log.exception("%s failed", scope["path"])
                await answer.fail()
            finally:
                observing.finish(
                    this,
                    endpoint=scope["path"].removeprefix("/"),
                    method=scope["method"],
                    path=scope["path"],
                    status=answer.status or observing.CLIENT_LEFT,
                    took_s=time.perf_counter() - began_s,
                    size_bytes=answer.size_bytes,
                )

    return answering
