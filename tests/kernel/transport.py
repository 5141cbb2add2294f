"""The real server, in this process: requests go through Django's handler, within the test's transaction."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

from django.http.response import HttpResponseBase
from django.test.client import ClientHandler
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

TEST_ORIGIN = "http://127.0.0.1:8870"


@dataclass
class Answer:
    """What the server answered."""

    status: int = 0
    reason: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


_handler = ClientHandler(enforce_csrf_checks=True)


def request(
    method: str, target: str, body: bytes = b"", *, token: str = "", headers: dict[str, str] | None = None
) -> Answer:
    """Send a request to the server in this process, on this thread."""
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    return _call(_environ(method, target, body, sent))


class InProcessAdapter(BaseAdapter):
    """A transport for `requests` that reaches the server in this process. Mount it on `TEST_ORIGIN`."""

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:  # type: ignore[override]
        """Answer a prepared request, compressed and streamed as over a socket."""
        body = request.body or b""
        url = urlsplit(request.url or "")
        target = f"{url.path}?{url.query}" if url.query else url.path
        sent = {name: str(value) for name, value in request.headers.items()}
        answer = _call(
            _environ(request.method or "GET", target, body if isinstance(body, bytes) else body.encode(), sent)
        )
        response = Response()
        response.status_code, response.reason = answer.status, answer.reason
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = HTTPResponse(
            BytesIO(answer.body), headers=dict(answer.headers), status=answer.status, preload_content=False
        )
        response.request, response.url = request, cast("str", request.url)
        return response

    def close(self) -> None:
        """Nothing is open."""


def _environ(method: str, target: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    path, _, query = target.partition("?")
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return {
        **named,
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.get("Content-Type", "application/json"),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8870",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }


def _call(environ: dict[str, Any]) -> Answer:
    """Answer through the whole of Django, middleware and CSRF checks included, without closing the connection."""
    response = _handler(environ)
    return Answer(response.status_code, response.reason_phrase, list(response.items()), _content(response))


def _content(response: HttpResponseBase) -> bytes:
    return b"".join(response)  # type: ignore[call-overload, no-any-return] # every response of Django's is iterable
