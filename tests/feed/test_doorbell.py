"""The doorbell: it wakes who waits for a channel and knows another head, and nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import msgspec
import pytest
from django.db import connections

from rackside_protocol.registry import encode
from rackside_protocol.sync import News, NewsRequest, Problem
from rackside_server.feed import news as endpoint
from rackside_server.feed.doorbell import Doorbell, Heads, close, doorbell
from rackside_server.feed.models import Channel
from rackside_server.feed.publish import publish
from tests.feed.test_publishing import document
from tests.kernel.cast import Actor

LONG_S = 30


async def nothing_moved(_: list[str]) -> Heads:
    return {}


class TestBell:
    def test_it_wakes_who_waits_for_the_channel_and_knows_another_head(self) -> None:
        async def story() -> tuple[dict[str, int] | None, bool, bool]:
            bell = Doorbell(nothing_moved, look_every_s=0.01)
            with (
                bell.waiting(["public"], {"public": 1}) as behind,
                bell.waiting(["public"], {"public": 2}) as ahead,
                bell.waiting(["staff"], {}) as elsewhere,
            ):
                bell.ring({"public": 2})
                return await asyncio.wait_for(behind.rung, LONG_S), ahead.rung.done(), elsewhere.rung.done()

        assert asyncio.run(story()) == ({"public": 2}, False, False)

    def test_it_is_rung_from_any_thread(self) -> None:
        async def story() -> dict[str, int] | None:
            bell = Doorbell(nothing_moved, look_every_s=0.01)
            with bell.waiting(["public"], {}) as waiter:
                await asyncio.to_thread(bell.ring, {"public": 1})
                return await asyncio.wait_for(waiter.rung, LONG_S)

        assert asyncio.run(story()) == {"public": 1}

    def test_it_hears_of_other_processes_by_looking_and_only_while_somebody_waits(self) -> None:
        looks: list[list[str]] = []

        async def look(names: list[str]) -> Heads:
            looks.append(names)
            return {"public": 7}

        async def story() -> dict[str, int] | None:
            bell = Doorbell(look, look_every_s=0.001)
            with bell.waiting(["public"], {}) as waiter:
                heads = await asyncio.wait_for(waiter.rung, LONG_S)
            assert bell._looking is not None
            await bell._looking
            before = len(looks)
            await asyncio.sleep(0.02)
            assert len(looks) == before
            return heads

        assert asyncio.run(story()) == {"public": 7}
        assert looks[0] == ["public"]

    def test_late_news_of_what_a_console_knows_already_do_not_wake_it(self) -> None:
        async def story() -> bool:
            bell = Doorbell(nothing_moved)
            with bell.waiting(["public"], {"public": 5}) as waiter:
                bell.wake({"public": 4})
                return waiter.rung.done()

        assert not asyncio.run(story())

    def test_a_look_also_finds_heads_that_went_back(self) -> None:
        async def look(_: list[str]) -> Heads:
            return {"public": 3}

        async def story() -> dict[str, int] | None:
            with Doorbell(look).waiting(["public"], {"public": 5}) as waiter:
                return await asyncio.wait_for(waiter.rung, LONG_S)

        assert asyncio.run(story()) == {"public": 3}

    def test_a_look_that_fails_is_not_the_last_one(self, caplog: pytest.LogCaptureFixture) -> None:
        async def look(_: list[str]) -> Heads:
            if not caplog.records:
                raise RuntimeError("a fault of ours")
            return {"public": 7}

        async def story() -> dict[str, int] | None:
            with Doorbell(look, look_every_s=0.001).waiting(["public"], {}) as waiter:
                return await asyncio.wait_for(waiter.rung, LONG_S)

        assert asyncio.run(story()) == {"public": 7}
        assert [record.getMessage() for record in caplog.records] == ["The doorbell could not look at the channels"]
        caplog.clear()

    def test_each_is_told_that_nothing_happened_when_its_own_time_is_over(self) -> None:
        async def story() -> list[object]:
            bell = Doorbell(nothing_moved, wait_s=0.2)
            with bell.waiting(["public"], {}) as early:
                await asyncio.sleep(0.1)
                with bell.waiting(["public"], {}) as late:
                    first = await asyncio.wait_for(early.rung, LONG_S)
                    was_done = late.rung.done()
                    return [first, was_done, await asyncio.wait_for(late.rung, LONG_S)]

        assert asyncio.run(story()) == [{}, False, {}]

    def test_who_has_gone_leaves_nothing_behind(self) -> None:
        async def story() -> Doorbell:
            bell = Doorbell(nothing_moved, look_every_s=0.001)
            for _ in range(100):
                with bell.waiting(["public", "staff"], {}):
                    pass
            return bell

        assert asyncio.run(story())._waiting == {}


async def ring(
    body: bytes, token: str = "", method: str = "POST", gone: asyncio.Event | None = None
) -> tuple[int, bytes]:
    """Call the endpoint as an ASGI server does; return status and body, 0 if it answered nothing."""
    sent: list[dict[str, Any]] = []
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    await endpoint.news({"method": method, "headers": headers}, receive, send)
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


def heads_of(body: bytes) -> dict[str, int]:
    return msgspec.json.decode(body, type=News).heads


def run(story: Callable[[], Awaitable[Any]]) -> Any:
    """Run a story whose work in threads is done by one, and close its and the doorbell's connections at the end."""

    async def told() -> Any:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        try:
            return await story()
        finally:
            await asyncio.to_thread(connections.close_all)
            await asyncio.to_thread(close)

    return asyncio.run(told())


