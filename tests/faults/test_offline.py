"""30 days without a network, at a small size. `python -m tests.faults` does 500 actions and 20,000 changes."""

from pathlib import Path

from tests.faults.offline import come_back
from tests.faults.server import RealServer

ACTIONS = 150
CHANGES = 1_500


def test_a_console_that_comes_back_after_30_days_equals_the_server(server: RealServer, tmp_path: Path) -> None:
    back = come_back(server, tmp_path, ACTIONS, CHANGES)
    assert back.faults == 0, back
    assert back.actions == ACTIONS
    assert back.rows >= CHANGES + ACTIONS
