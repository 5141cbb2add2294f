"""Where a console asks for answers that it does not hold: a query comes in, and nothing of it is kept."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from rackside_protocol.queries import MOST_FOUND, FoundAnswers, Query
from rackside_server.accounts.http import answer, endpoint, read_body, signed_in
from rackside_server.answers.search import find

MAX_QUERY_BYTES: Final = 64 * 2**10


@endpoint("POST")
def answers(request: HttpRequest) -> HttpResponse:
    """Return the threads that match a query best, of those that the member may see."""
    device = signed_in(request)
    query = read_body(request, Query, at_most_bytes=MAX_QUERY_BYTES)
    return answer(FoundAnswers(answers=find(device.member, query, limit=MOST_FOUND)))
