"""The demo: a home of its own, a server of its own on this machine, and the demo community."""

import os
from pathlib import Path

from rackside import paths, settings
from rackside.store import Store, documents

SERVER_FOLDER = "server"


def choose_home() -> Path:
    """Make the demo's folder the home of this process, unless RACKSIDE_HOME says another; return it."""
    if paths.HOME_VARIABLE not in os.environ:
        from platformdirs import user_data_path  # noqa: PLC0415 - needed by nobody else at start

        os.environ[paths.HOME_VARIABLE] = str(user_data_path("rackside-demo", appauthor=False))
    home = paths.home()
    chosen = settings.load(home)
    if not chosen.embedded:
        chosen.embedded = True
        settings.save(home, chosen)
    return home


def fill(home: Path) -> None:
    """Bring the demo community into an empty mirror without a window: start the server, sync once, stop it.

    Raises:
        SyncError: the server did not start or did not answer.
    """
    from rackside.sync import engine, http  # noqa: PLC0415 - requests costs 86 ms, and most calls find the mirror filled
    from rackside.sync.embedded import EmbeddedServer  # noqa: PLC0415 - as above

    with Store.open(home) as store:
        if documents.count_threads(store):
            return
        server = EmbeddedServer(home / SERVER_FOLDER, demo=True)
        try:
            owner = server.wait()
            http.keep_token(home, owner.access_token)
            chosen = settings.load(home)
            chosen.server_url, chosen.member, chosen.handle = owner.url, owner.member, owner.handle
            settings.save(home, chosen)
            client = http.Client(owner.url, owner.access_token)
            try:
                engine.sync(store, client)
            finally:
                client.close()
        finally:
            server.stop()
