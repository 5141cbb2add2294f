"""Signing in through the browser: an authorization code with PKCE, caught on 127.0.0.1 (RFC 8252, RFC 7636)."""

import base64
import hashlib
import platform
import secrets
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from rackside.sync.errors import NotOurServer, Unreachable
from rackside.sync.http import Client
from rackside_protocol.accounts import CLIENT_ID, Token, TokenRequest

WAIT_S: Final = 300
LOOK_EVERY_S: Final = 0.5
VERIFIER_BYTES: Final = 48
DONE_PAGE: Final = b"<!doctype html><title>Rackside</title><p>You are signed in. You can close this page."
FAILED_PAGE: Final = b"<!doctype html><title>Rackside</title><p>Signing in did not work. Try again from Rackside."


def sign_in(server_url: str, open_browser: Callable[[str], object], *, cancelled: Callable[[], bool] = bool) -> Token:
    """Let the person sign in with her browser, and return this console's token.

    Args:
        server_url: origin of the server.
        open_browser: shows an address to the person.
        cancelled: asked twice a second whether she gave up.

    Raises:
        SyncError: she gave up, refused or took longer than five minutes, or the server did not hand out a token.
    """
    verifier, state = secrets.token_urlsafe(VERIFIER_BYTES), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    with _Catcher() as catcher:
        redirect = f"http://127.0.0.1:{catcher.server_port}/"
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": redirect,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": state,
        }
        open_browser(f"{server_url.rstrip('/')}/authorize?{urlencode(query)}")
        answer = catcher.catch(cancelled)
    if not secrets.compare_digest(answer.get("state", ""), state) or "code" not in answer:
        raise NotOurServer(answer.get("error_description", "") or "The sign-in was refused.")
    request = TokenRequest(
        code=answer["code"],
        code_verifier=verifier,
        redirect_uri=redirect,
        device_name=socket.gethostname(),
        platform=platform.system(),
    )
    client = Client(server_url)
    try:
        return client.exchange(request)
    finally:
        client.close()


class _Catcher(HTTPServer):
    """Listens on a free port of 127.0.0.1 for as long as the sign-in takes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.timeout = LOOK_EVERY_S
        self.answer: dict[str, str] = {}

    def catch(self, cancelled: Callable[[], bool]) -> dict[str, str]:
        until = time.monotonic() + WAIT_S
        while not self.answer:
            if cancelled():
                raise Unreachable("The sign-in was cancelled.")
            if time.monotonic() > until:
                raise Unreachable("The sign-in took longer than five minutes.")
            self.handle_request()
        return self.answer


class _Handler(BaseHTTPRequestHandler):
    server: _Catcher

    def do_GET(self) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        if "state" in query:
            self.server.answer = query
        page = DONE_PAGE if "code" in query else FAILED_PAGE
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the address holds the code."""
