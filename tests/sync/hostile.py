"""A server on loopback that answers as it is told, well or badly."""

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.store.pages import ALICE

JSON = "application/json"
Reply = tuple[int, dict[str, str], bytes]


class Hostile(ThreadingHTTPServer):
    """Answers every request as it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply: Callable[[dict[str, Any]], Reply] = lambda _: (500, {}, b"")
        self.raw: Callable[[socket.socket], None] | None = None
        self.asked: list[tuple[str, str | None]] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: the console hangs up on us, and is right."""


class Handler(BaseHTTPRequestHandler):
    server: Hostile

    def do_POST(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.server.raw is not None:
            self.server.raw(self.connection)
            return
        status, headers, content = self.server.reply(json.loads(body or b"{}"))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    return status, {"Content-Type": JSON, **headers}, json.dumps(value).encode()


def well(asked: dict[str, Any], **changes: object) -> dict[str, Any]:
    """Return the answer of a server that has carried everything out and has no news."""
    outcomes = [{"id": action["id"], "result": "done"} for action in asked.get("actions", [])]
    return {"protocol": 1, "member": ALICE, "server_ms": 1, "outcomes": outcomes, **changes}
