"""The engine against an executable model of the server: lost, late and repeated messages, restores, leaving, resets."""

from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rackside.store import Store, documents, mirror, outbox
from rackside.sync import engine
from rackside.sync.engine import sync
from rackside.sync.errors import SyncError, Unreachable
from rackside_protocol.ids import new_id
from rackside_protocol.threads import Ask, Delete, Thread
from tests.store.pages import number, thread
from tests.sync.model import Model

GROUPS = ["linux", "windows"]
STEPS = [
    "ask",
    "ask",
    "delete",
    "elsewhere",
    "elsewhere",
    "withdraw",
    "move",
    "sync",
    "sync",
    "lose request",
    "lose answer",
    "one round",
    "backup",
    "restore",
    "leave",
    "join",
    "forget deletions",
    "reopen",
]


class Life:
    """A console and its server through a random life; after each step nothing the person wrote is lost or doubled."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - repeatable on purpose
        self.folder = folder
        self.store = Store.open(folder)
        self.server = Model(self.random, page_rows=self.random.choice([1, 2, 5]))
        self.server.new_epoch_on_restore = self.random.random() < 0.5
        self.server.followed = {f"group:{each}" for each in GROUPS}
        self.written: dict[str, Ask] = {}
        self.excused: set[str] = set()
        self.saved: object | None = None

    def step(self, name: str) -> None:
        getattr(self, name.replace(" ", "_"))()
        self.check()

    def ask(self) -> None:
        action = Ask(id=new_id(), group=self.random.choice(GROUPS), title="A title", body="A body")
        self.written[action.id] = action
        outbox.put(self.store, action)

    def delete(self) -> None:
        if self.written:
            item = self.random.choice(list(self.written))
            self.excused.add(item)
            outbox.put(self.store, Delete(id=new_id(), item=item, item_kind="thread"))

    def elsewhere(self) -> None:
        value = self.random.randrange(1, 12)
        name = f"group:{self.random.choice(GROUPS)}"
        self._withdraw(number(value))
        self.server.publish(name, number(value), thread(value, f"Title {self.random.random()}"))

    def withdraw(self) -> None:
        self._withdraw(number(self.random.randrange(1, 12)))

    def _withdraw(self, document: str) -> None:
        for name, channel in self.server.channels.items():
            if channel.rows.get(document, (0, None))[1] is not None:
                self.server.publish(name, document, None)

    def move(self) -> None:
        visible = [each for each in self.server.visible().values() if isinstance(each, Thread)]
        if visible:
            moved = self.random.choice(visible)
            self.excused.add(moved.id)
            self._withdraw(moved.id)
            self.server.publish(f"group:{self.random.choice(GROUPS)}", moved.id, moved)

    def sync(self) -> None:
        with suppress(Unreachable):
            sync(self.store, self.server)

    def one_round(self) -> None:
        with suppress(Unreachable):
            engine._Sync(self.store, self.server).round()

    def lose_request(self) -> None:
        self.server.lose_request = True

    def lose_answer(self) -> None:
        self.server.lose_answer = True

    def backup(self) -> None:
        self.saved = self.server.backup()

    def restore(self) -> None:
        if self.saved is not None:
            self.server.restore(self.saved)

    def leave(self) -> None:
        self.server.followed.discard(f"group:{self.random.choice(GROUPS)}")

    def join(self) -> None:
        self.server.followed.add(f"group:{self.random.choice(GROUPS)}")

    def forget_deletions(self) -> None:
        if self.server.channels:
            self.server.forget_deletions(self.random.choice(list(self.server.channels)))

    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder)

    @property
    def seen(self) -> set[str]:
        return {each.id for each in documents.of_kind(self.store, Thread, limit=10_000)}

    def check(self) -> None:
        """One's own post is in view at every moment: in the mirror or in the outbox."""
        left = {f"group:{each}" for each in GROUPS} - self.server.followed
        if left:
            self.excused |= {each for each, ask in self.written.items() if f"group:{ask.group}" in left}
        waiting = {entry.action.id for entry in outbox.pending(self.store)}
        missing = self.written.keys() - self.excused - waiting - self.seen
        assert not missing, "a post is neither in the outbox nor in the mirror"

    def settle(self) -> None:
        """When all is quiet, the console holds what its member may see, once, and the outbox is empty."""
        self.server.lose_answer = self.server.lose_request = False
        self.server.followed = {f"group:{each}" for each in GROUPS}
        sync(self.store, self.server)
        sync(self.store, self.server)
        held = documents.of_kind(self.store, Thread, limit=10_000)
        assert len({each.id for each in held}) == len(held)
        assert {each.id: each for each in held} == self.server.visible()
        assert all(entry.state == "refused" for entry in outbox.pending(self.store))
        unsent = {entry.action.id for entry in outbox.pending(self.store)}
        assert self.written.keys() - self.excused - unsent <= {each.id for each in held}


def live(steps: list[str], seed: int) -> None:
    with TemporaryDirectory() as folder:
        life = Life(Path(folder), seed)
        try:
            for step in steps:
                life.step(step)
            life.settle()
        finally:
            life.store.close()


@settings(deadline=None, max_examples=60)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=40), seed=st.integers(0, 2**32))
def test_nothing_is_lost_doubled_or_left_behind_whatever_happens(steps: list[str], seed: int) -> None:
    live(steps, seed)


def broken_within(lives: int) -> bool:
    """Say whether random lives of the same kind come upon a planted fault."""
    for seed in range(lives):
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        try:
            live(random.choices(STEPS, k=40), seed)
        except (AssertionError, SyncError):
            return True
    return False


TWINS = {
    "a reset does not queue again what was acknowledged": (outbox, "send_again", lambda *_: None),
    "no witness": (outbox, "unseen", lambda _: []),
    "dropped when acknowledged": (
        outbox,
        "note_seen",
        lambda store, *_, **__: store.outbox.execute("DELETE FROM actions WHERE state = 'sent'"),
    ),
    "an older row replaces a newer": (mirror, "_delete_all", lambda *_: set()),
    "what was being sent is not sent again": (
        outbox,
        "give_back",
        lambda store: store.outbox.execute("DELETE FROM actions WHERE state = 'sending'"),
    ),
}


@pytest.mark.parametrize("twin", TWINS)
def test_each_safeguard_is_missed_when_it_is_off(twin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, unsafe = TWINS[twin]
    monkeypatch.setattr(where, name, unsafe)
    assert broken_within(150)


def test_the_lives_that_find_the_twins_are_well_without_them() -> None:
    assert not broken_within(60)
