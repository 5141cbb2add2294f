import threading
from collections.abc import Iterator

import pytest

from tests.sync.hostile import Hostile


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    thread_of_it = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread_of_it.start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()
    thread_of_it.join()
