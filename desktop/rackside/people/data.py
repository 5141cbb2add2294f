"""People as they are shown: the list by points, and one profile with what she wrote."""

from dataclasses import dataclass

from rackside.store import Store, documents
from rackside_protocol.ids import Id
from rackside_protocol.people import Member
from rackside_protocol.threads import Post, Thread

MOST_PEOPLE = 5_000
MOST_SHOWN = 20


@dataclass(frozen=True)
class Profile:
    """A member with her newest threads, and the threads that her posts solved, as far as this console holds them."""

    member: Member
    asked: tuple[Thread, ...]
    solved: tuple[Thread, ...]
    mine: bool


def load_people(store: Store) -> list[Member]:
    """Load the members, most points first; vendors stand after members of the same points."""
    held = documents.of_kind(store, Member, limit=MOST_PEOPLE)
    return sorted(held, key=lambda member: (-member.points, bool(member.vendor), member.name.casefold()))


def load_profile(store: Store, member_id: Id, me: Id) -> Profile | None:
    """Load one profile, or None when this console does not hold it."""
    member = documents.get(store, member_id)
    if not isinstance(member, Member):
        return None
    threads = documents.by_author(store, Thread, member_id, limit=MOST_SHOWN)
    accepted = [post for post in documents.by_author(store, Post, member_id, limit=200) if post.accepted]
    solved = [documents.get(store, post.thread) for post in accepted[:MOST_SHOWN]]
    return Profile(
        member,
        tuple(threads),
        tuple(thread for thread in solved if isinstance(thread, Thread)),
        mine=member_id == me,
    )
