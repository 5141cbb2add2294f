"""What is worth a look now: what she is asked to look at, her own answered questions, what is new and voted on.

The order is a fixed mixture; no sponsor, vendor or payment is an argument of it.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rackside.store import Store, documents, outbox
from rackside_protocol.answers import DismissHelpWanted, HelpWanted
from rackside_protocol.ideas import CLOSED, Idea, trending
from rackside_protocol.ids import Id
from rackside_protocol.threads import Reply, Thread

MOST_THREADS = 40
MOST_IDEAS = 10
MOST_READ = 1_000
THREADS_BETWEEN_IDEAS = 3


@dataclass(frozen=True)
class Home:
    """The mixture for the tab "For you"; `wanted` says of some of its threads why she is asked to look at them."""

    items: list[Thread | Idea]
    wanted: dict[Id, HelpWanted]


def load_home(store: Store, me: Id) -> Home:
    """Load the mixture for the tab "For you"."""
    newest = documents.threads(store, "newest", me=me, offset=0, limit=MOST_THREADS)
    ideas = [idea for idea in documents.of_kind(store, Idea, limit=MOST_READ) if idea.state not in CLOSED]
    now_ms = int(time.time() * 1000)
    ideas.sort(key=lambda idea: (-trending(idea, now_ms), idea.id))
    wanted = {each.thread: each for each in _wanted(store)}
    asked = [thread for each in wanted if isinstance(thread := documents.get(store, each), Thread)]
    mixed = mix([thread for thread in newest if thread.id not in wanted], ideas[:MOST_IDEAS], me)
    return Home([*asked, *mixed], wanted)


def _wanted(store: Store) -> Iterator[HelpWanted]:
    """Yield what she is asked to look at, the newest first, without what she put aside or replied to since."""
    done = {
        entry.action.target
        for entry in outbox.pending(store)
        if isinstance(entry.action, DismissHelpWanted | Reply) and entry.state != "refused"
    }
    for each in documents.of_kind(store, HelpWanted):
        if each.thread not in done:
            yield each


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
