"""The one application: the doorbell on the event loop, everything else Django's WSGI in threads."""

from collections.abc import MutableMapping
from typing import Any, Final

from a2wsgi import WSGIMiddleware

from rackside_server.wsgi import application as django_application  # isort: skip - it sets Django up for what follows
from rackside_server.feed.news import Receive, Scope, Send, news
from rackside_server.operating import doorbell
from rackside_server.operating.housekeeper import Housekeeper

THREADS: Final = 8
NEWS: Final = "/api/news"

_news = doorbell.observed(news)
_pages = WSGIMiddleware(django_application, workers=THREADS)  # type: ignore[arg-type] # Django's is a WSGI application


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http" and scope["path"] == NEWS:
        await _news(scope, receive, send)
    elif scope["type"] == "http":

        async def received() -> MutableMapping[str, Any]:
            """Receive, as the coroutine that a2wsgi insists on; granian's is some other awaitable."""
            return await receive()

        await _pages(scope, received, send)  # type: ignore[arg-type] # ASGI's messages are plain mappings here


async def _live(receive: Receive, send: Send) -> None:
    """Say yes to the server's start and end, and keep house in between."""
    housekeeper = Housekeeper()
    while True:
        kind = (await receive())["type"]
        if kind == "lifespan.startup":
            housekeeper.start()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            housekeeper.stop()
            return
