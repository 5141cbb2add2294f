"""An inverted index of some documents, made once and only read: for each term the documents it is in, and its impact.

Impacts are what BM25F gives a term in a document before it is weighed by how rare the term is (Robertson and Zaragoza,
2009, "The Probabilistic Relevance Framework", §3.6), quantised to eight bits (Anh and Moffat, 2005, "Simplified
similarity scoring using term ranks"): so a query adds bytes, and how rare a term is may change without a new index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rackside_ranking.vectors import pieces_of
from rackside_ranking.words import Terms, terms, words_of

Numbers: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float32]

FIELDS: Final = 3
"""Title, product, body."""
FIELD_WEIGHTS: Final = np.array((3.0, 1.0, 1.0, 1.0), np.float32)
"""Of the title, the product, the body, and once more of the body's beginning, which says what it is about."""
LEAD_TERMS: Final = 40
SATURATION: Final = 1.2
"""BM25's k1."""
LENGTH_SHARE: Final = np.array((0.5, 0.0, 0.75, 0.0), np.float32)
"""BM25's b, for each."""
USUAL_TERMS: Final = np.array((6.0, 4.0, 120.0, 40.0), np.float32)
"""A usual length of each. Fixed, so that a document's impacts do not depend on the others'."""
MOST_IMPACT: Final = 255
IMPACT_STEPS: Final = MOST_IMPACT / (float(FIELD_WEIGHTS.sum()) * (SATURATION + 1))
_DOC_BITS: Final = 28
_FIELD_BITS: Final = 2


class Postings(Protocol):
    """Numbers of which a part is read at a time: an array, or a file of one."""

    def __getitem__(self, part: slice, /) -> NDArray[Any]: ...


class Text(NamedTuple):
    """What is indexed of a document: the terms of its title, of the products it is about, and of its body.

    `pieces` are those of the title, for its vector.
    """

    title: Terms
    product: Terms
    body: Terms
    pieces: Terms

    @classmethod
    def of(cls, title: str, product: str, body: str) -> "Text":
        """Number the words of a document."""
        words = words_of(title)
        return cls(terms(words), terms(words_of(product)), terms(words_of(body)), pieces_of(words))

    @property
    def fields(self) -> tuple[Terms, Terms, Terms]:
        """What is looked through."""
        return self.title, self.product, self.body

    def packed(self) -> bytes:
        """Return it as bytes: the length of each part, then the parts."""
        return np.concatenate([np.array([len(part) for part in self], np.uint32), *self]).astype("<u4").tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Text":
        """Read what `packed` wrote."""
        numbers = np.frombuffer(packed, "<u4")
        ends = np.cumsum(numbers[: len(cls._fields)]) + len(cls._fields)
        return cls(*np.split(numbers, [len(cls._fields), *ends[:-1]])[1:])


@dataclass(frozen=True)
class Segment:
    """Documents 0 to `documents`; `starts[i]` to `starts[i + 1]` are the postings of `terms[i]`, by document."""

    documents: int
    terms: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    holders: "Postings"
    impacts: "Postings"

    @classmethod
    def of(cls, texts: Sequence[Text]) -> "Segment":
        """Index some documents."""
        fields = [(*text.fields, text.body[:LEAD_TERMS]) for text in texts]
        lengths = np.array([[len(field) for field in each] for each in fields], np.int64).reshape(-1, FIELDS + 1)
        every = [field for each in fields for field in each]
        flat = np.concatenate(every) if every else np.empty(0, np.uint32)
        place = np.repeat(np.arange(lengths.size, dtype=np.uint64), lengths.ravel())
        keys, counts = np.unique((flat.astype(np.uint64) << np.uint64(32)) | place, return_counts=True)
        place = (keys & np.uint64(0xFFFF_FFFF)).astype(np.int64)
        field = place % (FIELDS + 1)
        norm = 1 - LENGTH_SHARE + LENGTH_SHARE * lengths / USUAL_TERMS
        gains = FIELD_WEIGHTS[field] * saturated(counts, norm.ravel()[place])
        posting = (keys >> np.uint64(32) << np.uint64(32)) | (place // (FIELDS + 1)).astype(np.uint64)
        postings, first = np.unique(posting, return_index=True)
        sums = np.add.reduceat(gains, first) if len(first) else np.empty(0, np.float32)
        words, starts = np.unique((postings >> np.uint64(32)).astype(np.uint32), return_index=True)
        return cls(
            documents=len(texts),
            terms=words,
            starts=np.append(starts, len(postings)).astype(np.uint32),
            holders=(postings & np.uint64(0xFFFF_FFFF)).astype(np.uint32),
            impacts=np.clip(np.rint(sums * IMPACT_STEPS), 1, MOST_IMPACT).astype(np.uint8),
        )

    def held_by(self, terms: Terms) -> Numbers:
        """Return in how many documents each term stands."""
        if not len(self.terms):
            return np.zeros(len(terms), np.int64)
        where, known = self._where(terms)
        return np.where(known, self.starts[where + 1].astype(np.int64) - self.starts[where], 0)

    def best(self, terms: Terms, weights: NDArray[np.float64], most: int) -> tuple[Numbers, Scores]:
        """Return the documents with the greatest weighed sums of impacts, and these, the greatest first."""
        gains = np.zeros(self.documents, np.float32)
        where, known = self._where(terms)
        for at, weight in zip(where[known].tolist(), weights[known].tolist(), strict=True):
            start, stop = int(self.starts[at]), int(self.starts[at + 1])
            gains[self.holders[start:stop]] += self.impacts[start:stop] * np.float32(weight)
        some = np.argpartition(-gains, most)[:most] if most < self.documents else np.arange(self.documents)
        some = some[gains[some] > 0]
        some = some[np.argsort(-gains[some], kind="stable")]
        return some, gains[some]

    def _where(self, terms: Terms) -> tuple[Numbers, NDArray[np.bool_]]:
        if not len(self.terms):
            return np.zeros(len(terms), np.int64), np.zeros(len(terms), np.bool_)
        where = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        return where, self.terms[where] == terms


def saturated(counts: Numbers, norms: NDArray[np.float32] | NDArray[np.float64]) -> Scores:
    """Return what BM25 makes of how often a term stands in a text of that length: 0 to k1 + 1."""
    return np.asarray(counts * (SATURATION + 1) / (counts + SATURATION * norms), np.float32)
