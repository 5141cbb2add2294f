"""Versions are dense in the order of commits, whoever writes; and this way of looking would notice if they were not."""

from pathlib import Path

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.writers import run

pytestmark = pytest.mark.usefixtures("programs")


def test_no_version_is_skipped_and_no_action_lost_or_doubled(tmp_path: Path) -> None:
    with Cluster("fsync=off") as cluster:
        done = run(cluster.create(), tmp_path / "data", writers=4, actions=800, groups=3)
    assert (done.missed, done.channels_with_holes) == ([], 0)
    assert (done.carried_out, done.written) == (done.actions, done.actions)
    assert done.pulls > 10


def test_a_twin_that_takes_versions_from_a_sequence_is_caught(tmp_path: Path) -> None:
    with Cluster("fsync=off") as cluster:
        done = run(cluster.create(), tmp_path / "data", writers=4, actions=800, groups=3, twin=True)
    assert done.missed
