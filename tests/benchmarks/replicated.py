"""Documents to be replicated, and how our server comes by them.

python -m tests.benchmarks.replicated DATA FILE publishes a file of documents in the data of a server.
"""

import os
import sys
from collections.abc import Iterator
from itertools import accumulate, product
from pathlib import Path
from random import Random

import django

from rackside_protocol.ids import derived_id
from rackside_protocol.registry import encode, read_document
from rackside_protocol.threads import Post, Thread

GROUP = "linux-servers"
AUTHORS = 500
POSTS_A_THREAD = 2
BODY_WORDS = 60
SYLLABLES = ("net", "disk", "ra", "mo", "ker", "lo", "fi", "ser", "ti", "pan", "vo", "lume")
WORDS = ["".join(parts) for size in (1, 2, 3) for parts in product(SYLLABLES, repeat=size)]
OFTEN = list(accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
"""Some words are frequent and most are rare, as in any language (Zipf's law); an index and zstd both live on that."""
START_MS = 1_700_000_000_000
BATCH = 5_000


def make(file: Path, count: int, *, seed: int = 1) -> None:
    """Write so many threads and posts as JSON lines; another seed writes others under the same ids."""
    file.write_bytes(b"".join(encode(each) + b"\n" for each in _documents(count, Random(seed))))  # noqa: S311 - test data


def _documents(count: int, random: Random) -> Iterator[Thread | Post]:
    for number in range(count):
        first = number - number % (POSTS_A_THREAD + 1)
        author = derived_id("author", str(random.randrange(AUTHORS)))
        body, created = " ".join(random.choices(WORDS, cum_weights=OFTEN, k=BODY_WORDS)), START_MS + number * 60_000
        key = derived_id("document", str(number))
        if number == first:
            title = " ".join(random.choices(WORDS, cum_weights=OFTEN, k=8))
            yield Thread(id=key, group=GROUP, author=author, title=title, body=body, tags=["linux"], created_ms=created)
        else:
            about = derived_id("document", str(first))
            yield Post(id=key, thread=about, author=author, body=body, created_ms=created)


def publish(data: Path, file: Path) -> None:
    """Publish documents in a group that the server's owner follows."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "rackside_server.settings", "RACKSIDE_DATA": str(data)}
    django.setup()
    from rackside_server.accounts.models import Member  # noqa: PLC0415 - Django is set up by now
    from rackside_server.feed.publish import announcing, publish  # noqa: PLC0415 - as above
    from rackside_server.groups.actions import admit, save_group  # noqa: PLC0415 - as above
    from rackside_server.groups.models import Group  # noqa: PLC0415 - as above

    if not Group.objects.filter(slug=GROUP).exists():
        save_group(Group(slug=GROUP, name="Linux servers"))
        admit(Group.objects.get(slug=GROUP), Member.objects.get())
    lines = file.read_bytes().splitlines()
    for start in range(0, len(lines), BATCH):
        with announcing():
            for line in lines[start : start + BATCH]:
                publish(read_document(line), f"group:{GROUP}")


if __name__ == "__main__":
    publish(Path(sys.argv[1]), Path(sys.argv[2]))
