"""The endpoints of accounts: what the server says of itself, and a device's token for a code."""

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rackside_protocol.accounts import CLIENT_ID, About, TokenRequest
from rackside_protocol.sync import PROTOCOL
from rackside_server import present
from rackside_server.accounts.actions import redeem_code
from rackside_server.accounts.http import Trouble, answer, endpoint, read_body
from rackside_server.feed.handlers import Refused

MAX_TOKEN_REQUEST_BYTES: Final = 4_096


@endpoint("GET")
def about(_request: HttpRequest) -> HttpResponse:
    """Say who this server is, to a console that is not signed in."""
    configuration = settings.CONFIGURATION
    return answer(About(name=configuration.name, protocol=PROTOCOL, sign_up_open=configuration.sign_up_open))


@endpoint("POST")
def token(request: HttpRequest) -> HttpResponse:
    """Exchange an authorization code for a device's token."""
    asked = read_body(request, TokenRequest, at_most_bytes=MAX_TOKEN_REQUEST_BYTES)
    present.hide(asked.code, asked.code_verifier)
    if asked.client_id != CLIENT_ID:
        raise Trouble(HTTPStatus.BAD_REQUEST, "invalid_client", "This server knows no such client.")
    try:
        return answer(redeem_code(asked))
    except Refused as refused:
        raise Trouble(HTTPStatus.BAD_REQUEST, refused.reason, refused.message) from refused
