"""A standby that lags says `retry` of what it has not heard of yet; only the primary says `reset`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres.cluster import Cluster
from tests.postgres.servers import populate, run


@pytest.fixture
def primary(programs: None) -> Iterator[Cluster]:  # noqa: ARG001 - pytest finds it by name
    """A cluster that can be followed."""
    with Cluster("fsync=off") as made:
        yield made.create()


def states(folder: Path, cluster: Cluster, member: str, cursors: str) -> dict[str, dict[str, object]]:
    """Pull a member's channels from a cluster; return each channel's state, and the cursor that it leads to."""
    found: dict[str, dict[str, object]] = json.loads(
        run(folder, cluster.url, "tests.postgres.pull", member, cursors).splitlines()[-1]
    )
    return found


def test_a_lagging_standby_asks_to_retry_and_a_promoted_one_resets(primary: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    [member, *_] = populate(folder, primary.url, 1, 1)
    with Cluster("fsync=off").follow(primary, "second") as standby:
        standby.sql("SELECT pg_wal_replay_pause()")
        run(folder, primary.url, "tests.postgres.writer", member["id"], "5", "5", "1", stdin="go\n")
        ahead = states(folder, primary, member["id"], "{}")
        cursors = json.dumps({name: page["cursor"] for name, page in ahead.items()})
        written = [name for name in ahead if name.startswith("group:")]
        assert written
        lagging = states(folder, standby, member["id"], cursors)
        assert {name: lagging[name]["state"] for name in written} == dict.fromkeys(written, "retry")
        assert "reset" not in {page["state"] for page in lagging.values()}
        primary.kill()
        standby.sql("SELECT pg_wal_replay_resume()")
        standby.promote()
        assert states(folder, standby, member["id"], cursors) == {}
        invented = {**json.loads(cursors)[written[0]], "version": 1_000_000}
        above = states(folder, standby, member["id"], json.dumps({written[0]: invented}))
        assert above[written[0]]["state"] == "reset"
