"""A console with a filled mirror and something unsent, its server, and all that can be seen of them."""

import pickle
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec

from rackside.store import Store, documents, mirror, outbox, search
from rackside.sync import engine
from rackside_protocol.groups import Group
from rackside_protocol.ids import Id, new_id
from rackside_protocol.people import Member
from rackside_protocol.registry import DOCUMENTS, encode
from rackside_protocol.sync import ChannelPage, Cursor, Position, row_digest
from rackside_protocol.threads import Ask, Delete, Post, Thread
from tests.store.pages import ALICE, number, post, thread
from tests.sync.model import Model

CHANNELS: Final = ("public", "group:linux", "group:windows")
THREADS: Final = 240
POSTS_A_THREAD: Final = 2
CHANGED: Final = 40
MEMBERS: Final = 30
PAGE_ROWS: Final = 200
DRAFT: Final = "ask"
ALL: Final = 100_000
WORDS: Final = ("disk", "fan", "mail", "node", "rack", "zone")
VOCABULARY: Final = tuple(f"{word}{count}" for word in WORDS for count in range(80))
LOOKED_FOR: Final = VOCABULARY[::8]
FIRST_POST: Final = 10_000
FIRST_MEMBER: Final = 50_000
OPEN_TO_BOB: Final = ("public", "group:windows", "me:bob")

View = dict[str, Any]


class Server(Model):
    """A server that tells each channel's digest at its head, counts the rows it sends, and has no network."""

    rows_sent = 0

    def close(self) -> None:
        """Do what a client does at the end: nothing here."""

    def _page(self, name: str, at: Cursor, witnesses: list[Position], left: int) -> ChannelPage | None:
        page = super()._page(name, at, witnesses, left)
        self.rows_sent += len(page.rows) if page else 0
        if page is None or page.state != "rows" or page.more:
            return page
        digest = 0
        for document, (_, value) in self.channels[name].rows.items():
            digest ^= row_digest(document, encode(value)) if value else 0
        return msgspec.structs.replace(page, digest=digest)


@dataclass(frozen=True)
class Console:
    """Files of one console at one moment, and its server then."""

    files: dict[str, bytes]
    server: bytes

    def put(self, home: Path) -> Server:
        """Write the files into an empty folder; return the server."""
        for name, data in self.files.items():
            (home / name).write_bytes(data)
        server: Server = pickle.loads(self.server)  # noqa: S301 - our own
        return server


def make(home: Path, seed: int) -> tuple[Console, Console, Console, Console]:
    """Return a console as it is closed and while it is open, as it once was, and another member's.

    Unsent are a question and a deletion; another question was refused.
    """
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    server = Server(random, PAGE_ROWS, followed=set(CHANNELS))
    _publish(server, random)
    bob = home / "bob"
    server.followed = set(OPEN_TO_BOB)
    server.publish("me:bob", number(1), thread(1, "What only bob may read", group="bob"))
    with Store.open(bob) as store:
        engine.sync(store, server)
    server.followed = set(CHANNELS)
    alice = home / "alice"
    with Store.open(alice) as store:
        engine.sync(store, server)
    once = _taken(alice, server)
    with Store.open(alice) as store:
        outbox.put(store, Ask(id=new_id(), group="unknown", title="Refused", body="A body"))
        engine.sync(store, server)
        _change(server, random)
        engine.sync(store, server)
        outbox.put(store, Ask(id=new_id(), group="linux", title="Unsent", body="A body"))
        outbox.put(store, Delete(id=new_id(), item=number(THREADS), item_kind="thread"))
        outbox.save_draft(store, DRAFT, "Words that are not sent")
        running = _taken(alice, server)
    return _taken(alice, server), running, once, _taken(bob, server)


def _publish(server: Server, random: Random) -> None:
    for value in range(1, MEMBERS + 1):
        member = Member(id=number(FIRST_MEMBER + value), handle=f"member-{value}", name=_words(random, 2))
        server.publish("public", member.id, member)
    for value, slug in enumerate(("linux", "windows"), 1):
        server.publish("public", number(value), Group(id=number(value), slug=slug, name=slug))
    for value in range(10, THREADS + 1):
        _publish_thread(server, random, value)
        for reply in range(POSTS_A_THREAD):
            key = FIRST_POST + value * POSTS_A_THREAD + reply
            server.publish(_channel(value), number(key), post(key, value, _words(random, 30)))


def _change(server: Server, random: Random) -> None:
    for value in random.sample(range(10, THREADS), CHANGED):
        if random.random() < 1 / 4:
            server.publish(_channel(value), number(value), None)
        else:
            _publish_thread(server, random, value)


def _publish_thread(server: Server, random: Random, value: int) -> None:
    about = thread(
        value,
        _words(random, 6),
        body=_words(random, 60),
        group=_channel(value).removeprefix("group:"),
        author=ALICE if value % 7 == 0 or value == THREADS else number(FIRST_MEMBER + value % MEMBERS),
        replies=value % 3,
        signature="disk-full / ext4" if value % 5 == 0 else "",
    )
    server.publish(_channel(value), number(value), about)


def _channel(value: int) -> str:
    return CHANNELS[1 + value % 2]


def _words(random: Random, count: int) -> str:
    return " ".join(random.choices(VOCABULARY, k=count))


def _taken(home: Path, server: Server) -> Console:
    files = {path.name: path.read_bytes() for path in home.glob("*.db*") if not path.name.endswith("-shm")}
    return Console(files, pickle.dumps(server))


def view(store: Store) -> View:
    """Return all that can be seen of the mirror: documents, lists in their order, what is found, and cursors."""
    kinds = list(DOCUMENTS.values())
    lists: View = {f"newest {kind}": documents.of_kind(store, kind, limit=ALL) for kind in kinds}
    lists |= {f"oldest {kind}": documents.of_kind(store, kind, limit=ALL, order="oldest") for kind in kinds}
    for which in ("newest", "unanswered", "mine"):
        lists[f"threads {which}"] = documents.threads(store, which, me=ALICE, limit=ALL)
        lists[f"count {which}"] = documents.count_threads(store, which, me=ALICE)
    lists |= {f"posts of {value}": _posts(store, value) for value in range(10, THREADS, 10)}
    lists |= {f"got {value}": documents.get(store, number(value)) for value in range(THREADS)}
    lists |= {f"words {word}": _found(store, word) for word in LOOKED_FOR}
    authors = [ALICE, *(number(FIRST_MEMBER + value) for value in range(MEMBERS))]
    return {
        **lists,
        **{f"by {author}": documents.by_author(store, Thread, author, limit=ALL) for author in authors},
        "alert": documents.with_alert(store, "disk-full"),
        "everything": documents.everything(store),
        "cursors": mirror.cursors(store),
        "digests": mirror.digests(store),
        "channels": [(each.name, each.version, each.documents, each.size_bytes) for each in documents.channels(store)],
    }


def _posts(store: Store, value: int) -> list[Post]:
    return documents.of_kind(store, Post, parent=number(value), limit=ALL)


def _found(store: Store, word: str) -> list[tuple[str, Id, float]]:
    """Return what is found, with equal scores in the order of ids."""
    hits = search.find(store, word, limit=ALL)
    return sorted((hit.kind, hit.id, round(hit.score, 9)) for hit in hits)


def unsent(home: Path) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return every row of the outbox: its actions but for how often they were tried, and its drafts."""
    with closing(sqlite3.connect(home / "outbox.db")) as connection:
        actions = connection.execute("SELECT id, body, reason FROM actions ORDER BY place").fetchall()
        return actions, connection.execute("SELECT name, text FROM drafts").fetchall()
