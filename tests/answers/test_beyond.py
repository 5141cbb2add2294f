"""Beyond the cache: what the whole community knows is searched when it is asked for, masked, and with a real server."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rackside import paths, settings
from rackside.answers.beyond import NOT_CONNECTED, Beyond, find_beyond, query_beyond
from rackside.answers.panel import SearchPage
from rackside.answers.panel_beyond import FoundPage
from rackside.cli import main
from rackside.kit.slices import Context
from rackside.sync import http
from rackside.sync.embedded import EmbeddedServer
from rackside.watch.model import Machine
from rackside_protocol.registry import encode
from tests.threads.desk import Desk, Until, buttons, texts

MACHINE = Machine(name="kryptonite", system="Debian 12", kernel="6.1", cores=4, memory_bytes=2**33, booted_s=0)
pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def connected(desk: Desk, tmp_path: Path) -> Iterator[tuple[Context, EmbeddedServer]]:
    """A console whose own copy is empty, and a server on which somebody asked and answered."""
    server = EmbeddedServer(tmp_path / "server", demo=True)
    try:
        owner = server.wait()
        http.keep_token(tmp_path, owner.access_token)
        chosen = settings.load(tmp_path)
        chosen.server_url, chosen.member, chosen.handle, chosen.embedded = owner.url, owner.member, owner.handle, True
        settings.save(tmp_path, chosen)
        yield msgspec.structs.replace(desk.context, me=lambda: owner.member, machine=lambda: MACHINE), server
    finally:
        server.stop()


def test_what_leaves_is_a_query_without_what_names_this_machine() -> None:
    query = query_beyond("kryptonite sshd[811]: failed for root from 192.0.2.7 port 22", MACHINE)
    sent = encode(query).decode()  # type: ignore[arg-type] # a query is no document; it is encoded alike
    assert "sshd" in sent
    assert not [secret for secret in ("kryptonite", "192.0.2.7", "811") if secret in sent]


def test_who_is_not_connected_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(Beyond, match="not connected"):
        find_beyond(tmp_path, query_beyond("anything", MACHINE))
    assert "sign in" in NOT_CONNECTED


def test_the_whole_community_is_searched_and_read_from_the_page_and_the_command_line(
    connected: tuple[Context, EmbeddedServer],
    until: Until,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, server = connected
    page = SearchPage(context, "chrony never corrects the clock")
    page.show()
    until(lambda: "Search the whole community" in buttons(page))
    buttons(page)["Search the whole community"].click()
    until(lambda: "FROM THE WHOLE COMMUNITY" in [text.upper() for text in texts(page)])
    found = find_beyond(context.home, query_beyond("chrony never corrects the clock", MACHINE))
    assert found
    reading = FoundPage(context, found[0].answer.thread.id)
    reading.show()
    assert found[0].answer.thread.title in texts(reading)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(context.home))
    assert main(["answers", "chrony never corrects the clock", "--everywhere"]) == 0
    assert found[0].answer.thread.title in capsys.readouterr().out
    server.stop()
    assert main(["answers", "clock", "--everywhere"]) == 0
    assert "What is on this machine was searched." in capsys.readouterr().err
    buttons(page)["Search the whole community"].click()
    until(lambda: any("cannot be reached" in text or "not reached" in text for text in texts(page)))
