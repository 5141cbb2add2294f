"""Kill -9 at random points: nothing lost, nothing doubled, nothing partial. `python -m tests.faults` does 200."""

from pathlib import Path

from tests.faults.points import run

POINTS = 20


def test_a_killed_desktop_loses_doubles_and_halves_nothing(tmp_path: Path) -> None:
    figures = run(tmp_path, POINTS, seed=1)
    assert figures.faults == 0, figures
    assert figures.promised > POINTS
    assert figures.caught["queued"], "at least once something was on its way"
