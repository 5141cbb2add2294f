"""`python -m tests.postgres.pull MEMBER CURSORS`: pull once, without a server; print the pages' states and cursors."""

import json
import os
import sys

import django
import msgspec

from rackside_protocol.sync import Cursor


def main() -> None:
    """Pull."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "rackside_server.settings"
    django.setup()
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - Django is set up by now
    from rackside_server.feed.pull import pages  # noqa: PLC0415 - as above

    cursors = msgspec.json.decode(sys.argv[2], type=dict[str, Cursor])
    found = {}
    for page in pages(Member.objects.get(pk=sys.argv[1]), list(cursors.values()), []):
        cursor = Cursor(channel=page.channel, epoch=page.epoch, version=page.next, tag=page.tag, floor=page.floor)
        found[page.channel] = {"state": page.state, "cursor": msgspec.to_builtins(cursor)}
    print(json.dumps(found))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
