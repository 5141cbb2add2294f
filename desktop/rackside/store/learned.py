"""The word vectors that the community learned, as the answer pack brought them: read again when they changed."""

from typing import Final

from rackside.store import Store, documents
from rackside_protocol.answers import LearnedWords
from rackside_ranking.vectors import WordVectors

MOST_PARTS: Final = 100
_held: Final[dict[tuple[tuple[int, int], ...], WordVectors | None]] = {}
"""Of one state of the mirror, by its parts; all threads share it."""


def word_vectors(store: Store) -> WordVectors | None:
    """Return the vectors; None where there are none, or not all parts of one learning are here and sound."""
    rows = store.cache.execute("SELECT doc, seal FROM documents WHERE kind = 'learned_words' ORDER BY doc")
    state = tuple((row["doc"], row["seal"]) for row in rows)
    if state not in _held:
        found = documents.of_kind(store, LearnedWords, limit=MOST_PARTS)
        _held.clear()
        _held[state] = _joined(sorted(found, key=lambda each: each.part))
    return _held[state]


def _joined(parts: list[LearnedWords]) -> WordVectors | None:
    if not parts or len({each.learned_ms for each in parts}) > 1 or len(parts) != parts[0].parts:
        return None
    try:
        return WordVectors.unpacked([each.packed for each in parts])
    except ValueError:
        return None
