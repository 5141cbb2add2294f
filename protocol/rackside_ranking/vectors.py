"""Word vectors that a community learns from itself: texts that were linked as one problem come to lie close together.

A text is the sum of the vectors of its words and of the four-letter pieces of them (Bojanowski et al., 2017, "Enriching
Word Vectors with Subword Information"), weighed by how rare each is, and brought to length 1. They are trained so that
of a batch of pairs each text finds its own partner (Henderson et al., 2017, "Efficient Natural Language Response
Suggestion", §4), with Adam (Kingma and Ba, 2015), and kept as bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from rackside_ranking.words import CACHED_WORDS, Terms, term

DIMENSIONS: Final = 64
LEAST_TEXTS: Final = 5
"""A piece that stands in fewer texts has no vector."""
MOST_KNOWN: Final = 16_384
"""Pieces that have a vector, the most common ones: 1.2 MB. 60,000 threads of one site have 12,000."""
PIECE_LETTERS: Final = 4
MOST_PIECES: Final = 400
"""Of one text."""
ROUNDS: Final = 30
BATCH: Final = 512
TEMPERATURE: Final = 0.1
DROPPED: Final = 0.3
"""The share of pieces that a text is shown without, each time anew: else pairs are learned by heart."""
RATE: Final = 0.003
LAST_RATE: Final = 0.1
"""The share of the rate that is left at the end."""
PART_PIECES: Final = 2_048
"""As bytes 144 KiB."""
_PIECE_BYTES: Final = 4 + 4 + DIMENSIONS
_DECAY: Final = (0.9, 0.999)
_TINY: Final = 1e-6

Vectors = NDArray[np.float32]


def _layout(pieces: int) -> np.dtype[np.void]:
    return np.dtype([("pieces", "<u4", pieces), ("weights", "<f4", pieces), ("table", "i1", (pieces, DIMENSIONS))])


@lru_cache(maxsize=CACHED_WORDS)
def _pieces_of(word: str) -> tuple[int, ...]:
    padded = f"<{word}>"
    ends = range(PIECE_LETTERS, max(PIECE_LETTERS, len(padded)) + 1)
    return term(word), *(crc32(padded[end - PIECE_LETTERS : end].encode()) for end in ends)


def pieces_of(words: Iterable[str]) -> Terms:
    """Return the numbers of words and of their pieces, once each."""
    every = dict.fromkeys(number for word in words for number in _pieces_of(word))
    return np.fromiter(every, np.uint32)[:MOST_PIECES]


@dataclass(frozen=True)
class WordVectors:
    """`table[i]` is the vector of the piece `pieces[i]`; these are ordered, and `weights` tell how rare each is."""

    pieces: Terms
    weights: NDArray[np.float32]
    table: NDArray[np.int8]

    @cached_property
    def _weighed(self) -> Vectors:
        return self.table * self.weights[:, None]

    def packed(self) -> list[bytes]:
        """Return the vectors as bytes, a part for each `PART_PIECES` pieces."""
        return [
            b"".join(
                array[at : at + PART_PIECES].astype(kind).tobytes()
                for array, kind in ((self.pieces, "<u4"), (self.weights, "<f4"), (self.table, "i1"))
            )
            for at in range(0, len(self.pieces), PART_PIECES)
        ]

    @classmethod
    def unpacked(cls, parts: Sequence[bytes]) -> "WordVectors":
        """Return the vectors of parts, in their order.

        Raises:
            ValueError: they are not what `packed` returns.
        """
        found = [np.frombuffer(part, _layout(len(part) // _PIECE_BYTES))[0] for part in parts]
        columns = [np.concatenate([part[name] for part in found]) for name in ("pieces", "weights", "table")]
        return cls(*(np.ascontiguousarray(each) for each in columns))

    def of(self, texts: Sequence[Terms]) -> Vectors:
        """Return the vectors of texts, given as `pieces`: one row each, of length 1, or 0 where no piece is known."""
        rows, starts = _flat(self.pieces, texts)
        return _unit(_sums(self._weighed[rows], starts))[0]


def learn(texts: Sequence[Terms], pairs: NDArray[np.int64], groups: NDArray[np.int64], *, seed: int = 0) -> WordVectors:
    """Learn word vectors.

    Args:
        texts: the pieces of each text.
        pairs: two columns, the numbers of texts that are about one problem.
        groups: for each text the number of its problem; two texts of one problem are never held against each other.
        seed: of the first vectors and of the order.
    """
    seen, held_by = np.unique(np.concatenate([np.empty(0, np.uint32), *texts]), return_counts=True)
    common = np.argsort(-held_by, kind="stable")[:MOST_KNOWN]
    kept = np.sort(common[held_by[common] >= LEAST_TEXTS])
    known, weights = seen[kept], np.log(len(texts) / held_by[kept]).astype(np.float32)
    chance = np.random.default_rng(seed)
    table = chance.normal(scale=0.1, size=(len(known), DIMENSIONS)).astype(np.float32)
    first, second = np.zeros_like(table), np.zeros_like(table)
    step, steps = 0, ROUNDS * -(-len(pairs) // BATCH)
    for _ in range(ROUNDS):
        order = chance.permutation(len(pairs))
        for batch in (pairs[order[at : at + BATCH]] for at in range(0, len(pairs), BATCH)):
            sides = [_shown(known, [texts[each] for each in side], chance) for side in batch.T]
            slope = _slope(sides, table, weights, groups[batch[:, 0]])
            step += 1
            first += (1 - _DECAY[0]) * (slope - first)
            second += (1 - _DECAY[1]) * (slope * slope - second)
            rate = RATE * (1 - (1 - LAST_RATE) * step / steps)
            table -= rate * (first / (1 - _DECAY[0] ** step)) / (np.sqrt(second / (1 - _DECAY[1] ** step)) + _TINY)
    scale = 127 / max(_TINY, float(np.abs(table).max(initial=0)))
    return WordVectors(known, weights, np.rint(table * scale).astype(np.int8))


_Rows = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows of the table, text after text, and where each text begins."""


