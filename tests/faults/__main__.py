"""`python -m tests.faults --points 200`: the full size; its figures are written to docs/faults.md."""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.faults.points import FRESH_EVERY, LONGEST_LIFE_S, ROOT, Figures, run

DOCUMENT: Final = ROOT / "docs" / "faults.md"
SEED: Final = 2026
TWIN_POINTS: Final = 40
TEXT: Final = """# Kill -9 of the desktop

`python -m tests.faults --points {points}` starts a desktop process with the real store, engine and client against a
real server process on loopback. The desktop writes questions, replies, ideas, comments and drafts in one thread and
syncs without pause in another. After 0 to {life_ms} ms it gets SIGKILL, and its files are compared with the feed of
the server. Every {fresh}nd time its mirror is thrown away first, so that first fills are killed too. At the end it
syncs once, and every action whose writing was confirmed is looked for on both sides.

| | as it is | unsafe twin: rows and cursor in no common transaction |
|---|---|---|
| kills | {as_is.points} | {twin.points} |
| actions confirmed | {as_is.promised} | |
| lost | {as_is.lost} | |
| doubled | {as_is.doubled} | |
| rows that are not as their cursor says | {as_is.partial} | {twin.partial} |
| ended by itself before the kill | {as_is.crashed} | {twin.crashed} |
| drafts that fell behind a confirmed keystroke | {as_is.drafts_lost} | |

What the kills interrupted: actions waiting {queued} times, being sent {sending} times, acknowledged and not yet in view
{sent} times, an empty mirror {empty} times. Seed {seed}, {minutes:.0f} min.

A SIGKILL leaves the page cache alone: what a power cut does is not measured here. `outbox.db` is written with
`synchronous=FULL` for it.
"""


def main() -> None:
    """Run, write the figures down, and fail if anything was lost, doubled or left partial."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--points", type=int, default=200)
    points = parser.parse_args().points
    began = time.monotonic()
    as_is = _in_a_folder(points)
    twin = _in_a_folder(TWIN_POINTS, twin=True, patience=1)
    caught = as_is.caught
    text = TEXT.format(
        points=points,
        life_ms=round(LONGEST_LIFE_S * 1000),
        fresh=FRESH_EVERY,
        as_is=as_is,
        twin=twin,
        queued=caught["queued"],
        sending=caught["sending"],
        sent=caught["sent"],
        empty=caught["nothing held yet"],
        seed=SEED,
        minutes=(time.monotonic() - began) / 60,
    )
    DOCUMENT.write_text(text)
    print(text)  # noqa: T201 - a command
    raise SystemExit(1 if as_is.faults or not twin.faults else 0)


def _in_a_folder(points: int, *, twin: bool = False, patience: int = 0) -> Figures:
    with tempfile.TemporaryDirectory(prefix="rackside-kill-") as folder:
        return run(Path(folder), points, SEED, twin=twin, patience=patience)


if __name__ == "__main__":
    main()
