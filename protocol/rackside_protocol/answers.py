"""Answers: the pack of them that every console holds, the ledger of verified fixes, and questions for who can help.

For each kind of alert the best answered threads are packed, so that they are here before they are needed. The pack is
made of public groups' threads only and travels in a channel of its own that every member follows. So a console holds
answers from groups that it does not follow, and they read the same without a network.

The ledger counts what became of alerts after a post was tried, or nothing: one report of each organisation, with its
member's yes, and nothing in it but what `ReportOutcome` has.
"""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from rackside_protocol.actions import Action
from rackside_protocol.documents import Document
from rackside_protocol.ids import Id, Moment, derived_id
from rackside_protocol.threads import Post, Thread

ALERT_KINDS: Final = frozenset(
    {
        "check.http",
        "check.tcp",
        "check.warns",
        "clock.offset",
        "cpu.used",
        "disk.filling",
        "disk.inodes",
        "disk.smart",
        "disk.used",
        "dns",
        "gateway",
        "heartbeat",
        "inodes.filling",
        "internet",
        "io.wait",
        "load",
        "log.error",
        "memory.available",
        "memory.oom",
        "nic.drops",
        "nic.link",
        "nic.use",
        "ping.down",
        "ping.loss",
        "raid",
        "reboot.required",
        "rtt",
        "service.failed",
        "service.restarts",
        "swap.used",
        "temperature",
        "tls.expiry",
        "updates.security",
    }
)
"""The kinds of alerts that there are answers for: a signature's first part. No other kind takes room in the pack."""


Signature: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""`kind/class/normalised error`: the same on every machine that has the same trouble."""
System: TypeAlias = Annotated[str, msgspec.Meta(max_length=40)]
"""Family and major version of an operating system, such as `Debian 12`."""
StayedHours: TypeAlias = Literal[0, 24, 720]
"""How long an alert was seen to stay clear: not yet a day, a day, 30 days."""


class Tally(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """On how many machines something was tried, cleared the alert for a day, and for 30 days; one an organisation."""

    system: System = ""
    tried: int = 0
    cleared: int = 0
    cleared_30_days: int = 0


class FixRecord(Document, frozen=True, kw_only=True, tag="fix_record"):
    """What became of one alert where one post was tried. In the channel of the post; its id is `fix_record_id`.

    `all` counts everybody; `systems` the same by operating system, most tried first. `credited_tried` and
    `credited_cleared` are thousandths of machines, each report weighed by what its sender's word is worth: ranking goes
    by these, people are shown `all`.
    """

    post: Id
    thread: Id
    signature: str
    all: Tally
    systems: list[Tally] = []
    credited_tried: int = 0
    credited_cleared: int = 0

    @property
    def parent(self) -> str:
        return self.thread


class AlertRecord(Document, frozen=True, kw_only=True, tag="alert_record"):
    """How often one alert cleared where nothing was tried. In the channel of the pack; its id is `alert_record_id`."""

    signature: str
    seen: int = 0
    cleared: int = 0

    @property
    def parent(self) -> str:
        return alert_kind(self.signature)


class MyOutcome(Document, frozen=True, kw_only=True, tag="my_outcome"):
    """A report of the member's own, as the ledger has it; withdrawn when she takes it back. In `me:<member>`."""

    signature: str
    post: Id | None = None
    cleared: bool
    stayed_h: StayedHours = 0
    system: System = ""
    reported_ms: Moment = 0

    @property
    def parent(self) -> str:
        return self.post or ""


class HelpWanted(Document, frozen=True, kw_only=True, tag="help_wanted"):
    """A question that this member is asked to look at, and why she of all people. In `me:<member>`.

    She verified a fix for the alert `about`, or answers of hers on the topic `about` were accepted.
    """

    thread: Id
    why: Literal["verified", "topic"]
    about: str
    created_ms: Moment

    @property
    def parent(self) -> str:
        return self.thread

    @property
    def moment_ms(self) -> Moment:
        return self.created_ms


class LearnedWords(Document, frozen=True, kw_only=True, tag="learned_words"):
    """A part of the word vectors that the community learned from its public threads, as `WordVectors.packed` makes it.

    In the channel of the pack. The parts of one learning have the same `learned_ms`, and there are `parts` of them.
    """

    part: int
    parts: int
    learned_ms: Moment
    packed: bytes

    @property
    def moment_ms(self) -> Moment:
        return self.learned_ms


class ReportOutcome(Action, frozen=True, kw_only=True, tag="answers.report_outcome"):
    """Say what became of an alert after a post was tried, or after nothing was (`post` is None).

    A later report of one organisation about the same replaces its earlier one.
    """

    signature: Signature
    post: Id | None = None
    cleared: bool
    stayed_h: StayedHours = 0
    system: System = ""

    @property
    def target(self) -> str:
        return self.post or self.id


class WithdrawOutcome(Action, frozen=True, kw_only=True, tag="answers.withdraw_outcome"):
    """Take one's own report back."""

    signature: Signature
    post: Id | None = None

    @property
    def target(self) -> str:
        return self.post or self.id


class DismissHelpWanted(Action, frozen=True, kw_only=True, tag="answers.dismiss_help_wanted"):
    """Put a question that one was asked to look at aside. Who puts several aside in a row is left alone for a while."""

    thread: Id

    @property
    def target(self) -> str:
        return self.thread


class PackedAnswer(Document, frozen=True, kw_only=True, tag="packed_answer"):
    """A thread that carries an alert's signature, with its accepted answer and the most helpful other posts.

    The thread's own counts say how much of it is not here. Long texts are cut, and end with an ellipsis.
    """

    thread: Thread
    posts: list[Post] = []
    records: list[FixRecord] = []

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


def fix_record_id(post: Id, signature: str) -> Id:
    """Return the id of the record of one post for one alert."""
    return derived_id("fix_record", post, signature)


def alert_record_id(signature: str) -> Id:
    """Return the id of the record of one alert where nothing was tried."""
    return derived_id("alert_record", signature)


def my_outcome_id(member: Id, signature: str, post: Id | None) -> Id:
    """Return the id of a member's own report."""
    return derived_id("my_outcome", member, signature, post or "")


def learned_words_id(part: int) -> Id:
    """Return the id of a part of the learned word vectors."""
    return derived_id("learned_words", str(part))


def help_wanted_id(member: Id, thread: Id) -> Id:
    """Return the id of a question that a member is asked to look at."""
    return derived_id("help_wanted", member, thread)
