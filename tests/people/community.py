"""The community that the server's tests act in: its roles, a group of each sort, and one look at the feed."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import pytest

from rackside_protocol import ids
from rackside_protocol.actions import Action
from rackside_protocol.registry import AnyDocument, encode, read_document
from rackside_protocol.sync import Outcome
from rackside_protocol.threads import Ask, Reply
from rackside_server.accounts import documents as account_documents
from rackside_server.accounts.actions import join
from rackside_server.accounts.models import Member
from rackside_server.answers import documents as answer_documents
from rackside_server.feed import clock
from rackside_server.feed.handlers import carry_out
from rackside_server.feed.models import FeedRow
from rackside_server.groups import actions as groups
from rackside_server.groups import documents as group_documents
from rackside_server.groups.models import Group
from rackside_server.heartbeats import documents as heartbeat_documents
from rackside_server.ideas import documents as idea_documents
from rackside_server.sponsors import documents as sponsor_documents
from rackside_server.standing import documents as standing_documents
from rackside_server.standing.ledger import points_of
from rackside_server.threads import documents as thread_documents

T = TypeVar("T")
DAY_MS = 24 * 60 * 60 * 1_000
PACE_S = 121
"""Just over the time between two threads on the first day."""
ROLES = ("owner", "other", "staff", "vendor", "outsider")
"""Who may try: who made what it is about, another member, staff, a vendor's, and who is in no group at all."""


@dataclass
class Community:
    """One member of each role, in a public and in a private group; the outsider follows neither."""

    owner: Member
    other: Member
    staff: Member
    vendor: Member
    outsider: Member
    public: Group
    private: Group
    ahead_s: int = 0

    def member(self, role: str) -> Member:
        """Return the member of a role, as she is in the rows now."""
        who: Member = getattr(self, role)
        who.refresh_from_db()
        return who

    def points(self, role: str) -> int:
        """Return the points of a role's member, summed from the ledger."""
        return points_of(self.member(role))

    def later(self, act: Callable[[], T]) -> T:
        """Do something when the time between two texts has passed."""
        self.ahead_s += PACE_S
        with clock.at(clock.now_ms() + self.ahead_s * 1_000):
            return act()


def feed() -> dict[tuple[str, str], AnyDocument]:
    """Return what the feed holds, by channel and object."""
    rows = FeedRow.objects.exclude(payload=None).values_list("channel__name", "object_id", "payload")
    return {(channel, pk): read_document(bytes(payload)) for channel, pk, payload in rows}


def fresh() -> dict[tuple[str, str], AnyDocument]:
    """Return what the feed should hold: every document, made anew from the rows."""
    made = chain.from_iterable(
        each.fresh()
        for each in (
            account_documents,
            answer_documents,
            group_documents,
            heartbeat_documents,
            idea_documents,
            sponsor_documents,
            standing_documents,
            thread_documents,
        )
    )
    return {(channel, document.id): read_document(encode(document)) for channel, document in made}


def carried_out(member: Member, action: Action) -> Outcome:
    """Carry an action out, and hold that the feed is then what the rows say: old state and changes are fresh state."""
    outcome = carry_out(member, action)
    assert feed() == fresh()
    return outcome


def did(member: Member, action: Action) -> str:
    """Carry an action out, insist that it was done, and return its id."""
    outcome = carried_out(member, action)
    assert outcome.result == "done", f"{outcome.reason}: {outcome.message}"
    return action.id


def refused(member: Member, action: Action) -> str:
    """Carry an action out, insist on a refusal with a sentence to act on, and return its reason."""
    outcome = carried_out(member, action)
    assert outcome.result == "refused", outcome
    assert outcome.reason
    assert outcome.message.endswith(".")
    assert outcome.message.count(" ") > 1
    return outcome.reason


def tried(member: Member, action: Action) -> bool:
    """Carry an action out and return whether it was done; if not, it was refused with a sentence."""
    outcome = carried_out(member, action)
    assert outcome.result in {"done", "refused"}
    assert outcome.result == "done" or outcome.message.endswith(".")
    return outcome.result == "done"


def new_id() -> str:
    """Make an id of the moment that the server's clock shows, which `later` has moved: limits count by it."""
    return f"{clock.now_ms():012x}{ids.new_id()[12:]}"


def asked(member: Member, group: Group) -> str:
    """Ask a question, and return its id."""
    return did(member, Ask(id=new_id(), group=group.slug, title="Is it the disk?", body="It is full.", tags=["disk"]))


def replied(member: Member, thread: str) -> str:
    """Reply to a question, and return the post's id."""
    return did(member, Reply(id=new_id(), thread=thread, body="Look at the open files."))


def make_group(slug: str, *, private: bool = False, default: bool = True) -> Group:
    """Make a group."""
    group = Group(slug=slug, name=slug.capitalize(), private=private, default=default)
    groups.save_group(group)
    return group


def make_member(handle: str, *, joined_ms: int, **fields: object) -> Member:
    """Make a member who joined at a moment, with further fields of her row."""
    return join(handle, joined_ms=joined_ms, **fields)


def _gather(joined_ms: int) -> Community:
    fields: dict[str, dict[str, object]] = {"staff": {"is_staff": True}, "vendor": {"vendor": "northvault"}}
    cast = {role: make_member(role, joined_ms=joined_ms, **fields.get(role, {})) for role in ROLES}
    public, private = make_group("linux"), make_group("owners", private=True)
    for role, member in cast.items():
        if role != "outsider":
            groups.admit(public, member)
            groups.admit(private, member)
    return Community(**cast, public=public, private=private)


@pytest.fixture
def community(db: None) -> Community:
    """A community of members who joined long ago."""
    del db
    return _gather(clock.now_ms() - 100 * DAY_MS)


@pytest.fixture
def newcomer(db: None) -> Community:
    """The same on their first day."""
    del db
    return _gather(clock.now_ms())
