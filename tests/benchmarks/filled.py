"""A console's store with as many threads as a benchmark wants, through the same door as sync's."""

from pathlib import Path

import msgspec

from rackside.store import Store, mirror
from rackside_protocol.groups import Group
from rackside_protocol.ids import derived_id
from rackside_protocol.people import Member
from rackside_protocol.registry import encode
from rackside_protocol.sync import ChannelPage, Row
from rackside_protocol.threads import Thread

PAGE = 5_000
AUTHORS = 50
START_MS = 1_700_000_000_000


def fill(home: Path, threads: int) -> None:
    """Put threads, their group and their authors into the mirror."""
    people = [Member(id=derived_id("author", str(n)), handle=f"author-{n}", name=f"Author {n}") for n in range(AUTHORS)]
    group = Group(id=derived_id("group"), slug="linux-servers", name="Linux servers")
    with Store.open(home) as store:
        _apply(store, "public", [group, *people], 0)
        for start in range(0, threads, PAGE):
            page = [_thread(n, people) for n in range(start, min(threads, start + PAGE))]
            _apply(store, "group:linux-servers", page, start)


def _thread(number: int, people: list[Member]) -> Thread:
    return Thread(
        id=derived_id("thread", str(number)),
        group="linux-servers",
        author=people[number % AUTHORS].id,
        title=f"Volume {number} fills with logs although rotation is on: where do they go?",
        body="df shows 92 %, du does not. " * 4,
        tags=["disk-full", "systemd"],
        created_ms=START_MS + number * 60_000,
        replies=number % 7,
    )


def _apply(store: Store, channel: str, documents: list[Group | Member] | list[Thread], before: int) -> None:
    rows = [
        Row(version=before + n, id=each.id, kind=each.kind, document=msgspec.Raw(encode(each)))
        for n, each in enumerate(documents, 1)
    ]
    page = ChannelPage(channel=channel, state="rows", epoch="e", rows=rows, next=before + len(rows), tag=1)
    asked = [cursor for cursor in mirror.cursors(store) if cursor.channel == channel]
    mirror.apply_pages(store, [page], asked)
