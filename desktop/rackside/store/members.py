"""Who wrote it: the members that documents name, with a stand-in for those whose profile this console does not hold."""

from collections.abc import Iterable

from rackside.store import Store, documents
from rackside_protocol.ids import Id
from rackside_protocol.people import Member


def by_id(store: Store, ids: Iterable[Id]) -> dict[Id, Member]:
    """Return the profile of each id; every id asked for is in the answer."""
    found: dict[Id, Member] = {}
    for member_id in ids:
        held = documents.get(store, member_id)
        found[member_id] = held if isinstance(held, Member) else Member(id=member_id, handle="", name="A member")
    return found
