from collections.abc import Iterator

import pytest

from tests.postgres.cluster import Cluster, binaries


@pytest.fixture(scope="session")
def programs() -> None:
    """PostgreSQL itself, which a test of this folder starts and kills."""
    if binaries() is None:
        pytest.skip("PostgreSQL's programs (initdb, pg_ctl) are not installed here.")


@pytest.fixture(scope="session")
def cluster(programs: None) -> Iterator[Cluster]:  # noqa: ARG001 - pytest finds it by name
    """One that is up; durable enough for all that do not kill it."""
    with Cluster("fsync=off") as made:
        yield made.create()
