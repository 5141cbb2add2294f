"""What an answer must be before any of it is believed: one that is not changes nothing here."""

from collections.abc import Sequence
from typing import Final

from rackside_protocol.ids import Id
from rackside_protocol.sync import ChannelPage, Cursor, SyncRequest, SyncResponse

LARGEST: Final = 2**63 - 1
"""What SQLite holds as an integer."""


def fault(request: SyncRequest, ids: Sequence[Id], answer: SyncResponse) -> str:
    """Say what is wrong with an answer, or return the empty string.

    Args:
        request: what was asked.
        ids: the ids of the request's actions, in order.
        answer: what came.
    """
    if [outcome.id for outcome in answer.outcomes] != list(ids):
        return "it does not answer each action once"
    names = [page.channel for page in answer.channels]
    if len(names) != len(set(names)):
        return "it answers a channel twice"
    asked = {cursor.channel: cursor for cursor in request.cursors}
    for page in answer.channels:
        if found := _page_fault(page, asked.get(page.channel) or Cursor(channel=page.channel)):
            return f"in {page.channel} {found}"
    if any(page.more for page in answer.channels) and not any(
        page.rows or page.state != "rows" for page in answer.channels
    ):
        return "it has more, and sends none of it"
    return ""


def _page_fault(page: ChannelPage, since: Cursor) -> str:
    if page.state in {"gone", "retry"}:
        return ""
    start = 0 if page.state == "reset" else since.version
    versions = [row.version for row in page.rows]
    found = {
        "a number is out of bounds": not all(0 <= each <= LARGEST for each in (page.next, page.tag, page.floor)),
        "the time-line changes without a reset": page.state == "rows" and since.epoch not in {"", page.epoch},
        "the version falls without a reset": page.next < start,
        "a row stands outside its page": any(not start < version <= page.next for version in versions),
        "a row comes twice": min(len(set(versions)), len({row.id for row in page.rows})) < len(versions),
    }
    return next((what for what, wrong in found.items() if wrong), "")
