"""The peer of the doorbell: the same wait as a plain asynchronous view of Django, on the same server and database.

It has no middleware. It looks up the device and the channels as one would with Django's ORM, in threads that several
requests share (of its own, each request would hold one, with a connection, while it waits), and has only what wakes
it in common with ours.
"""

# ruff: noqa: E402 - what is imported last wants Django to be set up

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.django_doorbell_settings"

from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

application = get_asgi_application()

WAIT_S = 3_600
"""Without end, here: 5,000 who ask again every 25 s would keep it from ever being quiet enough to be measured."""

import msgspec

from rackside_protocol.registry import encode
from rackside_protocol.sync import News, NewsRequest
from rackside_server.accounts.tokens import device_of
from rackside_server.commands.serve import BACKLOG, MOST_CONNECTIONS
from rackside_server.feed.channels import followed_by
from rackside_server.feed.doorbell import doorbell
from rackside_server.feed.models import Channel

doorbell._wait_s = WAIT_S


def channels_of(authorization: str) -> list[str]:
    """Return the channels of whoever sent a token."""
    device = device_of(authorization)
    assert device is not None
    return followed_by(device.member)


def heads_of(channels: list[str]) -> dict[str, int]:
    """Return the heads of channels."""
    return dict(Channel.objects.filter(name__in=channels).values_list("name", "head"))


async def news(request: HttpRequest) -> HttpResponse:
    """Answer with the heads that are not as the console knows them, at once or when the bell rings."""
    known = msgspec.json.decode(request.body, type=NewsRequest).heads
    channels = await sync_to_async(channels_of, thread_sensitive=False)(request.headers["Authorization"])
    with doorbell.waiting(channels, known) as waiter:
        heads = await sync_to_async(heads_of, thread_sensitive=False)(channels)
        differing = {name: head for name, head in heads.items() if head != known.get(name, 0)}
        found = differing or await waiter.rung
    return HttpResponse(encode(News(heads=found or {})), content_type="application/json")


urlpatterns = [path("api/news", news)]

if __name__ == "__main__":
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "tests.benchmarks.django_doorbell:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        backpressure=MOST_CONNECTIONS,
    ).serve()
