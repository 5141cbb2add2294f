"""In what ways a document is like a query: numbers from 0 to about 1 for each document. Pure.

Every number is a share of what could match, so that one scale holds for short titles and long articles, and for queries
of three words and of sixty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rackside_protocol.queries import Query
from rackside_ranking.segment import FIELDS, LEAD_TERMS, LENGTH_SHARE, SATURATION, USUAL_TERMS, Text, saturated
from rackside_ranking.vectors import WordVectors, pieces_of
from rackside_ranking.words import Terms, term

Rareness: TypeAlias = Callable[[Terms], NDArray[np.float64]]
"""For each term how much it tells: its inverse document frequency."""
Shares: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]

LEAST_PAIRS: Final = 5.0
"""In units of rareness: the pairs of a short query count less."""
LONGEST_BODY: Final = 500
"""So many terms of a body are looked at."""


class Likeness(NamedTuple):
    """What is compared; each an array with a number for each document, a share of what the query says in all.

    `title`, `body`: gains of BM25. `title_pairs`, `body_pairs`: words side by side. `title_covered`: how much of the
    title the query says. `lead`, `product_said`, `everywhere`: words said at the body's beginning, among the products,
    anywhere. `product`, `whole_product`: how much of the product asked for is among the document's, and whether all of
    it is. `title_sense`, `body_sense`: how close the vectors are.
    """

    title: Shares
    title_pairs: Shares
    title_covered: Shares
    product_said: Shares
    lead: Shares
    body: Shares
    body_pairs: Shares
    product: Shares
    whole_product: Shares
    title_sense: Shares
    body_sense: Shares
    everywhere: Shares


@dataclass(frozen=True)
class Asked:
    """A query with its words numbered and weighed by how rare they are here."""

    terms: Terms
    weights: Shares
    pairs: Counts
    pair_weights: Shares
    product: Terms
    product_weights: Shares

    @classmethod
    def of(cls, query: Query, rareness: Rareness) -> "Asked":
        """Number the words; two with one stem are one term."""
        every = np.fromiter(map(term, query.words), np.uint32)
        terms, place = np.unique(every, return_inverse=True)
        rare = rareness(terms)
        pairs = np.array([(place[first], place[second]) for first, second in query.pairs], np.int64).reshape(-1, 2)
        product = np.unique(np.fromiter(map(term, query.product), np.uint32))
        return cls(
            terms=terms,
            weights=np.bincount(place, query.weights, minlength=len(terms)) * rare,
            pairs=pairs,
            pair_weights=(rare[pairs[:, 0]] + rare[pairs[:, 1]]) * np.array(query.pair_weights, np.float64),
            product=product,
            product_weights=rareness(product),
        )


def likeness(
    query: Query, asked: Asked, texts: Sequence[Text], rareness: Rareness, vectors: WordVectors | None
) -> Likeness:
    """Compare a query with each of some documents."""
    every = _Occurrences.of(asked, [text._replace(body=text.body[:LONGEST_BODY]) for text in texts])
    title, product, body, lead = (every.counts(field) for field in range(FIELDS + 1))
    mass = asked.weights.sum() or 1.0
    pair_mass = asked.pair_weights.sum() + LEAST_PAIRS
    title_sense, body_sense = _senses(query, texts, vectors)
    wanted = every.products(asked.product)
    product_mass = asked.product_weights.sum() or 1.0

    def gained(counts: Counts, field: int) -> Shares:
        norm = 1 - LENGTH_SHARE[field] + LENGTH_SHARE[field] * every.lengths[:, field] / USUAL_TERMS[field]
        return np.asarray(saturated(counts, norm[:, None]) @ asked.weights / (mass * (SATURATION + 1)))

    def said(counts: Counts) -> Shares:
        return np.asarray((counts > 0) @ asked.weights / mass)

    return Likeness(
        title=gained(title, 0),
        title_pairs=every.pairs(0) @ asked.pair_weights / pair_mass,
        title_covered=every.covered(rareness),
        product_said=said(product),
        lead=said(lead),
        body=gained(body, 2),
        body_pairs=every.pairs(2) @ asked.pair_weights / pair_mass,
        product=wanted @ asked.product_weights / product_mass,
        whole_product=(wanted.all(1) & bool(len(asked.product))).astype(float),
        title_sense=title_sense,
        body_sense=body_sense,
        everywhere=said(title + product + body),
    )


@dataclass(frozen=True)
class _Occurrences:
    """All terms of some documents one after the other: whose they are, in which field, and which of the query's."""

    asked: Asked
    terms: Terms
    document: Counts
    field: Counts
    is_lead: NDArray[np.bool_]
    which: Counts
    pair: Counts
    lengths: Counts

    @classmethod
    def of(cls, asked: Asked, texts: Sequence[Text]) -> "_Occurrences":
        flat = np.concatenate([np.empty(0, np.uint32), *(field for text in texts for field in text.fields)])
        lengths = np.array([[len(field) for field in text.fields] for text in texts], np.int64).reshape(-1, FIELDS)
        place = np.repeat(np.arange(lengths.size), lengths.ravel())
        within = np.arange(len(flat)) - (np.cumsum(lengths.ravel()) - lengths.ravel())[place]
        which = _place(asked.terms, flat)
        pair = np.full(len(flat), -1)
        if len(flat) and len(asked.pairs):
            count = len(asked.terms)
            table = np.full((count + 1, count + 1), -1)
            table[asked.pairs[:, 0], asked.pairs[:, 1]] = np.arange(len(asked.pairs))
            pair[:-1] = np.where(place[1:] == place[:-1], table[which[:-1], which[1:]], -1)
        field = place % FIELDS
        lead = np.minimum(lengths[:, FIELDS - 1 :], LEAD_TERMS)
        is_lead = (field == FIELDS - 1) & (within < LEAD_TERMS)
        return cls(asked, flat, place // FIELDS, field, is_lead, which, pair, np.concatenate([lengths, lead], axis=1))

    def _is_in(self, field: int) -> NDArray[np.bool_]:
        return self.is_lead if field == FIELDS else self.field == field

    def _table(self, what: Counts, field: int, width: int) -> Counts:
        counted = self._is_in(field) & (what >= 0)
        cells = np.bincount(self.document[counted] * width + what[counted], minlength=len(self.lengths) * width)
        return np.asarray(cells.reshape(len(self.lengths), width))

    def counts(self, field: int) -> Counts:
        """Return how often each term of the query stands in a field of each document; field 3 is the body's lead."""
        return self._table(self.which, field, len(self.asked.terms))

    def pairs(self, field: int) -> NDArray[np.bool_]:
        """Return which pairs of the query stand side by side in a field of each document."""
        return self._table(self.pair, field, len(self.asked.pairs)) > 0

    def covered(self, rareness: Rareness) -> Shares:
        """Return how much of each title the query says."""
        titles = self.field == 0
        rare = rareness(self.terms[titles])
        whole = np.bincount(self.document[titles], rare, minlength=len(self.lengths))
        said = np.bincount(self.document[titles], rare * (self.which[titles] >= 0), minlength=len(self.lengths))
        return np.asarray(said / np.maximum(whole, 1e-9))

    def products(self, product: Terms) -> NDArray[np.bool_]:
        """Return which words of the product each document's products have."""
        named = self.field == 1
        which = _place(product, self.terms[named])
        cells = self.document[named][which >= 0] * len(product) + which[which >= 0]
        count = len(self.lengths)
        return np.bincount(cells, minlength=count * len(product)).reshape(count, len(product)) > 0


def _place(ordered: Terms, wanted: Terms) -> Counts:
    """Return where each wanted term stands among ordered ones, -1 where it does not."""
    if not len(ordered):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[place] == wanted, place, -1)


def _senses(query: Query, texts: Sequence[Text], vectors: WordVectors | None) -> tuple[Shares, Shares]:
    """Return how close the query's head is to each title, and all of its words to each body, by what was learned."""
    if vectors is None or not texts:
        nothing = np.zeros(len(texts))
        return nothing, nothing
    head, whole = vectors.of([pieces_of(query.head), pieces_of(query.words)])
    titles, leads = vectors.of([text.pieces for text in texts]), vectors.of([text.body[:LEAD_TERMS] for text in texts])
    return (titles @ head).astype(float), (leads @ whole).astype(float)
