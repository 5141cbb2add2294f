"""Rows of devices as documents of the feed."""

from collections.abc import Iterator

from rackside_protocol import accounts as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Device


def device_document(device: Device) -> wire.Device:
    """Return the document of a device that is signed in."""
    return wire.Device(
        id=device.pk,
        name=device.name,
        platform=device.platform,
        created_ms=device.created_ms,
        seen_ms=device.seen_ms,
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield each document that the feed holds of devices, made anew from the rows, with its channel."""
    for device in Device.objects.filter(revoked_ms=0):
        yield personal_channel(device.member_id), device_document(device)
