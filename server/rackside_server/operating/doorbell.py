"""The doorbell, observed: it is answered before Django, and so is counted, logged and named here."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from rackside_server import present
from rackside_server.feed.news import Receive, Scope, Send
from rackside_server.operating import measures, observing

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def observed(application: Application) -> Application:
    """Return the application with its requests counted and logged, and each console counted while it waits."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        began_s = time.perf_counter()
        status, size_bytes = int(HTTPStatus.INTERNAL_SERVER_ERROR), 0
        headers = {name.decode("latin-1").title(): value.decode("latin-1") for name, value in scope["headers"]}
        with present.answering(headers.get(observing.REQUEST_ID, "")) as this, measures.waiting():
            present.hide(*observing.secrets_of(headers))

            async def named(message: MutableMapping[str, Any]) -> None:
                nonlocal status, size_bytes
                if message["type"] == "http.response.start":
                    status = message["status"]
                    name = (observing.REQUEST_ID.lower().encode(), this.request_id.encode())
                    message = {**message, "headers": [*message["headers"], name]}
                size_bytes += len(message.get("body", b""))
                await send(message)

            try:
                await application(scope, receive, named)
            finally:
                observing.finish(
                    this,
                    endpoint=scope["path"].removeprefix("/"),
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    took_s=time.perf_counter() - began_s,
                    size_bytes=size_bytes,
                )

    return answering
