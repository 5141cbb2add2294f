"""Kill -9 at random points: nothing lost, nothing doubled, nothing partial. `python -m tests.faults` does more."""

from pathlib import Path

from tests.faults.kills import Run, kill_desktops, kill_servers
from tests.faults.server import RealServer

DESKTOPS = 12
SERVERS = 2
TWINS = 60


def test_a_killed_desktop_loses_doubles_and_halves_nothing(server: RealServer, tmp_path: Path) -> None:
    figures = kill_desktops(Run(server, tmp_path, DESKTOPS, seed=1))
    assert figures.faults == 0, figures
    assert figures.promised > DESKTOPS
    assert figures.caught["queued"], "at least once something was on its way"


def test_a_killed_server_loses_and_doubles_nothing(server: RealServer, tmp_path: Path) -> None:
    figures = kill_servers(Run(server, tmp_path, SERVERS, seed=1))
    assert figures.faults == 0, figures
    assert figures.promised > SERVERS


def test_rows_and_cursor_in_no_common_transaction_are_found_out(server: RealServer, tmp_path: Path) -> None:
    assert kill_desktops(Run(server, tmp_path, TWINS, seed=1, mode="twin", patience=1)).partial
