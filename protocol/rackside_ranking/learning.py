"""What a community learns from its own threads: vectors of words, from links and from what stands together."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from rackside_ranking.segment import LEAD_TERMS, Text
from rackside_ranking.vectors import BATCH, WordVectors, learn

LEAST_PAIRS: Final = 2 * BATCH
"""With fewer there is more chance than sense in what is learned."""


def learn_from(texts: Sequence[Text], problems: Sequence[int], *, seed: int = 0) -> WordVectors | None:
    """Learn word vectors: each duplicate beside its problem and beside another duplicate, each title beside its body.

    Args:
        texts: the documents.
        problems: for each document the place in `texts` of the one that names its problem.
        seed: of the choice among duplicates and of the learning.

    Returns:
        The vectors; None while there are too few pairs to learn from.
    """
    duplicates: dict[int, list[int]] = defaultdict(list)
    for place, problem in enumerate(problems):
        if place != problem:
            duplicates[problem].append(place)
    chance = np.random.default_rng(seed)
    pairs = []
    for problem, linked in duplicates.items():
        others = chance.integers(len(linked), size=len(linked)).tolist()
        for place, other in zip(linked, others, strict=True):
            pairs += [(place, problem), (place, linked[other])]
    bodies = [len(texts) + place for place, text in enumerate(texts) if len(text.pieces) and len(text.body)]
    pairs += [(body - len(texts), body) for body in bodies]
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    if len(pairs) < LEAST_PAIRS:
        return None
    every = [*(text.pieces for text in texts), *(text.body[:LEAD_TERMS] for text in texts)]
    return learn(every, np.array(pairs, np.int64), np.array([*problems, *problems], np.int64), seed=seed)
