"""What is worth a look now: her own questions that were answered, what is new in her groups, what is voted on.

The order is a fixed mixture; no sponsor, vendor or payment is an argument of it.
"""

import time
from collections.abc import Sequence
from itertools import zip_longest

from rackside.store import Store, documents
from rackside_protocol.ideas import CLOSED, Idea, trending
from rackside_protocol.ids import Id
from rackside_protocol.threads import Thread

MOST_THREADS = 40
MOST_IDEAS = 10
MOST_READ = 1_000
THREADS_BETWEEN_IDEAS = 3


def load_home(store: Store, me: Id) -> list[Thread | Idea]:
    """Load the mixture for the tab "For you"."""
    newest = documents.threads(store, "newest", me=me, offset=0, limit=MOST_THREADS)
    ideas = [idea for idea in documents.of_kind(store, Idea, limit=MOST_READ) if idea.state not in CLOSED]
    now_ms = int(time.time() * 1000)
    ideas.sort(key=lambda idea: (-trending(idea, now_ms), idea.id))
    return mix(newest, ideas[:MOST_IDEAS], me)


def mix(threads: Sequence[Thread], ideas: Sequence[Idea], me: Id) -> list[Thread | Idea]:
    """Put her own answered questions first, then the rest, one idea after each three threads."""
    own = [thread for thread in threads if thread.author == me and thread.replies]
    rest = [thread for thread in threads if thread not in own]
    groups = [rest[start : start + THREADS_BETWEEN_IDEAS] for start in range(0, len(rest), THREADS_BETWEEN_IDEAS)]
    mixed: list[Thread | Idea] = list(own)
    for group, idea in zip_longest(groups, ideas):
        mixed += group or []
        mixed += [idea] if idea else []
    return mixed
