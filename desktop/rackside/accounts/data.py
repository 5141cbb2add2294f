"""Accounts as they are shown: devices, followed groups with what is held of each, and the outbox in words."""

from dataclasses import dataclass

import msgspec

from rackside.settings import Settings
from rackside.store import Store, budget, documents, outbox, pins
from rackside.store.documents import ChannelState
from rackside_protocol.accounts import Device
from rackside_protocol.groups import Group, Membership, group_channel
from rackside_protocol.heartbeats import Heartbeat
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
    "heartbeats.register": "Heartbeat",
    "heartbeats.renew": "New address of a heartbeat",
    "heartbeats.remove": "Removal of a heartbeat",
    "sponsors.receipt": "Receipt of a panel",
}
"""What each kind of action is called where a person reads it."""
FIXED = {
    "answers": "Answer pack",
    "me": "What only you see",
    "public": "Members, groups and features",
    "staff": "Staff",
    "vendor": "Vendor",
}
"""What each kind of channel is called that comes with being a member."""
MOST_SHOWN = 280
MOST_GROUPS = 10_000
MOST_EXPORTED = 1_000_000
PERSONAL = frozenset({Device, Heartbeat, Membership, MyVote, Standing})
"""Kinds that are in her own channel alone. Serving keys are secrets and are left out."""


@dataclass(frozen=True)
class Subscription:
    """A channel, whether it is kept on this machine, and how much of it. Without a `group` it cannot be left."""

    name: str
    group: str
    followed: bool
    private: bool
    documents: int
    size_bytes: int
    synced_s: float
    empty: bool = False
    """Whether the community has nothing in it, so that nothing is waited for."""


@dataclass(frozen=True)
class Kept:
    """What the mirror takes of the disk, and how many of the pinned threads it holds."""

    used_bytes: int
    pinned: int


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


def load_subscriptions(store: Store) -> list[Subscription]:
    """Load every group there is, by name, then what every member has; what waits in the outbox counts as done."""
    followed = {each.group for each in documents.of_kind(store, Membership, limit=MOST_GROUPS)}
    for entry in outbox.pending(store):
        if entry.state == "refused":
            continue
        if entry.kind == "groups.join":
            followed.add(entry.action.target)
        elif entry.kind == "groups.leave":
            followed.discard(entry.action.target)
    held = {state.name: state for state in documents.channels(store)}
    groups = sorted(documents.of_kind(store, Group, limit=MOST_GROUPS), key=lambda group: group.name.casefold())
    found = [
        _subscription(group.name, held.get(group_channel(group.slug)), group, followed=group.slug in followed)
        for group in groups
    ]
    kinds = {name: FIXED.get(name.partition(":")[0]) for name in held}
    found += [_subscription(kind, held[name], followed=True) for name, kind in kinds.items() if kind]
    return found


def load_kept(store: Store) -> Kept:
    """Load what the mirror takes of the disk."""
    return Kept(budget.used_bytes(store), documents.count_threads(store, "pinned"))


def _subscription(name: str, held: ChannelState | None, group: Group | None = None, *, followed: bool) -> Subscription:
    return Subscription(
        name,
        group.slug if group else "",
        followed=followed,
        private=bool(group and group.private),
        documents=held.documents if held else 0,
        size_bytes=held.size_bytes if held else 0,
        synced_s=held.synced_ms / 1000 if held else 0.0,
        empty=bool(group and not group.threads),
    )


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
    """Gather everything of hers: settings, drafts, pins, the outbox, and what she wrote or only she reads."""
    own = [
        each
        for kind in DOCUMENTS.values()
        for each in documents.of_kind(store, kind, limit=MOST_EXPORTED)
        if kind in PERSONAL or settings.member in {each.id, getattr(each, "author", "")}
    ]
    return {
        "settings": msgspec.to_builtins(settings),
        "drafts": outbox.drafts(store),
        "pins": pins.pinned(store),
        "outbox": [msgspec.json.decode(entry.body) for entry in outbox.pending(store)],
        "documents": [msgspec.to_builtins(each) for each in own],
    }


def _text(action: object) -> str:
    return str(getattr(action, "title", "") or getattr(action, "body", "") or getattr(action, "group", ""))
