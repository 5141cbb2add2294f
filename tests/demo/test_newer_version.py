"""The demo of a newer version is told to a community that has the older one."""

import msgspec
import pytest

from rackside_protocol.threads import Thread
from rackside_server.demo import content, seed
from rackside_server.feed import clock
from tests.people.community import DAY_MS, feed, fresh

pytestmark = pytest.mark.django_db


def test_a_newer_version_adds_its_texts_and_leaves_the_older_words(monkeypatch: pytest.MonkeyPatch) -> None:
    told = list(content.threads())
    older = [msgspec.structs.replace(thread, body="In other words.") for thread in told[:40]]
    with monkeypatch.context() as before:
        before.setattr(content, "threads", lambda: iter(older))
        seed()
    with clock.at(clock.now_ms() + DAY_MS):
        seed()
    threads = [document for document in feed().values() if isinstance(document, Thread)]
    assert len(threads) == len(told)
    assert sum(thread.body == "In other words." for thread in threads) == len(older)
    assert feed() == fresh()
