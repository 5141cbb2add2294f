"""Keeps the mirror within the disk space that the person gave it, by letting go of the oldest threads."""

from rackside.store import Store
from rackside.store.database import writing
from rackside.store.rows import forget
from rackside_protocol.ids import Id


def used_bytes(store: Store) -> int:
    """Return the size of the mirror's file without its free pages, which it uses again."""
    pages, free, size = (
        store.cache.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def trim(store: Store, budget_bytes: int, *, keep: Id) -> int:
    """Delete the oldest threads with their posts until the rest fits; return how many documents went.

    The cursors stay: a thread that changes later comes back, and what asks for one that went finds nothing.

    Args:
        store: this thread's store.
        budget_bytes: what the mirror may use.
        keep: the member whose own threads stay.
    """
    excess = used_bytes(store) - budget_bytes
    if excess <= 0:
        return 0
    cache = store.cache
    payload = cache.execute("SELECT coalesce(sum(length(payload)), 0) FROM documents").fetchone()[0]
    to_free = payload * min(1.0, excess / used_bytes(store))
    going: list[int] = []
    for row in cache.execute(
        "SELECT t.doc, t.id, length(t.payload) AS size FROM documents AS t"
        " WHERE t.kind = 'thread' AND t.author <> ? ORDER BY t.moment_ms",
        (keep,),
    ):
        if to_free <= 0:
            break
        posts = cache.execute(
            "SELECT doc, length(payload) AS size FROM documents WHERE kind = 'post' AND parent = ?", (row["id"].hex(),)
        ).fetchall()
        going += [row["doc"], *(post["doc"] for post in posts)]
        to_free -= row["size"] + sum(post["size"] for post in posts)
    with writing(cache):
        forget(cache, going)
    return len(going)
