"""`python -m tests.lab`: an hour of normal running, then every scene, at the interval that people use.

It needs root, and nginx-light, openssh-server, snmpd, prometheus-node-exporter, postgresql and iproute2.
"""

import argparse
import sys
from functools import partial

from tests.lab.lab import Lab, lab
from tests.lab.scenes import SCENES, steady
from tests.lab.services import missing


def main() -> int:
    """Print every figure; fail at the first promise that is not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("--every-s", type=float, default=60.0)
    parser.add_argument("--steady-minutes", type=float, default=60.0)
    chosen = parser.parse_args()
    if lacking := missing():
        print(f"Not installed here: {', '.join(lacking)}.")  # noqa: T201 - it speaks to the person
        return 1
    with lab(chosen.every_s) as made:
        try:
            _play(made, 60 * chosen.steady_minutes)
        except AssertionError:
            print(*made.changes(), sep="\n")  # noqa: T201 - it speaks to the person
            raise
    return 0


def _play(made: Lab, steady_s: float) -> None:
    for scene in (partial(steady, seconds=steady_s), *SCENES):
        for figure in scene(made):
            print(f"{figure.what:<60} {figure.took_s:6.0f} s of {figure.promised_s:4.0f} s", flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    sys.exit(main())
