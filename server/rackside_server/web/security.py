"""The content security policy of every answer: this server's own styles, fonts and pictures, and no script at all."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ADMIN_POLICY = POLICY + "; script-src 'self'; connect-src 'self'"
"""Django's admin brings scripts of its own."""
AUTHORIZE_POLICY = POLICY.replace("form-action 'self'", "form-action 'self' http://127.0.0.1:*")
"""Letting a console in ends in a redirect to it, on this machine."""


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Add the policy to every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = POLICY
        if request.path.startswith("/admin/"):
            policy = ADMIN_POLICY
        elif request.path.startswith("/authorize"):
            policy = AUTHORIZE_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware
