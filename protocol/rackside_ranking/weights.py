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
        "title": 6.26,
        "title_pairs": 0.89,
        "everywhere": 1.98,
        "own_title_covered": 0.79,
        "own_title_sense": 3.26,
        "near": 1.49,
        "echoes": 0.45,
        "duplicates": 0.65,
    },
    "story": {
        "title": 14.96,
        "title_covered": 1.50,
        "lead": 3.20,
        "body": 6.39,
        "body_pairs": 3.92,
        "body_sense": 1.45,
        "own_title_covered": 1.50,
        "own_title_sense": 0.97,
        "echoes": 0.80,
    },
    "error": {
        "title_pairs": 2.33,
        "title_covered": 2.45,
        "product_said": 2.15,
        "lead": 3.39,
        "body": 4.45,
        "body_pairs": 2.62,
        "product": 4.57,
        "whole_product": 4.41,
        "body_sense": 1.62,
        "everywhere": 0.28,
        "own_title_covered": 2.46,
        "own_title_sense": 0.01,
        "echoes": 1.16,
    },
    "log": {
        "lead": 2.39,
        "body": 5.00,
        "body_pairs": 17.82,
        "product": 3.04,
        "whole_product": 2.36,
        "body_sense": 3.20,
        "everywhere": 6.01,
        "own_title_sense": 0.45,
    },
    "alert": {
        "lead": 3.97,
        "body": 10.76,
        "body_pairs": 6.33,
        "body_sense": 1.65,
        "everywhere": 3.86,
    },
}
WEIGHTS: Final = {
    kind: np.array([weights.get(name, 0.0) for name in (*Likeness._fields, *ECHOES)])
    for kind, weights in _FITTED.items()
}
