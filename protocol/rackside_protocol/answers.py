"""The answer pack: for each kind of alert the best answered threads, so that they are here before they are needed.

It is made of public groups' threads only and travels in a channel of its own that every member follows. So a console
holds answers from groups that it does not follow, and they read the same without a network.
"""

from typing import Final

from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, derived_id
from rackside_protocol.threads import Post, Thread

ALERT_KINDS: Final = frozenset(
    {
        "check.http",
        "check.tcp",
        "clock.offset",
        "cpu.used",
        "disk.filling",
        "disk.inodes",
        "disk.used",
        "dns",
        "gateway",
        "inodes.filling",
        "internet",
        "io.wait",
        "load",
        "memory.available",
        "memory.oom",
        "nic.drops",
        "nic.link",
        "nic.use",
        "ping.down",
        "ping.loss",
        "raid",
        "rtt",
        "service.failed",
        "service.restarts",
        "swap.used",
        "temperature",
        "tls.expiry",
    }
)
"""The kinds of alerts that there are answers for: a signature's first part. No other kind takes room in the pack."""


class PackedAnswer(Document, frozen=True, kw_only=True, tag="packed_answer"):
    """A thread that carries an alert's signature, with its accepted answer and the most helpful other posts.

    The thread's own counts say how much of it is not here. Long texts are cut, and end with an ellipsis.
    """

    thread: Thread
    posts: list[Post] = []

    @property
    def parent(self) -> str:
        return alert_kind(self.thread.signature)

    @property
    def moment_ms(self) -> Moment:
        return self.thread.moment_ms

    @property
    def words(self) -> tuple[str, str, str]:
        title, body, tags = self.thread.words
        return title, "\n".join([body, *(post.body for post in self.posts)]), tags


def alert_kind(signature: str) -> str:
    """Return the kind of alert that a signature begins with; empty when it is none of `ALERT_KINDS`."""
    kind = signature.partition("/")[0].strip()
    return kind if kind in ALERT_KINDS else ""


def packed_answer_id(thread: Id) -> Id:
    """Return the id of a thread's packed answer."""
    return derived_id("packed_answer", thread)
