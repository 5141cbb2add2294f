from collections.abc import Iterator

import pytest

from tests.faults.server import RealServer

TEXTS = 2_500
"""A first fill of three pages."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server with a community, for all tests of this folder; `token` is of the staff, whom no limits bind."""
    with RealServer(tmp_path_factory.mktemp("server"), demo=False) as running:
        running.token = running.operate("join", "crusoe", "staff").strip()
        running.operate("write", str(TEXTS))
        yield running
