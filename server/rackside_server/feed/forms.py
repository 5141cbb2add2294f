"""From a web form to an action, through the same door as a console's."""

import msgspec
from django.contrib import messages
from django.http import HttpRequest

from rackside_protocol.actions import Action
from rackside_protocol.ids import new_id
from rackside_protocol.sync import Outcome
from rackside_server.accounts.models import Member
from rackside_server.feed.handlers import carry_out

ID_CHARACTERS = 32


def member_of(request: HttpRequest) -> Member | None:
    """Return who is signed in, or None for a visitor."""
    return request.user if isinstance(request.user, Member) else None


def form_id(request: HttpRequest) -> str:
    """Return the id that the form carries, so that sending it twice does nothing twice; a bad one is replaced."""
    sent = request.POST.get("action_id", "")
    return sent if len(sent) == ID_CHARACTERS and all(each in "0123456789abcdef" for each in sent) else new_id()


def act(request: HttpRequest, kind: type[Action], **fields: object) -> Outcome:
    """Carry out an action of the member who is signed in; what was refused is told on the next page."""
    member = member_of(request)
    assert member is not None, "the page is for members"
    try:
        action = msgspec.convert({"kind": kind.__struct_config__.tag, "id": form_id(request), **fields}, kind)
    except msgspec.ValidationError as error:
        outcome = Outcome(id=form_id(request), result="refused", reason="invalid", message=f"Not accepted: {error}.")
    else:
        outcome = carry_out(member, action)
    if outcome.result == "refused":
        messages.error(request, outcome.message)
    return outcome
