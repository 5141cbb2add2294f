"""Which problem first: the index brings what shares the query's words, a second look compares, and duplicates are one.

Sponsorship is not an argument of anything here: no field of a campaign, a vendor or a sponsor can move an answer.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rackside_protocol.queries import Query
from rackside_ranking.likeness import Asked, Likeness, likeness
from rackside_ranking.segment import Segment, Text
from rackside_ranking.vectors import WordVectors
from rackside_ranking.weights import WEIGHTS
from rackside_ranking.words import Terms

SECOND_LOOKS: Final = 200
"""Documents that are compared with the query; the others only lend their words to the index."""
NEARNESS: Final = 10.0
"""How much more a close document says of its problem than a distant one: by e for each tenth of the cosine."""
PRODUCT_WEIGHT: Final = 0.5
"""Of a word of the product, beside one of the trouble, when documents are sought."""


class Place(NamedTuple):
    """Where a document stands: in which segment of the index, at which place."""

    segment: int
    place: int


class Held(NamedTuple):
    """A document of the index: its name, the problem it is about, whether it names the problem, and its words.

    Of a problem that others were linked to as duplicates, `duplicates` is how many were.
    """

    name: Hashable
    problem: Hashable
    is_problem: bool
    duplicates: int
    text: Text


class Index(Protocol):
    """What is ranked: segments, and for a place in one the document, if it is still what the segment was made of."""

    @property
    def segments(self) -> Sequence[Segment]: ...
    @property
    def vectors(self) -> WordVectors | None: ...
    def held(self, places: Sequence[Place]) -> list[Held]: ...
    def named(self, names: Sequence[Hashable]) -> list[Held]: ...


@dataclass(frozen=True)
class Match:
    """A problem that matches: how well, in log odds, and how much of the query it says, from 0 to 1.

    `best` is the document of it that matches best.
    """

    problem: Hashable
    best: Hashable
    score: float
    said: float


class Rareness:
    """How much each term tells: its inverse document frequency over all segments (Robertson and Zaragoza, 2009, §3)."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._documents = sum(segment.documents for segment in segments)

    def __call__(self, terms: Terms) -> NDArray[np.float64]:
        """Return the rareness of terms."""
        held_by = np.zeros(len(terms))
        for segment in self._segments:
            held_by += segment.held_by(terms)
        return np.log1p((self._documents - held_by + 0.5) / (held_by + 0.5))


def search(index: Index, query: Query, *, limit: int) -> list[Match]:
    """Return the problems that match a query best, the best first."""
    judged = _Judged.of(index, query)
    return [judged.match(at) for at in judged.order[:limit].tolist()]


def order(index: Index, query: Query, documents: Sequence[Held]) -> list[Hashable]:
    """Return the names of documents by how well their problems match, those of one problem by their own words."""
    judged = _Judged.of(index, query, documents)
    wanted = {each.name for each in documents}
    places = np.lexsort((-judged.own, -judged.scores[judged.of_problem]))
    return [judged.found[at].name for at in places.tolist() if judged.found[at].name in wanted]


@dataclass(frozen=True)
class _Judged:
    """Documents compared with a query: the score of each problem, and how each document does by itself."""

    found: Sequence[Held]
    problems: Sequence[Hashable]
    of_problem: NDArray[np.int64]
    scores: NDArray[np.float64]
    said: NDArray[np.float64]
    own: NDArray[np.float64]

    @classmethod
    def of(cls, index: Index, query: Query, documents: Sequence[Held] | None = None) -> "_Judged":
        rareness = Rareness(index.segments)
        asked = Asked.of(query, rareness)
        found = list(index.held(_seek(index.segments, asked)) if documents is None else documents)
        names = {each.name for each in found}
        found += index.named([name for name in dict.fromkeys(each.problem for each in found) if name not in names])
        number: dict[Hashable, int] = {}
        of = np.array([number.setdefault(each.problem, len(number)) for each in found], np.int64)
        alike = likeness(query, asked, [each.text for each in found], rareness, index.vectors)
        said = np.zeros(len(number))
        np.maximum.at(said, of, alike.everywhere)
        weights = WEIGHTS[query.kind]
        own = np.stack(alike, axis=1) @ weights[: len(alike)]
        return cls(found, list(number), of, table(alike, of, found) @ weights, said, own)

    @property
    def order(self) -> NDArray[np.int64]:
        """The problems, best first; of equal ones always the same first."""
        return np.lexsort((np.array([str(problem) for problem in self.problems]), -self.scores))

    def match(self, at: int) -> Match:
        """Return a problem with the document of it that does best by itself."""
        own = np.where(self.of_problem == at, self.own, -np.inf)
        best = self.found[int(own.argmax())].name
        return Match(self.problems[at], best, float(self.scores[at]), float(self.said[at]))


def _seek(segments: Sequence[Segment], asked: Asked) -> list[Place]:
    """Return the places of the documents that share most with a query, each word weighed by how rare it is."""
    terms = np.concatenate([asked.terms, asked.product])
    weights = np.concatenate([asked.weights, asked.product_weights * PRODUCT_WEIGHT])
    places, gains = [], []
    for number, segment in enumerate(segments):
        best, gain = segment.best(terms, weights, SECOND_LOOKS)
        places += [Place(number, place) for place in best.tolist()]
        gains.append(gain)
    order = np.argsort(-np.concatenate([np.empty(0, np.float32), *gains]), kind="stable")
    return [places[at] for at in order[:SECOND_LOOKS].tolist()]


def table(alike: Likeness, of: NDArray[np.int64], found: Sequence[Held]) -> NDArray[np.float64]:
    """Return a row of numbers for each problem: the most that any of its documents has of each likeness, then echoes.

    These are how the document that names the problem is covered by the query and close to it, how close all of the
    problem's together are, how many of them share words with the query, and how many were linked as duplicates.

    Args:
        alike: what was compared.
        of: for each document the number of its problem.
        found: the documents.
    """
    count = int(of.max(initial=-1)) + 1
    most = np.zeros((count, len(alike)))
    np.maximum.at(most, of, np.stack(alike, axis=1))
    names = np.array([each.is_problem for each in found], bool)
    own = np.zeros((count, 2))
    own[of[names]] = np.stack([alike.title_covered, alike.title_sense], axis=1)[names]
    senses = np.expm1(NEARNESS * np.maximum(alike.title_sense, 0))
    near = np.log1p(np.bincount(of, senses, minlength=count)) / NEARNESS
    close = alike.title > alike.title.max(initial=0) / 2
    echoes = np.log1p(np.bincount(of, close, minlength=count))
    linked = np.zeros(count)
    linked[of] = np.log1p([each.duplicates for each in found])
    return np.concatenate([most, own, np.stack([near, echoes, linked], axis=1)], axis=1)
