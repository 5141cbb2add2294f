"""What each likeness is worth, in log odds, for each kind of query.

They were fitted, none below 0, by `python -m tests.benchmarks.answers_weights` on the half of an outside data set that
may be looked at: questions of AskUbuntu with the duplicates they turned out to be, errors quoted in Microsoft's support
articles, and alert definitions with their runbooks. Nothing of the data is kept but these figures.
"""

from typing import Final

import numpy as np

from rackside_ranking.likeness import Likeness

ECHOES: Final = ("own_title_covered", "own_title_sense", "near", "echoes", "duplicates")
"""What is compared of a problem's documents together; see `ranking.table`."""
_FITTED: Final = {
    "question": {
        "title": 6.30,
        "title_pairs": 0.90,
        "title_covered": 0.17,
        "title_sense": 0.20,
        "everywhere": 2.26,
        "own_title_covered": 0.90,
        "own_title_sense": 3.38,
        "near": 2.37,
        "echoes": 0.39,
        "duplicates": 0.67,
    },
    "story": {
        "title": 13.39,
        "title_covered": 1.78,
        "lead": 3.40,
        "body": 7.10,
        "body_pairs": 3.92,
        "body_sense": 2.45,
        "own_title_covered": 1.78,
        "own_title_sense": 1.63,
        "echoes": 1.06,
    },
    "error": {
        "title_pairs": 1.88,
        "title_covered": 2.42,
        "product_said": 1.86,
        "lead": 3.43,
        "body": 4.64,
        "body_pairs": 2.60,
        "product": 4.06,
        "whole_product": 4.97,
        "body_sense": 1.53,
        "everywhere": 0.39,
        "own_title_covered": 2.45,
        "own_title_sense": 0.79,
        "echoes": 1.22,
    },
    "log": {
        "lead": 1.95,
        "body": 3.75,
        "body_pairs": 21.63,
        "product": 2.70,
        "whole_product": 2.78,
        "body_sense": 3.93,
        "everywhere": 6.12,
        "own_title_sense": 0.38,
    },
    "alert": {
        "lead": 4.16,
        "body": 12.34,
        "body_pairs": 6.20,
        "body_sense": 0.99,
        "everywhere": 3.89,
    },
}
WEIGHTS: Final = {
    kind: np.array([weights.get(name, 0.0) for name in (*Likeness._fields, *ECHOES)])
    for kind, weights in _FITTED.items()
}
