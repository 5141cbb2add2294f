"""The consent, in one place: without it, and without a token, there is no client, and nothing is sent anywhere."""

from pathlib import Path

from rackside import settings
from rackside.sync import http


def connect(home: Path) -> http.Client | None:
    """Make a client as the settings say, or None: no consent, no server, or not signed in."""
    chosen = settings.load(home)
    if not (chosen.consent and chosen.server_url):
        return None
    token = http.token(home)
    return http.Client(chosen.server_url, token) if token else None
