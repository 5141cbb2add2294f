"""A standby is promoted while consoles sync: with synchronous commit nothing that was acknowledged is lost."""

from pathlib import Path

import pytest

from tests.postgres.failover import fail_over

pytestmark = pytest.mark.usefixtures("programs")


def test_nothing_acknowledged_is_lost_and_consoles_carry_on_by_themselves(tmp_path: Path) -> None:
    done = fail_over(tmp_path, "fsync=off")
    assert done.acknowledged > 0
    assert (done.lost, done.missing, done.doubled) == (0, 0, 0)
    assert all(each.startswith("Unavailable: The server's database does not answer now.") for each in done.failures)


def test_a_twin_whose_commits_wait_for_no_standby_loses(tmp_path: Path) -> None:
    assert fail_over(tmp_path, "fsync=off", lagging=True).lost > 0
