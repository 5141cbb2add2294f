"""Rows of heartbeats as documents of the feed."""

from collections.abc import Iterator
from typing import cast

from rackside_protocol import heartbeats as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.heartbeats.models import Heartbeat
from rackside_server.heartbeats.rules import address


def heartbeat_document(heartbeat: Heartbeat) -> wire.Heartbeat:
    """Return the document by which a member's consoles know a heartbeat and its address."""
    return wire.Heartbeat(
        id=heartbeat.id,
        name=heartbeat.name,
        address=address(heartbeat.token),
        last_ms=heartbeat.last_ms,
        last_state=cast("wire.BeatState", heartbeat.last_state),
        message=heartbeat.message,
        count=heartbeat.count,
        created_ms=heartbeat.created_ms,
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of heartbeats, made from the rows as they are now, with its channel."""
    for heartbeat in Heartbeat.objects.all():
        yield personal_channel(heartbeat.member_id), heartbeat_document(heartbeat)
