"""Documents and pages as a server would send them."""

from collections.abc import Sequence

import msgspec

from rackside.store import Store, mirror
from rackside_protocol.documents import Document
from rackside_protocol.registry import encode
from rackside_protocol.sync import ChannelPage, Cursor, Row
from rackside_protocol.threads import Post, Thread

LINUX = "group:linux"
EPOCH = "first"
ALICE = f"{0xA11CE:032x}"


def number(value: int) -> str:
    return f"{value:032x}"


def thread(value: int, title: str = "A title", **changes: object) -> Thread:
    plain = Thread(id=number(value), group="linux", author=ALICE, title=title, body="A body", created_ms=value)
    return msgspec.structs.replace(plain, **changes)


def post(value: int, of: int, body: str = "An answer", **changes: object) -> Post:
    plain = Post(id=number(value), thread=number(of), author=ALICE, body=body, created_ms=value)
    return msgspec.structs.replace(plain, **changes)


def row(version: int, document: Document) -> Row:
    return Row(version=version, id=document.id, kind=document.kind, document=msgspec.Raw(encode(document)))


def gone(version: int, value: int) -> Row:
    return Row(version=version, id=number(value), kind="thread")


def page(rows: Sequence[Row], head: int, **changes: object) -> ChannelPage:
    plain = ChannelPage(channel=LINUX, state="rows", epoch=EPOCH, rows=list(rows), next=head, tag=head)
    return msgspec.structs.replace(plain, **changes)


def fill(store: Store, *held: Document, channel: str = LINUX) -> None:
    """Apply documents on top of what the channel holds."""
    at = cursor(store, channel)
    rows = [row(at.version + 1 + index, each) for index, each in enumerate(held)]
    mirror.apply_pages(store, [page(rows, at.version + len(rows), channel=channel)], [at])


def cursor(store: Store, channel: str = LINUX) -> Cursor:
    held = {each.channel: each for each in mirror.cursors(store)}
    return held.get(channel, Cursor(channel=channel))
