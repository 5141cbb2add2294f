from collections.abc import Iterator

import pytest

from tests.faults.server import RealServer


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server with the demo community, for all tests of this folder: filling it takes ten seconds."""
    with RealServer(tmp_path_factory.mktemp("server")) as running:
        yield running