@pytest.mark.django_db(transaction=True)
class TestEndpoint:
    def test_news_that_are_there_come_at_once(self, alice: Actor) -> None:
        publish(document(), "public")
        status, body = run(lambda: ring(encode(NewsRequest(heads={})), alice.token))
        assert status == HTTPStatus.OK
        assert heads_of(body)["public"] == Channel.objects.get(name="public").head

    def test_a_commit_wakes_a_console_that_waits(self, alice: Actor) -> None:
        known = dict(Channel.objects.values_list("name", "head"))

        async def story() -> dict[str, int]:
            waiting = asyncio.ensure_future(ring(encode(NewsRequest(heads=known)), alice.token))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            await asyncio.to_thread(publish, document(), "public")
            return heads_of((await asyncio.wait_for(waiting, LONG_S))[1])

        assert run(story) == {"public": known["public"] + 1}

    def test_what_she_may_not_read_never_rings(self, charlie: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doorbell, "_wait_s", 0.3)
        known = dict(Channel.objects.values_list("name", "head"))
        for secret in ("staff", "group:msp-owners", "me:" + "0" * 32):
            publish(document(), secret)
        assert heads_of(run(lambda: ring(encode(NewsRequest(heads=known)), charlie.token))[1]) == {}

    def test_a_console_that_hangs_up_is_not_answered(self, alice: Actor) -> None:
        known = dict(Channel.objects.values_list("name", "head"))

        async def story() -> tuple[int, bytes]:
            gone = asyncio.Event()
            waiting = asyncio.ensure_future(ring(encode(NewsRequest(heads=known)), alice.token, gone=gone))
            await asyncio.sleep(0.05)
            gone.set()
            return await asyncio.wait_for(waiting, LONG_S)

        assert run(story) == (0, b"")

    @pytest.mark.parametrize(
        ("body", "token", "method", "status"),
        [
            (encode(NewsRequest(heads={})), "nonsense", "POST", HTTPStatus.UNAUTHORIZED),
            (encode(NewsRequest(heads={})), "", "POST", HTTPStatus.UNAUTHORIZED),
            (b"[]", "", "POST", HTTPStatus.BAD_REQUEST),
            (b"{}", "", "GET", HTTPStatus.METHOD_NOT_ALLOWED),
            (b" " * (endpoint.MAX_NEWS_REQUEST_BYTES + 1), "", "POST", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ],
    )
    def test_trouble_is_a_problem(self, body: bytes, token: str, method: str, status: HTTPStatus) -> None:
        answered, problem = run(lambda: ring(body, token, method))
        assert answered == status
        assert msgspec.json.decode(problem, type=Problem).message.endswith(".")
