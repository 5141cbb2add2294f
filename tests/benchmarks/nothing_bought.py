"""Rank the yardstick's data twice, without sponsors and with every document sponsored, and compare every order.

    python -m tests.benchmarks.nothing_bought --pack FOLDER

The demo community's half of this promise is tests/answers/test_nothing_bought.py.
"""

import argparse
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.answers_adapter import Adapter
from tests.benchmarks.yardstick import tasks

PLACES = 20
FIELDS = ("sponsor", "vendor", "vendor_name", "campaign", "tier", "ecpm", "goal", "terms")


def main() -> int:
    """Print how many orders of each task moved; return 1 if any did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--queries", type=int, default=200, help="of each task")
    chosen = parser.parse_args()
    chance, moved = Random(0), 0  # noqa: S311 - repeatable on purpose
    for name, docs, links, queries in tasks(chosen.pack):
        plain = Adapter(docs, links)
        bought = Adapter([_sponsored(doc, chance) for doc in docs], links)
        asked = [query for query, _ in queries[: chosen.queries]]
        changed = sum(plain.search(q, PLACES) != bought.search(_sponsored(q, chance), PLACES) for q in asked)
        print(f"{name}: {changed} of {len(asked)} orders moved")
        moved += changed
    return 1 if moved else 0


def _sponsored(held: dict[str, Any], chance: Random) -> dict[str, Any]:
    return held | {field: chance.choice(("northvault", "paid", "1000000")) for field in FIELDS}


if __name__ == "__main__":
    sys.exit(main())
