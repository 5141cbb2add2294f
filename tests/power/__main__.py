"""`python -m tests.power --points 10000`: the full size; its figures are written to docs/power.md."""

import argparse
import logging
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from tests.power import desktop, report, server
from tests.power.disk import MODELS
from tests.power.recording import ROOT
from tests.power.replay import scratch
from tests.power.runs import cut_desktops, cut_servers

DOCUMENT: Final = ROOT / "docs" / "power.md"
POINTS_A_RECORDING: Final = 500
"""Under each model; each recording has a seed of its own."""
SERVERS: Final = 1 / 5
"""The share of all points that is the server's."""
TWIN_POINTS: Final = 200
WORKERS: Final = 2


def main() -> None:
    """Run, write the figures down, and fail if anything promised was lost, or a twin was not caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.power")
    parser.add_argument("--points", type=int, default=10_000)
    points = parser.parse_args().points
    began, of_servers = time.monotonic(), round(points * SERVERS)
    with scratch() as folder, ProcessPoolExecutor(WORKERS, initializer=_be_quiet) as pool:
        prepared = Path(folder)
        server.prepare(prepared)
        desktops = [pool.submit(cut_desktops, size, seed) for seed, size in _sizes(points - of_servers)]
        servers = [pool.submit(cut_servers, prepared, size, seed) for seed, size in _sizes(of_servers)]
        twins = {f"desktop, {twin}": pool.submit(cut_desktops, TWIN_POINTS, 1, twin=twin) for twin in desktop.TWINS}
        for twin in server.TWINS:
            twins[f"server, {twin}"] = pool.submit(cut_servers, prepared, TWIN_POINTS, 1, twin=twin)
    safe = [each.result() for each in desktops + servers]
    unsafe = {name: each.result() for name, each in twins.items()}
    minutes = (time.monotonic() - began) / 60
    text = report.text(points, safe[: len(desktops)], safe[len(desktops) :], unsafe, minutes)
    DOCUMENT.write_text(text)
    print(text)  # noqa: T201 - a command
    lost = sum(figures.faults for each in safe for figures in each.values())
    raise SystemExit(0 if not lost and all(each["strict"].noticed for each in unsafe.values()) else 1)


def _be_quiet() -> None:
    """Keep the log of mirrors put aside to oneself: they are counted."""
    logging.getLogger("rackside").setLevel(logging.ERROR)


def _sizes(points: int) -> list[tuple[int, int]]:
    """Return a seed and the points under each model for as many recordings as it takes."""
    half = points // len(MODELS)
    starts = range(0, half, POINTS_A_RECORDING)
    return [(seed, min(POINTS_A_RECORDING, half - start)) for seed, start in enumerate(starts, 1)]


if __name__ == "__main__":
    main()
