"""`console(alice)`: a real store and the real sync engine, against the real server in this process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from requests import PreparedRequest, Response
from urllib3 import HTTPResponse

from rackside.store import Store, documents, outbox
from rackside.sync import engine
from rackside.sync.http import Client
from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id
from tests.kernel.cast import Actor
from tests.kernel.transport import TEST_ORIGIN, InProcessAdapter


class Line(InProcessAdapter):
    """The way to the server; it can be cut, and it keeps what came down it."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = False
        self.received: list[bytes] = []

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer a request, unless the line is cut."""
        if self.cut:
            raise ConnectionError("the line is cut")
        request.headers["Accept-Encoding"] = "identity"
        response = super().send(request, *args, **kwargs)
        body = response.raw.read()
        self.received.append(body)
        response.raw = HTTPResponse(BytesIO(body), status=response.status_code, preload_content=False)
        return response


@dataclass
class Console:
    """Somebody's desktop, without its window."""

    actor: Actor
    store: Store
    client: Client
    line: Line = field(default_factory=Line)

    def writes(self, *actions: Action) -> None:
        """Write actions to the outbox, as a panel does."""
        for action in actions:
            outbox.put(self.store, action)

    def syncs(self) -> engine.Report:
        """Sync until nothing is left."""
        return engine.sync(self.store, self.client)

    def does(self, *actions: Action) -> None:
        """Write actions and sync; none may be refused."""
        self.writes(*actions)
        self.syncs()
        assert self.refusals() == []

    def refusals(self) -> list[str]:
        """Return what the server refused, in its own words."""
        return [entry.message for entry in outbox.pending(self.store) if entry.state == "refused"]

    def held(self) -> dict[tuple[Id, str], Document | None]:
        """Return every document that this console holds, by its id and channel."""
        return documents.everything(self.store)

    def copies(self, document: Id) -> int:
        """Return how many times a document is held, over all channels."""
        return sum(document == held for held, _ in self.held())

    def bytes_on_disk(self) -> bytes:
        """Return what is in the mirror's files."""
        return b"".join(path.read_bytes() for path in sorted(self.store.folder.glob("cache.db*")))


MakeConsole: TypeAlias = Callable[[Actor], Console]


@pytest.fixture
def console(tmp_path: Path) -> Iterator[MakeConsole]:
    """Make consoles; each call is a new, empty one."""
    with ExitStack() as stack:

        def make(actor: Actor) -> Console:
            folder = tmp_path / f"console-{len(list(tmp_path.glob('console-*')))}"
            folder.mkdir()
            line = Line()
            client = Client(TEST_ORIGIN, actor.token, adapter=line)
            stack.callback(client.close)
            return Console(actor, stack.enter_context(Store.open(folder)), client, line)

        yield make
