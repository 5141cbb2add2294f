"""The sync thread: nothing before the consent, soon after something was written, and a word for every state."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from rackside import settings
from rackside.settings import Settings
from rackside.store import Store, mirror, outbox, secrets
from rackside.sync.connect import connect
from rackside.sync.engine import FIRST_RETRY_S, LONGEST_RETRY_S, next_delay
from rackside.sync.http import Client
from rackside.sync.loop import SyncLoop
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask
from tests.store.pages import fill, thread
from tests.sync.hostile import Hostile, Reply, as_json, well

PATIENCE_S = 20
NEVER_S = 3_600.0


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.01)


class Life:
    """A loop under way, and what it said."""

    def __init__(self, home: Path, make: Callable[[], Client | None]) -> None:
        self.topics: set[str] = set()
        self.phases: list[str] = []
        self.loop = SyncLoop(home, make, self.note, period_s=NEVER_S)

    def note(self, topics: frozenset[str]) -> None:
        self.topics |= topics
        if self.loop.status.phase not in self.phases[-1:]:
            self.phases.append(self.loop.status.phase)


@pytest.fixture
def life(tmp_path: Path, hostile: Hostile) -> Iterator[Life]:
    made = Life(tmp_path, lambda: Client(hostile.url, "secret"))
    yield made
    made.loop.stop(PATIENCE_S)
    assert not any(each.is_alive() for each in made.loop._threads)


def is_in(life: Life, phase: str) -> bool:
    return life.loop.status.phase == phase


def answering(answer: Reply, _: dict[str, object]) -> Reply:
    return answer


def put_something(home: Path) -> None:
    with Store.open(home) as store:
        outbox.put(store, Ask(id=new_id(), group="linux", title="Disk is full", body="Why?"))


def waiting(home: Path) -> int:
    with Store.open(home) as store:
        return len(outbox.pending(store))


def news_never(asked: dict[str, object]) -> Reply:
    if "heads" in asked:
        time.sleep(0.05)
        return as_json({"heads": {}})
    return as_json(well(asked))


@pytest.mark.parametrize(
    ("chosen", "token", "connects"),
    [
        ({"consent": True}, "secret", True),
        ({"consent": False}, "secret", False),
        ({"consent": True}, "", False),
        ({"consent": True, "server_url": ""}, "secret", False),
    ],
    ids=["consent and token", "no consent", "not signed in", "no server"],
)
def test_nothing_is_sent_before_the_consent(
    tmp_path: Path,
    hostile: Hostile,
    monkeypatch: pytest.MonkeyPatch,
    chosen: dict[str, object],
    token: str,
    *,
    connects: bool,
) -> None:
    monkeypatch.setattr(secrets, "_from_keyring", lambda *_: "")
    fields = {"server_url": hostile.url, **chosen}
    settings.save(tmp_path, Settings(**fields))  # type: ignore[arg-type]
    (tmp_path / secrets.TOKEN).write_text(token)
    hostile.reply = news_never
    put_something(tmp_path)
    made = Life(tmp_path, lambda: connect(tmp_path))
    made.loop.start()
    try:
        until(lambda: made.loop.status.phase == ("synced" if connects else "no consent"))
    finally:
        made.loop.stop(PATIENCE_S)
    assert bool(hostile.asked) is connects
    assert bool(waiting(tmp_path)) is not connects


def test_what_is_written_is_sent_soon_and_its_coming_into_view_is_said(
    tmp_path: Path, hostile: Hostile, life: Life
) -> None:
    hostile.reply = news_never
    life.loop.start()
    until(lambda: life.loop.status.phase == "synced")
    put_something(tmp_path)
    life.loop.wake()
    until(lambda: waiting(tmp_path) == 0)
    until(lambda: {"outbox", "sync"} <= life.topics)
    assert life.loop.status.synced_s > 0


def test_the_doorbell_makes_it_sync(hostile: Hostile, life: Life) -> None:
    rung: list[bool] = []

    def reply(asked: dict[str, object]) -> Reply:
        if "heads" in asked and not rung:
            rung.append(True)
            return as_json({"heads": {"public": 9}})
        return news_never(asked)

    hostile.reply = reply
    life.loop.start()
    until(lambda: [path for path, _ in hostile.asked].count("/api/sync") >= 2)


def test_each_trouble_has_its_phase_sentence_and_remedy_and_ends(
    tmp_path: Path, hostile: Hostile, life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    put_something(tmp_path)
    hostile.reply = partial(answering, as_json({"code": "x", "message": "Soon again."}, 503))
    life.loop.start()
    for phase, answer in (
        ("offline", as_json({"code": "x", "message": "Soon again."}, 503)),
        ("signed out", as_json({"code": "x", "message": "Sign in again."}, 401)),
        ("trouble", as_json([1])),
    ):
        hostile.reply = partial(answering, answer)
        life.loop.wake()
        until(partial(is_in, life, phase))
        assert life.loop.status.sentence.endswith(".")
        assert life.loop.status.remedy.endswith(".")
        assert waiting(tmp_path) == 1
    assert "breaks the protocol" in caplog.text
    caplog.clear()
    hostile.reply = news_never
    life.loop.wake()
    until(lambda: life.loop.status.phase == "synced")
    assert waiting(tmp_path) == 0


def test_a_mirror_that_is_damaged_while_open_is_begun_anew(
    tmp_path: Path, hostile: Hostile, life: Life, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rackside.sync.loop.engine.next_delay", lambda *_: 0.05)
    with Store.open(tmp_path) as store:
        fill(store, *(thread(value, "Title " * 20) for value in range(1, 200)))
        store.cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "cache.db"
    good = path.read_bytes()
    path.write_bytes(good[:4096] + b"\xa5" * (len(good) - 4096))
    hostile.reply = news_never
    life.loop.start()
    until(lambda: life.loop.status.phase == "synced")
    assert "The cache is damaged" in caplog.text
    caplog.clear()
    with Store.open(tmp_path) as store:
        assert mirror.is_intact(store)
    assert (tmp_path / "cache.damaged").exists()


def test_a_bit_that_flipped_while_the_program_was_off_is_noticed_within_the_first_sync(
    tmp_path: Path, hostile: Hostile, life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1, "Printer"))
        store.cache.execute("UPDATE documents SET payload = replace(payload, 'Printer', 'Qrinter')")
    hostile.reply = news_never
    life.loop.start()
    until(lambda: "The cache is damaged" in caplog.text and is_in(life, "synced"))
    caplog.clear()
    with Store.open(tmp_path) as store:
        assert mirror.is_intact(store)
        assert mirror.cursors(store) == []


def test_the_delay_doubles_to_five_minutes_and_is_never_the_same_for_all() -> None:
    random = Random(1)  # noqa: S311 - repeatable on purpose
    for failures in range(1, 200):
        drawn = [next_delay(failures, random) for _ in range(20)]
        full = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (failures - 1))
        assert all(0.75 * full <= delay <= full for delay in drawn)
        assert len(set(drawn)) > 1


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
def test_a_private_channel_expires_only_when_the_server_cannot_be_reached(
    tmp_path: Path, hostile: Hostile, life: Life, *, online: bool
) -> None:
    with Store.open(tmp_path) as store:
        fill(store, thread(1), channel="group:owners")
        store.cache.execute("UPDATE channels SET synced_ms = 1")
    hostile.reply = news_never if online else partial(answering, as_json({"code": "x", "message": "Soon again."}, 503))
    life.loop.start()
    until(lambda: is_in(life, "synced" if online else "offline"))
    life.loop.stop(PATIENCE_S)
    with Store.open(tmp_path) as store:
        assert ("group:owners" in mirror.seen(store)) is online
    assert ("thread" in life.topics) is not online
