"""Where a job sends its signs of life: no cookie, no form, no sign-in, since the address itself is the secret.

The addresses are those of healthchecks.io, so that scripts written for it work with another one: `/beat/<token>` for
done, `/start`, `/fail` or an exit code after it. The log of this server does not have them; that of a proxy before it
may, as it has all addresses.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from rackside_server import present
from rackside_server.accounts.http import Trouble, endpoint
from rackside_server.heartbeats import actions, rules


@endpoint("GET", "HEAD", "POST")
def beat(request: HttpRequest, token: str, said: str = "") -> HttpResponse:
    """Take a sign of life; what is sent with it is kept up to 200 characters."""
    present.hide(token)
    state = rules.state_of(said)
    body = request.read(rules.MOST_BODY_BYTES)
    if state is None or not actions.hear(token, state, rules.message_of(said, body)):
        raise Trouble(HTTPStatus.NOT_FOUND, "unknown", "Nobody listens at this address.", "Copy it from your console.")
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