def _flat(known: Terms, texts: Sequence[Terms]) -> _Rows:
    """Look the pieces of texts up; those that are not known are left out."""
    flat = np.concatenate([np.empty(0, np.uint32), *texts])
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    rows = np.minimum(np.searchsorted(known, flat), max(0, len(known) - 1))
    is_known = known[rows] == flat if len(known) else np.zeros(len(flat), bool)
    return rows[is_known], np.searchsorted(owner[is_known], np.arange(len(texts) + 1))


def _shown(known: Terms, texts: Sequence[Terms], chance: np.random.Generator) -> _Rows:
    rows, starts = _flat(known, texts)
    kept = chance.random(len(rows)) >= DROPPED
    return rows[kept], np.concatenate([[0], np.cumsum(kept)])[starts]


def _sums(weighed: Vectors, starts: NDArray[np.int64]) -> Vectors:
    """Add the vectors of each text; one without any is 0."""
    sums = np.zeros((len(starts) - 1, weighed.shape[1]), np.float32)
    some = np.flatnonzero(starts[:-1] < starts[1:])
    if len(some):
        sums[some] = np.add.reduceat(weighed, starts[:-1][some], axis=0)
    return sums


def _unit(sums: Vectors) -> tuple[Vectors, Vectors]:
    lengths = np.linalg.norm(sums, axis=1, keepdims=True) + _TINY
    return (sums / lengths).astype(np.float32), lengths


def _slope(sides: Sequence[_Rows], table: Vectors, weights: NDArray[np.float32], groups: NDArray[np.int64]) -> Vectors:
    """Return how the loss, the cross entropy of finding the partner both ways, changes with the table."""
    (left, left_long), (right, right_long) = (
        _unit(_sums(table[rows] * weights[rows, None], starts)) for rows, starts in sides
    )
    likeness = left @ right.T / TEMPERATURE
    likeness[(groups[:, None] == groups) & ~np.eye(len(groups), dtype=bool)] = -np.inf
    surprise = (_shares(likeness) + _shares(likeness.T).T) / 2 - np.eye(len(groups), dtype=np.float32)
    surprise /= len(groups) * TEMPERATURE
    pulls = ((surprise @ right, left, left_long), (surprise.T @ left, right, right_long))
    slope = np.zeros_like(table)
    for side, (pull, unit, long) in zip(sides, pulls, strict=True):
        across = (pull - unit * (pull * unit).sum(1, keepdims=True)) / long
        _scatter(slope, side, across, weights)
    return slope


def _shares(likeness: Vectors) -> Vectors:
    powers = np.exp(likeness - likeness.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def _scatter(slope: Vectors, side: _Rows, across: Vectors, weights: NDArray[np.float32]) -> None:
    """Add each text's slope to the rows of its pieces."""
    rows, starts = side
    if not len(rows):
        return
    order = np.argsort(rows, kind="stable")
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    each, first = np.unique(rows[order], return_index=True)
    slope[each] += np.add.reduceat(across[owner[order]] * weights[rows[order], None], first, axis=0)
