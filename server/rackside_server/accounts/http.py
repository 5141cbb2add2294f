"""Answers of the API: JSON of the protocol's structs, and a `Problem` for every failure."""

import logging
import sqlite3
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

import msgspec
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from rackside_protocol.registry import encode
from rackside_protocol.sync import Problem
from rackside_server.accounts.models import Device
from rackside_server.accounts.tokens import device_of

log = logging.getLogger(__name__)
JSON = "application/json"
StructT = TypeVar("StructT", bound=msgspec.Struct)
Parts = ParamSpec("Parts")
"""What of its address a view is given."""
View: TypeAlias = Callable[Concatenate[HttpRequest, Parts], HttpResponse]

NOT_SIGNED_IN = Problem(
    code="not_signed_in",
    message="This console is not signed in, or was signed out from another device.",
    remedy="Sign in again.",
)

NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
FULL = Problem(
    code="no_room",
    message="The server's disk is full.",
    remedy="Nothing is lost. Its operator has to make room; consoles then go on by themselves.",
)
FAILED = Problem(
    code="failed",
    message="Something went wrong on the server. It was logged.",
    remedy="Nothing is lost. Try again later, and tell its operator if it stays so.",
)
UNAVAILABLE = Problem(
    code="database",
    message="The server's database does not answer now.",
    remedy="Nothing is lost. Try again later.",
)


class Trouble(Exception):  # noqa: N818 - it is answered, not raised out of the API
    """A request is answered with a problem."""

    def __init__(self, status: HTTPStatus, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.problem = Problem(code=code, message=message, remedy=remedy)


def answer(value: msgspec.Struct, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """Return a struct as an answer that nobody keeps."""
    return HttpResponse(encode(value), content_type=JSON, status=status, headers={"Cache-Control": "no-store"})


def refusal(problem: Problem, status: HTTPStatus) -> HttpResponse:
    """Return a problem as an answer that the log keeps quiet about: it was foreseen, and its sender is told."""
    response = answer(problem, status)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own mark for that
    return response


def endpoint(*methods: str) -> Callable[[View[Parts]], View[Parts]]:
    """Make a function an endpoint of the API: its methods, no cookies and so no CSRF, troubles as problems."""

    def wrap(view: View[Parts]) -> View[Parts]:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Parts.args, **parts: Parts.kwargs) -> HttpResponse:
            if request.method not in methods:
                problem = Problem(code="method", message=f"This address takes {', '.join(methods)} only.")
                return refusal(problem, HTTPStatus.METHOD_NOT_ALLOWED)
            try:
                return view(request, *args, **parts)
            except Trouble as trouble:
                return refusal(trouble.problem, trouble.status)
            except (OperationalError, InterfaceError) as error:
                log.exception("The database cannot be written or read now")
                if getattr(error.__cause__, "sqlite_errorcode", None) in NO_ROOM:
                    return refusal(FULL, HTTPStatus.INSUFFICIENT_STORAGE)
                return refusal(UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE)
            except Exception:  # a console takes Django's own page for a captive portal's
                log.exception("%s failed", request.path)
                return refusal(FAILED, HTTPStatus.INTERNAL_SERVER_ERROR)

        return guarded

    return wrap


def signed_in(request: HttpRequest) -> Device:
    """Return the device that sends a request.

    Raises:
        Trouble: it is not signed in.
    """
    device = device_of(request.headers.get("Authorization", ""))
    if device is None:
        raise Trouble(HTTPStatus.UNAUTHORIZED, NOT_SIGNED_IN.code, NOT_SIGNED_IN.message, NOT_SIGNED_IN.remedy)
    return device


def read_body(request: HttpRequest, kind: type[StructT], *, at_most_bytes: int) -> StructT:
    """Read the request's body as a struct.

    Raises:
        Trouble: it is too large, no JSON, or not as the struct says.
    """
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    body = b"" if length > at_most_bytes else request.read(at_most_bytes + 1)
    if length > at_most_bytes or len(body) > at_most_bytes:
        limit = f"At most {at_most_bytes:,} bytes are taken."
        raise Trouble(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", limit, "Send less at a time.")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Trouble(HTTPStatus.BAD_REQUEST, "malformed", f"The request cannot be read: {error}.") from error
