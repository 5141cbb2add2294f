"""What is counted and logged of every request: one line for each of the API, in it neither a token nor a body."""

import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from rackside_server import present
from rackside_server.operating import measures
from rackside_server.operating.health import ADDRESSES
from rackside_server.present import Present

log = logging.getLogger("rackside_server.requests")

REQUEST_ID: Final = "X-Request-Id"
API: Final = "/api/"
NEWS: Final = "/api/news"
"""5,000 consoles that wait would write 200 lines a second: only those that did not get to wait are worth one."""
UNKNOWN: Final = "unknown"
"""The endpoint of whatever has no address here, so that guessed ones make no figures of their own."""
CLIENT_LEFT: Final = 499
"""nginx's status for a request whose sender left before it was answered; nothing is sent then."""
SECRET_FIELDS: Final = ("code", "code_verifier", "password", "old_password", "new_password1", "new_password2")
"""Fields of queries and forms whose values appear in no line of the log."""


class Observe:
    """Counts, times and logs each request that Django answers, and names it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        began_s = time.perf_counter()
        with present.answering(request.headers.get(REQUEST_ID, "")) as this:
            present.hide(*secrets_of(request.headers), *map(str, request.COOKIES.values()))
            present.hide(*(request.GET.get(name, "") for name in SECRET_FIELDS))
            response = self._get_response(request)
            response.headers[REQUEST_ID] = this.request_id
            finish(
                this,
                endpoint=_endpoint(request),
                method=request.method or "",
                path=request.path,
                status=response.status_code,
                took_s=time.perf_counter() - began_s,
                size_bytes=len(response.content) if isinstance(response, HttpResponse) else 0,
            )
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: object) -> None:
        """Note the secrets of a form; a body that is no form's is for its endpoint to read, which notes its own."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            present.hide(*(str(request.POST.get(name, "")) for name in SECRET_FIELDS))


def _endpoint(request: HttpRequest) -> str:
    """Return the pattern of a request's address, with no part of it that a sender could make up."""
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return request.path.removeprefix("/") if request.path in ADDRESSES else UNKNOWN


def secrets_of(headers: Mapping[str, str]) -> list[str]:
    """Return what the headers of a request hold that nobody may read in a log."""
    return [headers.get("Authorization", "").partition(" ")[2].strip()]


def finish(
    this: Present, *, endpoint: str, method: str, path: str, status: int, took_s: float, size_bytes: int
) -> None:
    """Count a request that was answered; log it if it was one of the API."""
    measures.REQUESTS.labels(endpoint, f"{status // 100}xx").inc()
    measures.BYTES.labels(endpoint).inc(size_bytes)
    measures.REQUEST_S.labels(endpoint).observe(took_s)
    for half, spent_s in this.spent_s.items():
        measures.SYNC_S.labels(half).observe(spent_s)
    for outcome, number in this.outcomes.items():
        measures.ACTIONS.labels(outcome).inc(number)
    measures.ROWS.inc(this.rows_sent)
    if not path.startswith(API):
        return
    facts = {"method": method, "path": path, "status": status, "ms": round(took_s * 1_000, 1), "bytes": size_bytes}
    if this.device:
        facts |= {"member": this.member, "device": this.device}
    is_quiet = path == NEWS and status == HTTPStatus.OK
    log.log(logging.DEBUG if is_quiet else logging.INFO, "answered", extra={"facts": facts})
