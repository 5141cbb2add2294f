"""The mirror, read: every document that this console may see, as the server last sent it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

from rackside.store import Store
from rackside.store.database import as_bytes
from rackside.store.pins import pinned
from rackside.store.rows import read
from rackside_protocol.documents import Document, kind_of
from rackside_protocol.ids import Id
from rackside_protocol.registry import DOCUMENTS
from rackside_protocol.threads import Thread

D = TypeVar("D", bound=Document)
Order: TypeAlias = Literal["newest", "oldest"]
ThreadFilter: TypeAlias = Literal["newest", "unanswered", "mine", "pinned"]
MOST_PINNED: Final = 10_000
"""In one list; SQLite takes 32,766 parameters."""
_ORDERS: Final[dict[Order, str]] = {"newest": "moment_ms DESC, doc DESC", "oldest": "moment_ms, doc"}


@dataclass(frozen=True)
class ChannelState:
    """How much this console holds of a channel, and up to which version."""

    name: str
    version: int
    documents: int
    size_bytes: int
    synced_ms: int


def get(store: Store, document: Id) -> Document | None:
    """Return a document by its id, or None when this console does not hold it."""
    try:
        key = bytes.fromhex(document)
    except ValueError:
        return None
    row = store.cache.execute("SELECT payload FROM documents WHERE id = ? LIMIT 1", (key,)).fetchone()
    return read(as_bytes(row["payload"])) if row else None


def of_kind(
    store: Store, kind: type[D], *, parent: str | None = None, limit: int = 50, offset: int = 0, order: Order = "newest"
) -> list[D]:
    """Return documents of a kind, a page at a time; with `parent`, those of one thread, group or idea."""
    where, values = "kind = ?", [kind_of(kind)]
    if parent is not None:
        where, values = f"{where} AND parent = ?", [*values, parent]
    return _page(store, kind, where, values, limit, offset, _ORDERS[order])


def by_author(store: Store, kind: type[D], author: Id, *, limit: int = 50) -> list[D]:
    """Return the newest documents of a kind that a member wrote."""
    return _page(store, kind, "kind = ? AND author = ?", [kind_of(kind), author], limit, 0, _ORDERS["newest"])


def threads(store: Store, which: ThreadFilter, *, me: Id, offset: int = 0, limit: int = 50) -> list[Thread]:
    """Return a page of threads: newest activity first, without a reply, the member's own, or those she pinned."""
    where, values = _threads_where(store, which, me)
    return _page(store, Thread, where, values, limit, offset, _ORDERS["newest"])


def count_threads(store: Store, which: ThreadFilter = "newest", *, me: Id = "") -> int:
    """Return how many threads that is."""
    where, values = _threads_where(store, which, me)
    row = store.cache.execute(f"SELECT count(*) FROM documents WHERE {where}", values).fetchone()  # noqa: S608 - ours
    return int(row[0])


def with_alert(store: Store, alert: str, *, limit: int = 100) -> list[Thread]:
    """Return the threads whose signature begins with this kind of alert."""
    return _page(store, Thread, "alert = ?", [alert], limit, 0, _ORDERS["newest"])


def channels(store: Store) -> list[ChannelState]:
    """Return the channels that this console holds, by name."""
    rows = store.cache.execute(
        "SELECT name, channels.version, synced_ms, count(doc) AS held, coalesce(sum(length(payload)), 0) AS size"
        " FROM channels LEFT JOIN documents USING (channel) GROUP BY channel ORDER BY name"
    )
    return [ChannelState(row["name"], row["version"], row["held"], row["size"], row["synced_ms"]) for row in rows]


def last_synced_ms(store: Store) -> int:
    """Return when a channel was last brought up to date, 0 if none ever was."""
    return int(store.cache.execute("SELECT coalesce(max(synced_ms), 0) FROM channels").fetchone()[0])


def confirmed_ms(store: Store, document: Id) -> int:
    """Return when the channel of a document was last brought up to date, 0 when this console does not hold it."""
    statement = "SELECT synced_ms FROM documents JOIN channels USING (channel) WHERE id = ?"
    row = store.cache.execute(statement, (bytes.fromhex(document),)).fetchone()
    return int(row["synced_ms"]) if row else 0


def everything(store: Store) -> dict[tuple[Id, str], Document | None]:
    """Return every document that is held, by its id and channel; None where this version cannot read it."""
    rows = store.cache.execute("SELECT id, name, payload FROM documents JOIN channels USING (channel)")
    return {(as_bytes(row["id"]).hex(), row["name"]): read(as_bytes(row["payload"])) for row in rows}


def unknown_kinds(store: Store) -> set[str]:
    """Return kinds that a newer server sent and this console keeps without showing them."""
    held = {row["kind"] for row in store.cache.execute("SELECT DISTINCT kind FROM documents")}
    return held - set(DOCUMENTS)


def _page(  # noqa: PLR0917 - one statement's parts
    store: Store, kind: type[D], where: str, values: Sequence[object], limit: int, offset: int, order: str
) -> list[D]:
    rows = store.cache.execute(
        f"SELECT payload FROM documents WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?",  # noqa: S608 - our own words
        [*values, limit, offset],
    )
    found = (read(as_bytes(row["payload"])) for row in rows)
    return [each for each in found if isinstance(each, kind)]


def _threads_where(store: Store, which: ThreadFilter, me: Id) -> tuple[str, Sequence[object]]:
    if which == "unanswered":
        return "kind = 'thread' AND open", []
    if which == "mine":
        return "kind = 'thread' AND author = ?", [me]
    if which == "pinned":
        keys = [bytes.fromhex(thread) for thread in pinned(store)[:MOST_PINNED]]
        return f"kind = 'thread' AND id IN ({', '.join('?' * len(keys))})", keys
    return "kind = 'thread'", []
