"""`GET /health` and `GET /health/ready`: for load balancers, which ask by address, often, and without being known."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import msgspec
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

log = logging.getLogger(__name__)

HEALTH: Final = "/health"
READY: Final = "/health/ready"
ADDRESSES: Final = (HEALTH, READY)
_RECOVERY: Final = "SELECT pg_is_in_recovery()"


class Health(msgspec.Struct, frozen=True):
    """What is said: `ok`, or the one word that is wrong."""

    status: str


class Answer:
    """Answers before anything else looks at the request: a load balancer names no host of ours, and has no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if request.path == HEALTH:
            return _said(self._asked(self._alive))
        if request.path == READY:
            return _said(self._asked(self._ready))
        return self._get_response(request)

    def _asked(self, look: Callable[[], str]) -> str:
        """Return what is wrong, empty when nothing is."""
        try:
            return look()
        except Error as error:
            log.info("The database does not answer: %s", type(error).__name__)
            return "database"

    def _alive(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return ""

    def _ready(self) -> str:
        """Say what keeps this process from taking writes."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(_RECOVERY)
                if cursor.fetchone()[0]:
                    return "standby"
        if not self._is_migrated:
            executor = MigrationExecutor(connection)
            self._is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self._alive() if self._is_migrated else "migrations"


def _said(wrong: str) -> HttpResponse:
    """Return the answer; that it is unhealthy is no error of the request, and the log stays quiet about it."""
    response = HttpResponse(
        msgspec.json.encode(Health(wrong or "ok")),
        content_type="application/json",
        status=HTTPStatus.SERVICE_UNAVAILABLE if wrong else HTTPStatus.OK,
        headers={"Cache-Control": "no-store"},
    )
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own mark for that
    return response
