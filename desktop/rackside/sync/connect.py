"""The consent, in one place: without it, and without a token, there is no client, and nothing leaves this machine.

The embedded server is this machine: it is synced with before the person agreed to anything.
"""

from pathlib import Path

from rackside import settings
from rackside.sync import http


def connect(home: Path) -> http.Client | None:
    """Make a client as the settings say, or None: no consent, no server, or not signed in."""
    chosen = settings.load(home)
    if not chosen.server_url or not (chosen.consent or chosen.embedded):
        return None
    token = http.token(home)
    return http.Client(chosen.server_url, token) if token else None
