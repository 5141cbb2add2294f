"""`python -m tests.postgres.reader MEMBER`: pulls a member's channels without pause, until standard input closes.

It says "ready" once it holds what there is. At the end it pulls once more, and prints the version of every object that
it holds, by channel, and how often it asked.
"""

import json
import os
import select
import sys
from typing import Final

import django

from rackside_protocol.sync import ChannelPage, Cursor

BREATH_S: Final = 0.002
"""Between two pulls, so that the readers leave the writers a core."""


class Mirror:
    """What a console would hold."""

    def __init__(self) -> None:
        self.cursors: dict[str, Cursor] = {}
        self.objects: dict[str, dict[str, int]] = {}

    def apply(self, page: ChannelPage) -> None:
        """Believe a page, as a console does: in the order of its rows, and none at or under its cursor."""
        assert page.state == "rows", page
        held = self.objects.setdefault(page.channel, {})
        last = self.cursors[page.channel].version if page.channel in self.cursors else 0
        for row in page.rows:
            assert row.version > last, (page.channel, row.version, last)
            last = held[row.id] = row.version
        self.cursors[page.channel] = Cursor(
            channel=page.channel, epoch=page.epoch, version=page.next, tag=page.tag, floor=page.floor
        )


def main() -> None:
    """Read."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - Django is set up by now
    from rackside_server.feed.pull import pages  # noqa: PLC0415 - as above

    member, mirror, pulls = Member.objects.get(pk=sys.argv[1]), Mirror(), 0
    ended = ready = False
    while True:
        found = pages(member, list(mirror.cursors.values()), [])
        pulls += 1
        for page in found:
            mirror.apply(page)
        if ended and not found:
            break
        if not found and not ready:
            ready = True
            print("ready", flush=True)  # noqa: T201 - a command
        ended = ended or bool(select.select([sys.stdin], [], [], BREATH_S)[0])
    print(json.dumps({"pulls": pulls, "objects": mirror.objects}))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
