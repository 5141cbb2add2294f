"""`python -m tests.postgres.writer MEMBER ACTIONS BATCH GROUPS [twin]`: a process that writes as a worker does.

It says "ready", waits for a line, carries out so many questions of one member, in batches, each in any of the groups,
and prints the CPU seconds that took. A question is published and nothing else is done with it: the feed is tried, not
the forum. A twin takes versions from sequences, without the lock on the channel's row that orders them by commit.
"""

import json
import os
import random
import sys
import time
from typing import Any, Final

import django

from rackside_protocol.groups import group_channel
from rackside_protocol.ids import new_id
from rackside_protocol.registry import encode
from rackside_protocol.threads import Ask, Thread
from tests.postgres.people import SLUG

BODY: Final = "The array is degraded since the update, and `journalctl -u md` shows the same line every minute."
SEQUENCE: Final = "twin_{}"


def main() -> None:
    """Write."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    member, actions, batch, groups = sys.argv[1], *map(int, sys.argv[2:5])
    if "twin" in sys.argv[5:]:
        forget_the_lock()
    publish_only()
    print("ready", flush=True)  # noqa: T201 - a command
    sys.stdin.readline()
    began_s = time.process_time()
    write(member, actions, batch, groups)
    print(json.dumps(time.process_time() - began_s))  # noqa: T201 - a command


def write(member_id: str, actions: int, batch: int, groups: int) -> None:
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - Django is set up by now
    from rackside_server.feed.handlers import carry_out_all  # noqa: PLC0415 - as above

    member = Member.objects.get(pk=member_id)
    for start in range(0, actions, batch):
        asks = [
            Ask(id=new_id(), group=SLUG.format(random.randrange(groups)), title=f"Degraded array, case {n}", body=BODY)  # noqa: S311 - any will do
            for n in range(start, min(start + batch, actions))
        ]
        outcomes = carry_out_all(member, [encode(each) for each in asks])
        assert [each.result for each in outcomes] == ["done"] * len(asks), outcomes


def publish_only() -> None:
    """Have a question be one document in its group's channel."""
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - as above
    from rackside_server.feed import handlers  # noqa: PLC0415 - as above
    from rackside_server.feed.publish import publish  # noqa: PLC0415 - as above

    def ask(member: Member, action: Ask) -> None:
        document = Thread(
            id=action.id, group=action.group, author=member.pk, title=action.title, body=action.body, created_ms=0
        )
        publish(document, group_channel(action.group))

    handlers._handlers[Ask] = ask


def forget_the_lock() -> None:
    """Take versions from a sequence of each channel."""
    from django.db import connection  # noqa: PLC0415 - as above

    from rackside_server.feed import publish  # noqa: PLC0415 - as above
    from rackside_server.feed.models import Channel  # noqa: PLC0415 - as above

    class Unordered:
        """A channel whose next version is whatever its sequence gives."""

        def __init__(self, channel: Channel) -> None:
            self.pk, self.name, self.digest, self._head = channel.pk, channel.name, channel.digest, channel.head

        @property
        def head(self) -> int:
            return self._head

        @head.setter
        def head(self, _: int) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval(%s)", [SEQUENCE.format(self.pk)])
                self._head = cursor.fetchone()[0]

    def unlocked(names: set[str]) -> dict[str, Any]:
        return {each.name: Unordered(each) for each in Channel.objects.filter(name__in=names).order_by("pk")}

    publish._lock = unlocked
    publish._HEAD = "UPDATE feed_channel SET head = greatest(head, %s), digest = %s WHERE id = %s"  # type: ignore[misc]


if __name__ == "__main__":
    main()
