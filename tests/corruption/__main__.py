"""`python -m tests.corruption --count 1000`: the full size; its figures are written to docs/corruption.md."""

import argparse
import logging
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from typing import Final

from tests.corruption import runs
from tests.corruption.trial import Figures, unchecked
from tests.power.recording import ROOT

DOCUMENT: Final = ROOT / "docs" / "corruption.md"
A_SEED: Final = 125
TWIN_COUNT: Final = 200
WORKERS: Final = 2
TEXT: Final = """# Damage to the cache

`python -m tests.corruption --count {count}` damages `cache.db`, or the WAL of a console that was killed, while no
program has it open. The console holds three channels with some 700 documents, a draft, a refused question and two
actions that are not sent. Then everything is read, as panels do; the real sync thread is started and syncs with the
model of a server until it rests; and everything is read again: documents, every list in its order, filters, counts, 60
searches with their scores, cursors, digests. That must be what an undamaged console shows after the same sync, and the
outbox must be whole. A read may raise `StoreError` and nothing else.

| what was done | times | noticed, and put right | without effect | **unnoticed** |
|---|---|---|---|---|
{rows}
| **all** | {all.trials} | {all.noticed} | {all.harmless} | **{all.unnoticed}** |

Sync threads that never came to rest: {all.never_synced}. Outboxes changed: {all.outbox_changed}. Other exceptions from
a read: {surprises}.

What is noticed is put aside as `cache.damaged` and fetched anew, or, where the end of a WAL is lost, fetched again from
an older cursor. Without effect are free pages, what SQLite does not read, and old pages that are the same.

Unsafe twin: without `mirror.is_intact`, of {twin.trials} damaged mirrors {twin.unnoticed} showed something else than
the server's documents, {twin.never_synced} of them without a sync that ever ended well.

{minutes:.0f} min, seeds 1 to {seeds}.
"""


def main() -> None:
    """Run, write the figures down, and fail if any damage was not noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.corruption")
    parser.add_argument("--count", type=int, default=1_000)
    count = parser.parse_args().count
    began = time.monotonic()
    sizes = [min(A_SEED, count - start) for start in range(0, count, A_SEED)]
    with ProcessPoolExecutor(WORKERS) as pool:
        found = [pool.submit(damage, size, seed, twin=False) for seed, size in enumerate(sizes, 1)]
        twin = pool.submit(damage, TWIN_COUNT, 1, twin=True)
    by_way: dict[str, list[Figures]] = {}
    for each in found:
        for name, figures in each.result().items():
            by_way.setdefault(name, []).append(figures)
    sums = {name: sum(figures, Figures()) for name, figures in sorted(by_way.items())}
    whole, without = sum(sums.values(), Figures()), sum(twin.result().values(), Figures())
    text = TEXT.format(
        count=count,
        rows="\n".join(
            f"| {name} | {each.trials} | {each.noticed} | {each.harmless} | {each.unnoticed} |"
            for name, each in sums.items()
        ),
        all=whole,
        surprises=dict(whole.surprises) or 0,
        twin=without,
        minutes=(time.monotonic() - began) / 60,
        seeds=len(sizes),
    )
    DOCUMENT.write_text(text)
    print(text)  # noqa: T201 - a command
    raise SystemExit(1 if whole.faults or not without.unnoticed else 0)


def damage(count: int, seed: int, *, twin: bool) -> dict[str, Figures]:
    """Damage so many mirrors, with the check of them or without it."""
    logging.getLogger("rackside").setLevel(logging.CRITICAL)
    with unchecked() if twin else nullcontext():
        return runs.damage(count, seed)


if __name__ == "__main__":
    main()
