"""Accounts as they are shown: devices, followed groups with what is held of each, and the outbox in words."""

from dataclasses import dataclass

import msgspec

from rackside.settings import Settings
from rackside.store import Store, documents, outbox
from rackside_protocol.accounts import Device
from rackside_protocol.groups import Group, Membership, group_channel
from rackside_protocol.ids import Id
from rackside_protocol.registry import DOCUMENTS
from rackside_protocol.standing import MyVote, Standing

WORDS = {
    "threads.ask": "Question",
    "threads.reply": "Reply",
    "threads.edit_thread": "Edit",
    "threads.edit_post": "Edit",
    "threads.delete": "Deletion",
    "threads.vote": "Helpful vote",
    "threads.accept": "Accepted answer",
    "threads.me_too": "I have this too",
    "ideas.propose": "Feature",
    "ideas.vote": "Vote on a feature",
    "ideas.comment": "Comment",
    "ideas.set_state": "State of a feature",
    "people.edit_profile": "Profile",
    "groups.join": "Follow a group",
    "groups.leave": "Leave a group",
    "accounts.revoke_device": "Sign a device out",
    "sponsors.receipt": "Receipt of a panel",
}
"""What each kind of action is called where a person reads it."""
MOST_SHOWN = 280
MOST_EXPORTED = 1_000_000
PERSONAL = frozenset({Device, Membership, MyVote, Standing})
"""Kinds that are in her own channel alone. Serving keys are secrets and are left out."""


@dataclass(frozen=True)
class GroupChannel:
    """A group, whether she follows it, and how much of it this machine holds."""

    slug: str
    name: str
    followed: bool
    documents: int
    size_bytes: int


@dataclass(frozen=True)
class Entry:
    """One action of the outbox, in words."""

    id: Id
    what: str
    text: str
    state: str
    message: str
    created_s: float


def load_devices(store: Store) -> list[Device]:
    """Load the consoles she is signed in on, oldest first."""
    return documents.of_kind(store, Device, limit=100, order="oldest")


def load_channels(store: Store) -> list[GroupChannel]:
    """Load every group there is, by name; what waits in the outbox counts as done."""
    followed = {each.group for each in documents.of_kind(store, Membership, limit=1_000)}
    for entry in outbox.pending(store):
        if entry.state == "refused":
            continue
        if entry.kind == "groups.join":
            followed.add(entry.action.target)
        elif entry.kind == "groups.leave":
            followed.discard(entry.action.target)
    held = {state.name: state for state in documents.channels(store)}
    found = []
    for group in documents.of_kind(store, Group, limit=1_000):
        state = held.get(group_channel(group.slug))
        size = (state.documents, state.size_bytes) if state else (0, 0)
        found.append(GroupChannel(group.slug, group.name, group.slug in followed, *size))
    return sorted(found, key=lambda each: each.name.casefold())


def load_entries(store: Store) -> list[Entry]:
    """Load the outbox, oldest first, in words."""
    return [
        Entry(
            entry.action.id,
            WORDS.get(entry.kind, entry.kind),
            _text(entry.action)[:MOST_SHOWN],
            entry.state,
            entry.message,
            entry.created_ms / 1000,
        )
        for entry in outbox.pending(store)
    ]


def export(store: Store, settings: Settings) -> dict[str, object]:
    """Gather everything of hers: settings, drafts, the outbox, and every document that she wrote or only she reads."""
    own = [
        each
        for kind in DOCUMENTS.values()
        for each in documents.of_kind(store, kind, limit=MOST_EXPORTED)
        if kind in PERSONAL or settings.member in {each.id, getattr(each, "author", "")}
    ]
    return {
        "settings": msgspec.to_builtins(settings),
        "drafts": outbox.drafts(store),
        "outbox": [msgspec.json.decode(entry.body) for entry in outbox.pending(store)],
        "documents": [msgspec.to_builtins(each) for each in own],
    }


def _text(action: object) -> str:
    return str(getattr(action, "title", "") or getattr(action, "body", "") or getattr(action, "group", ""))
