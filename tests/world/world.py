"""Several consoles and one server, all real, and what must hold after every step of theirs."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import rackside
from rackside.store import Store, budget, mirror, outbox
from rackside.store.database import StoreError
from rackside.sync import engine
from rackside.sync.errors import Malformed, SyncError
from rackside.sync.http import Client
from rackside_protocol.actions import action_kind
from rackside_protocol.ids import Id
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import followed_by
from rackside_server.feed.models import Channel, FeedRow, ReceivedAction
from rackside_server.feed.verify import differences
from rackside_server.threads import actions as threads
from rackside_server.threads.models import Post, Thread
from tests.kernel.transport import TEST_ORIGIN
from tests.world.deeds import CREATES, KINDS, chosen
from tests.world.kill import Files, Killed, killed_at
from tests.world.server import Server

SOURCE: Final = Path(next(iter(rackside.__path__)))
PASSES: Final = 4
"""Syncs of everybody after which all must be quiet."""
SMALL_BYTES: Final = 1


class Broken(AssertionError):  # noqa: N818 - it is what a test looks for
    """Something does not hold."""


@dataclass
class Console:
    """One device of a member."""

    handle: str
    member: Id
    folder: Path
    client: Client
    store: Store
    files: Files
    written: dict[Id, str] = field(default_factory=dict)
    """Every action it ever confirmed, with its kind."""
    let_go: set[Id] = field(default_factory=set)
    """What the server had when it left the outbox, with a channel that was lost or after a month; or was dismissed."""

    taken_away: set[Id] = field(default_factory=set)
    """What she made and somebody took out of sight; a restore may bring it back."""

    def bury(self) -> None:
        """Go back to what was on the disk when it was killed, and start again."""
        self.store.close()
        self.files.restore()
        self.store = Store.open(self.folder)

    def states(self) -> dict[Id, str]:
        """Return the state of every action that the outbox holds, those kept out of sight too."""
        return {row["id"]: row["state"] for row in self.store.outbox.execute("SELECT id, state FROM actions")}

    def without_effect(self) -> set[Id]:
        """Return what changed nothing that she reads: no time-line can have lost it."""
        return {
            row["id"]
            for row in self.store.outbox.execute("SELECT id FROM actions WHERE state = 'done' AND length(at) = 2")
        }

    def held(self) -> dict[tuple[str, Id], bytes]:
        """Return every document, by channel and id."""
        rows = self.store.cache.execute("SELECT name, id, payload FROM documents JOIN channels USING (channel)")
        return {(row["name"], row["id"].hex()): row["payload"] for row in rows}

    def trimmed(self) -> set[tuple[str, Id]]:
        """Return what was let go to save space."""
        rows = self.store.cache.execute("SELECT name, id FROM trimmed JOIN channels USING (channel)")
        return {(row["name"], row["id"].hex()) for row in rows}

    def in_view(self) -> set[Id]:
        """Return the ids of what a person sees: documents, and what waits to become one."""
        return {key for _, key in self.held()} | {entry.action.id for entry in outbox.pending(self.store)}


class Heard(logging.Handler):
    """What consoles say of a mirror that is not as the server: they mend it, and it must not come to that."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: list[str] = []
        logging.getLogger(mirror.__name__).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a sentence."""
        self.sentences.append(record.getMessage())

    def close(self) -> None:
        """Hear no more."""
        logging.getLogger(mirror.__name__).removeHandler(self)
        super().close()


class World:
    """The consoles, the server, and the steps."""

    def __init__(self, folder: Path, tokens: dict[str, list[str]]) -> None:
        self.heard = Heard()
        self.server = Server(folder)
        self.checked: dict[str, int] = {}
        members = dict(Member.objects.values_list("handle", "pk"))
        self.consoles = [
            self._console(folder / f"{handle}-{number}", handle, members[handle], token)
            for handle, many in tokens.items()
            for number, token in enumerate(many)
        ]

    def _console(self, folder: Path, handle: str, member: Id, token: str) -> Console:
        folder.mkdir()
        client = Client(TEST_ORIGIN, token, adapter=self.server)
        files = Files(folder, folder.with_name(f"{folder.name}-killed"))
        return Console(handle, member, folder, client, Store.open(folder), files)

    def close(self) -> None:
        """Shut every file."""
        self.heard.close()
        for each in self.consoles:
            each.client.close()
            each.store.close()

    def act(self, who: int, kind: str, pick: int, kill_line: int = 0) -> None:
        """Have somebody do something; she may be killed while it is written down."""
        console = self.consoles[who]
        action = KINDS[kind](console.store, console.member, pick)
        if action is None:
            return
        try:
            with killed_at(kill_line, SOURCE, console.files):
                outbox.put(console.store, action)
        except Killed:
            console.bury()
            if action.id in console.states():
                console.written[action.id] = action_kind(type(action))
        else:
            console.written[action.id] = action_kind(type(action))
        self.check(console)

    def sync(self, who: int, *, kill_line: int = 0, once: bool = False) -> bool:
        """Sync somebody to the end, or for one round trip; return whether it went well to the end."""
        console, before = self.consoles[who], self.consoles[who].states()
        try:
            with killed_at(kill_line, SOURCE, console.files):
                if once:
                    engine._Sync(console.store, console.client).round()
                else:
                    engine.sync(console.store, console.client)
        except Killed:
            console.bury()
            went_well = False
        except (Malformed, StoreError) as error:
            raise Broken(f"{console.handle}: {error}") from error
        except SyncError:
            went_well = False
        else:
            went_well = not once
        if self.heard.sentences:
            raise Broken(self.heard.sentences[0])
        self.check(console, in_sync=went_well)
        console.let_go |= (before.keys() - console.states().keys()) | console.without_effect()
        return went_well

    def dismiss_or_retry(self, who: int, pick: int) -> None:
        """Have somebody deal with something that was refused."""
        console = self.consoles[who]
        refused = chosen([each for each in outbox.pending(console.store) if each.state == "refused"], pick)
        if refused is None:
            return
        if pick % 2:
            outbox.dismiss(console.store, refused.action.id)
        else:
            before = console.states().keys()
            outbox.retry(console.store, refused.action.id)
            console.written |= dict.fromkeys(console.states().keys() - before, refused.kind)
        console.let_go.add(refused.action.id)

    def moderate(self, pick: int) -> None:
        """Have the staff take somebody's text out of sight."""
        items = [*Thread.objects.filter(deleted_ms=0), *Post.objects.filter(deleted_ms=0)]
        if item := chosen(sorted(items, key=lambda each: each.pk), pick):
            with self.server.at_its_time():
                threads.remove(item)

    def trim(self, who: int) -> None:
        """Have a console save space."""
        console = self.consoles[who]
        budget.trim(console.store, SMALL_BYTES, keep=console.member)

    def check(self, console: Console, *, in_sync: bool = False) -> None:
        """See that nothing of what somebody wrote is lost, and that who is in sync holds what she may read."""
        states = console.states()
        received = set(ReceivedAction.objects.filter(member_id=console.member).values_list("action_id", flat=True))
        lost = console.written.keys() - states.keys() - received - console.let_go
        if lost:
            raise Broken(f"{console.handle} wrote what neither she nor the server has: {lost}")
        self._check_view(console, received)
        if in_sync:
            self._check_equal(console)
            if waiting := set(states.values()) & {"queued", "sending"}:
                raise Broken(f"{console.handle} has synced, and is {waiting}")
        self._check_feed()

    def _check_feed(self) -> None:
        """See that fresh state equals old state plus changes, where there were any."""
        heads = dict(Channel.objects.values_list("name", "head"))
        if heads != self.checked:
            self.checked = heads
            if wrong := next(differences(), ""):
                raise Broken(wrong)

    def _check_view(self, console: Console, received: set[Id]) -> None:
        """See that what she made is in view from the moment she wrote it."""
        made = {key for key, kind in console.written.items() if kind in CREATES} - console.let_go
        if not (missing := made - console.in_view() - {key for _, key in console.trimmed()}):
            return
        alive = FeedRow.objects.filter(object_id__in=missing, channel__name__in=self._readable(console))
        there = set(alive.exclude(payload=None).values_list("object_id", flat=True))
        console.taken_away |= missing & received - there
        if unseen := missing - console.taken_away:
            raise Broken(f"{console.handle} does not see what she made: {unseen}")

    def _check_equal(self, console: Console) -> None:
        """See that a console that has synced equals the server, for what its member may read."""
        readable = self._readable(console)
        rows = FeedRow.objects.filter(channel__name__in=readable).exclude(payload=None)
        wanted = {
            (name, key): bytes(payload)
            for name, key, payload in rows.values_list("channel__name", "object_id", "payload")
            if payload is not None
        }
        held, trimmed = console.held(), console.trimmed()
        if foreign := {name for name, _ in held} - set(readable):
            raise Broken(f"{console.handle} holds what she may not read: {foreign}")
        if wrong := [
            key for key in wanted.keys() | held.keys() if key not in trimmed and wanted.get(key) != held.get(key)
        ]:
            raise Broken(f"{console.handle} is not as the server in {wrong}")
        digests = dict(Channel.objects.filter(name__in=readable).values_list("name", "digest"))
        if {name: digest for name, digest in mirror.digests(console.store).items() if digest != digests.get(name, 0)}:
            raise Broken(f"{console.handle} has other digests")

    def _readable(self, console: Console) -> list[str]:
        return followed_by(Member.objects.get(pk=console.member))

    def settle(self) -> None:
        """Let everybody sync until all is quiet; then nothing may be lost, doubled or left over."""
        self.server.fault, self.server.kill_line = "", 0
        self.checked = {}
        for _ in range(PASSES):
            before = dict(Channel.objects.values_list("name", "head"))
            for who in range(len(self.consoles)):
                if not self.sync(who):
                    raise Broken(f"{self.consoles[who].handle} cannot sync")
            if before == dict(Channel.objects.values_list("name", "head")):
                break
        else:
            raise Broken("it never becomes quiet")
        for console in self.consoles:
            refused = {key for key, state in console.states().items() if state == "refused"}
            if any(state != "done" for key, state in console.states().items() if key not in refused):
                raise Broken(f"{console.handle}'s outbox does not drain: {console.states()}")
            received = set(ReceivedAction.objects.filter(member_id=console.member).values_list("action_id", flat=True))
            if lost := console.written.keys() - received - console.let_go - refused:
                raise Broken(f"the server does not have what {console.handle} did: {lost}")


@contextmanager
def clock_ahead(ms: int) -> Iterator[None]:
    """Let the consoles' clock be wrong."""
    right = time.time_ns
    time.time_ns = lambda: right() + ms * 1_000_000  # type: ignore[assignment]
    try:
        yield
    finally:
        time.time_ns = right
