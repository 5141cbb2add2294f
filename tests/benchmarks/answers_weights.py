"""Fit the ranking's weights, for each kind of query, on the half of the yardstick that may be looked at.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.answers_weights --pack FOLDER [--queries N]

Each query's problems are compared with it by the product's own code. The weights are those, none below 0, by which the
right problem is likeliest among all that were found (ListNet, Cao et al., 2007), with a small price on large ones; each
task that has enough queries of a kind counts the same. They are fitted once on every second query, to see how they do
on the others, and once on all, which is what `rackside_ranking.weights` holds. Nothing is changed: copy it.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rackside_protocol.queries import Query
from rackside_ranking import ranking
from rackside_ranking.likeness import Asked, Likeness, likeness
from rackside_ranking.weights import ECHOES, WEIGHTS
from tests.benchmarks.answers_adapter import Adapter, query_of
from tests.benchmarks.yardstick import tasks

NAMES: Final = (*Likeness._fields, *ECHOES)
STEPS: Final = 400
RATE: Final = 0.1
PRICE: Final = 0.01
"""Of a weight's square, per standard deviation of what it weighs."""
LEAST_SPREAD: Final = 0.02
DECAY: Final = (0.9, 0.999)
LEAST_QUERIES: Final = 30
"""Of a kind in a task, so that a handful does not count as much as hundreds."""
SHOWN: Final = 0.005
"""Smaller weights are left out."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A query's problems: a row of likenesses each, which of them are right, and how much the query counts."""

    rows: Numbers
    right: NDArray[np.bool_]
    counts: float


def main() -> None:
    """Print the weights of each kind beside the present ones, and how well both find the right problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=None, help="of each task; all without it")
    chosen = parser.parse_args()
    for kind, examples in _examples(chosen.pack, chosen.queries).items():
        halved = _fitted(examples[::2])
        fitted, present = _fitted(examples), WEIGHTS[kind]
        print(f"{kind}: {len(examples)} queries")
        for name, weights in (("present", present), ("half", halved), ("all", fitted)):
            print(f"  {name}: loss on the odd ones {_loss(examples[1::2], weights):.3f}")
        for name, new, old in zip(NAMES, fitted, present, strict=True):
            if max(new, old) >= SHOWN:
                print(f'        "{name}": {new:.2f},  # now {old:.2f}')


def _examples(pack: Path, most: int | None) -> dict[str, list[Example]]:
    found: dict[str, list[Example]] = defaultdict(list)
    for _, docs, links, queries in tasks(pack):
        index = Adapter(docs, links)
        by_kind: dict[str, list[tuple[Numbers, NDArray[np.bool_]]]] = defaultdict(list)
        for asked, relevant in queries[:most]:
            query = query_of(asked)
            by_kind[query.kind].append(_compared(index, query, {links.get(each, each) for each in relevant}))
        for kind, compared in by_kind.items():
            if len(compared) >= LEAST_QUERIES:
                found[kind] += [Example(rows, right, 1 / len(compared)) for rows, right in compared if right.any()]
    return found


def _compared(index: Adapter, query: Query, relevant: Iterable[str]) -> tuple[Numbers, NDArray[np.bool_]]:
    rareness = ranking.Rareness(index.segments)
    asked = Asked.of(query, rareness)
    found = index.held(ranking._seek(index.segments, asked))
    names = {each.name for each in found}
    found += index.named([each for each in dict.fromkeys(held.problem for held in found) if each not in names])
    number: dict[object, int] = {}
    of = np.array([number.setdefault(each.problem, len(number)) for each in found], np.int64)
    alike = likeness(query, asked, [each.text for each in found], rareness, index.vectors)
    wanted = set(relevant)
    return ranking.table(alike, of, found), np.array([name in wanted for name in number], bool)


def _fitted(examples: list[Example]) -> Numbers:
    """Return the weights by which the right problems are likeliest, with Adam (Kingma and Ba, 2015)."""
    spread = np.maximum(np.concatenate([each.rows for each in examples]).std(axis=0), LEAST_SPREAD)
    rows, gap, right, counts = _padded(examples, spread)
    weights, first, second = np.zeros(len(NAMES)), np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for step in range(1, STEPS + 1):
        slope = np.einsum("qd,qdf->f", (_shares(rows @ weights + gap) - right) * counts, rows) + PRICE * weights
        first += (1 - DECAY[0]) * (slope - first)
        second += (1 - DECAY[1]) * (slope * slope - second)
        move = first / (1 - DECAY[0] ** step) / (np.sqrt(second / (1 - DECAY[1] ** step)) + np.finfo(float).eps)
        weights = np.maximum(weights - RATE * move, 0)
    return np.asarray(weights / spread)


def _loss(examples: list[Example], weights: Numbers) -> float:
    rows, gap, right, counts = _padded(examples, np.ones(len(NAMES)))
    likely = np.log(np.maximum(_shares(rows @ weights + gap), np.finfo(float).tiny))
    return float(-(right * likely * counts).sum())


def _padded(examples: list[Example], spread: Numbers) -> tuple[NDArray[np.float32], Numbers, Numbers, Numbers]:
    """Return all examples as one block, with -inf in place of problems that a query does not have."""
    most = max(len(each.rows) for each in examples)
    rows = np.zeros((len(examples), most, len(NAMES)), np.float32)
    gap, right = np.full((len(examples), most), -np.inf), np.zeros((len(examples), most))
    for place, each in enumerate(examples):
        rows[place, : len(each.rows)] = each.rows / spread
        gap[place, : len(each.rows)] = 0
        right[place, : len(each.rows)] = each.right / each.right.sum()
    counts = np.array([each.counts for each in examples])
    return rows, gap, right, (counts / counts.sum())[:, None]


def _shares(scores: Numbers) -> Numbers:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


if __name__ == "__main__":
    main()
