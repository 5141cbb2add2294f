"""`python -m tests.faults.operator`: what is done to a server's data beside the running server.

`verify` prints each difference between the feed and the rows it was made from; `join alice`, or `join alice staff`,
makes a member who has been here for long and prints her token; `write 20000` has others write so many texts, through
the doors of importers.
"""

import os
import sys
from itertools import count
from typing import Final

import django

from rackside_protocol.ids import new_id

OTHER: Final = "friday"
GROUP: Final = "seafarers"
DAY_MS: Final = 24 * 60 * 60 * 1_000
JOINED_DAYS_AGO: Final = 100
POSTS_A_THREAD: Final = 9
BATCH: Final = 1_000
WORDS: Final = (
    "The array is degraded since the update of the controller, and `journalctl -u md` shows the same line every minute."
)


def main() -> None:
    """Do what is asked for."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    if sys.argv[1] == "verify":
        verify()
    elif sys.argv[1] == "join":
        join(sys.argv[2], is_staff="staff" in sys.argv[3:])
    else:
        write(int(sys.argv[2]))


def verify() -> None:
    from django.db import transaction  # noqa: PLC0415 - Django is set up by now

    from rackside_server.feed.verify import differences  # noqa: PLC0415 - as above

    with transaction.atomic():  # the server goes on writing, such as when a device was seen
        for difference in differences():
            print(difference)  # noqa: T201 - a command


def join(handle: str, *, is_staff: bool) -> None:
    from rackside_server.accounts import actions  # noqa: PLC0415 - as above
    from rackside_server.feed.clock import now_ms  # noqa: PLC0415 - as above
    from rackside_server.groups import actions as groups  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    group = Group.objects.filter(slug=GROUP).first() or Group(slug=GROUP, name="Seafarers")
    groups.save_group(group)
    member = actions.join(handle, joined_ms=now_ms() - JOINED_DAYS_AGO * DAY_MS, is_staff=is_staff)
    groups.admit(group, member)
    _, token = actions.open_device(member, "a laptop", "linux")
    print(token)  # noqa: T201 - a command


def write(texts: int) -> None:
    from rackside_server.accounts.actions import join as join_community  # noqa: PLC0415 - as above
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - as above
    from rackside_server.feed.clock import now_ms  # noqa: PLC0415 - as above
    from rackside_server.groups.actions import publish_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above
    from rackside_server.threads import bulk  # noqa: PLC0415 - as above
    from rackside_server.threads.models import Post, Thread  # noqa: PLC0415 - as above

    author = Member.objects.filter(handle=OTHER).first() or join_community(OTHER, name="Friday")
    since = new_id()
    of = {"author": author, "body": WORDS, "created_ms": now_ms() - DAY_MS}
    threads = [
        Thread(id=new_id(), group_id=GROUP, title=f"Degraded array, case {number}", active_ms=of["created_ms"], **of)
        for number in range(texts // (POSTS_A_THREAD + 1))
    ]
    numbers = count()
    posts = [Post(id=new_id(), thread=thread, **of) for thread in threads for _ in range(POSTS_A_THREAD)]
    posts += [Post(id=new_id(), thread=threads[next(numbers)], **of) for _ in range(texts - len(threads) - len(posts))]
    bulk.add_threads(threads)
    bulk.add_posts(posts)
    for are_posts in (False, True):
        last = since
        while last := bulk.announce(last, BATCH, group=GROUP, posts=are_posts):
            pass
    publish_group(Group.objects.get(slug=GROUP))


if __name__ == "__main__":
    main()
