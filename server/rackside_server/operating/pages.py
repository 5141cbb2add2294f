"""`GET /metrics` for Prometheus, and the page that shows the staff how the server is."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

from rackside_protocol.sync import Problem
from rackside_server.accounts.http import refusal
from rackside_server.feed.forms import member_of
from rackside_server.operating import gauges, rules, words
from rackside_server.operating.facts import read_figures

SLOW_SHOWN: Final = 20
NOT_FOR_YOU: Final = Problem(
    code="not_allowed",
    message="Metrics are for this machine, or for who brings the token.",
    remedy="Set RACKSIDE_METRICS_TOKEN and send it as a bearer token.",
)
FORWARDING_HEADERS: Final = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape with the figures of every process and the facts of the server."""
    if not may_scrape(request):
        return refusal(NOT_FOR_YOU, HTTPStatus.FORBIDDEN)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(gauges.Everything()), content_type=content_type)


def may_scrape(request: HttpRequest) -> bool:
    """Say whether a request may read the metrics.

    With a token set, only the token opens. Without one, only this machine does, and only while the server is not
    published under another name: behind a proxy on the same machine every request seems to come from it.
    """
    token = settings.CONFIGURATION.metrics_token
    if token:
        sent = request.headers.get("Authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())
    forwarded = any(name in request.headers for name in FORWARDING_HEADERS)
    public = urlsplit(settings.CONFIGURATION.public_url).hostname or ""
    return not forwarded and _is_loopback(request.META.get("REMOTE_ADDR", "")) and _is_loopback(public)


@never_cache
@require_safe
@login_required
def operating(request: HttpRequest) -> HttpResponse:
    """Show the staff how the server is; for others the page is not there."""
    member = member_of(request)
    if member is None or not member.is_staff:
        raise Http404
    facts, figures = gauges.recent_facts(), read_figures()
    found = list(rules.problems(facts, figures, backups_elsewhere=settings.CONFIGURATION.backups_elsewhere))
    slow = [(statement, number, figures.slow_s.get(statement, 0.0)) for statement, number in figures.slow.items()]
    shown = {
        "problems": found,
        "described": words.described(facts, figures),
        "slow": slow[:SLOW_SHOWN],
        "errors": figures.errors,
        "actions": figures.actions,
    }
    return render(request, "operating/operating.html", shown)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
