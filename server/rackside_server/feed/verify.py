"""Fresh state equals old state plus changes: the feed against documents made anew from every feature's rows."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from rackside_protocol.registry import AnyDocument, encode, read_document
from rackside_server.feed.models import FeedRow
from rackside_server.feed.publish import Key


def in_feed() -> dict[Key, AnyDocument]:
    """Return every document that the feed holds, by channel and id."""
    rows = FeedRow.objects.exclude(payload=None).values_list("channel__name", "object_id", "payload")
    return {(channel, object_id): read_document(bytes(payload)) for channel, object_id, payload in rows if payload}


def fresh() -> dict[Key, AnyDocument]:
    """Return every document that it should hold: `fresh()` of each feature's `documents`."""
    return {
        (channel, document.id): read_document(encode(document))
        for config in apps.get_app_configs()
        if config.name.startswith("rackside_server.") and find_spec(f"{config.name}.documents")
        for channel, document in import_module(f"{config.name}.documents").fresh()
    }


def differences() -> Iterator[str]:
    """Yield a sentence for each document that is not in the feed as it should be."""
    held, wanted = in_feed(), fresh()
    for key in sorted(held.keys() | wanted.keys()):
        if key not in held:
            yield f"{key} is missing from the feed: {wanted[key]}"
        elif key not in wanted:
            yield f"{key} should not be in the feed: {held[key]}"
        elif held[key] != wanted[key]:
            yield f"{key} is {held[key]} in the feed and should be {wanted[key]}"
