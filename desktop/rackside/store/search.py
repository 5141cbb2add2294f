"""Full text search over the mirror, offline. Any text is safe to search for: no word of it becomes an operator."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rackside.store import Store
from rackside.store.database import as_bytes
from rackside.store.schema import SEARCHED
from rackside_protocol.ids import Id

TITLE_WEIGHT: Final = 6.0
BODY_WEIGHT: Final = 1.0
TAGS_WEIGHT: Final = 3.0
SHORTEST_BEGINNING: Final = 3
"""Characters of a beginning that is completed: two letters begin too many words (0.5 s over 100,000 threads)."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Hit:
    """A document that matches. `score` is its BM25 within its kind; higher is better."""

    id: Id
    kind: str
    score: float


def find(store: Store, text: str, *, kinds: Sequence[str] = SEARCHED, limit: int = 20) -> list[Hit]:
    """Find documents with all of these words, the last one as far as it is typed; else with any of them."""
    words = _WORD.findall(text)
    if not words:
        return []
    more = "*" if len(words[-1]) >= SHORTEST_BEGINNING else ""
    typed = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"{more}'])
    return match(store, typed, kinds=kinds, limit=limit) or match(
        store, " OR ".join(f'"{word}"' for word in words), kinds=kinds, limit=limit
    )


def match(store: Store, expression: str, *, kinds: Sequence[str] = SEARCHED, limit: int = 20) -> list[Hit]:
    """Find documents by an FTS5 expression, best first within each kind.

    Args:
        store: this thread's store.
        expression: quoted words with AND and OR between them.
        kinds: the kinds that are searched.
        limit: the most hits of each kind.
    """
    if not expression:
        return []
    hits = [
        Hit(as_bytes(row["id"]).hex(), kind, row["score"])
        for kind in kinds
        for row in store.cache.execute(
            f"SELECT id, -score AS score FROM (SELECT rowid AS doc, bm25(words_{kind}, ?, ?, ?) AS score"  # noqa: S608 - kinds of ours
            f" FROM words_{kind} WHERE words_{kind} MATCH ? ORDER BY score LIMIT ?) JOIN documents USING (doc)",
            (TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT, expression, limit),
        )
    ]
    return sorted(hits, key=lambda hit: -hit.score)
