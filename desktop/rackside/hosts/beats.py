"""What the heartbeats page shows: those of the server, what of them waits in the outbox, who watches them. No Qt."""

from itertools import chain, count
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.store import Store, checks, documents, outbox
from rackside.store.checks import Watched
from rackside.watch.checks.heartbeat import MOST_HEARTBEATS, Heartbeat
from rackside.watch.standings import read_check
from rackside.words import ago
from rackside_protocol import heartbeats as wire
from rackside_protocol.ids import Id

Tone: TypeAlias = Literal["ok", "info", "bad", "dim"]
TONES: Final[dict[wire.BeatState, Tone]] = {"never": "dim", "start": "info", "ok": "ok", "fail": "bad"}
WORDS: Final[dict[wire.BeatState, str]] = {
    "never": "Nothing came yet",
    "start": "Began",
    "ok": "Done",
    "fail": "Failed",
}


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """One heartbeat. `address` is its whole address, empty until the server has given one; `watched` a check's label.

    `id` is the document's, or the action's that asks for it; `waits` says what the server has not done yet.
    """

    id: Id
    name: str
    tone: Tone
    sentence: str
    address: str = ""
    watched: str = ""
    waits: str = ""
    refused: bool = False


def load_beats(store: Store, server_url: str) -> list[Beat]:
    """Load all heartbeats by name, with what waits in the outbox counted as done."""
    watched = _watched(store)
    waits: dict[Id, str] = {}
    found = []
    for entry in outbox.pending(store):
        match entry.action:
            case wire.RegisterHeartbeat(name=name):
                refused = entry.state == "refused"
                sentence = entry.message if refused else "Its address comes with the next sync"
                tone: Tone = "bad" if refused else "dim"
                found.append(Beat(id=entry.action.id, name=name, tone=tone, sentence=sentence, refused=refused))
            case wire.RenewHeartbeat() | wire.RemoveHeartbeat() as action if entry.state != "refused":
                renews = isinstance(action, wire.RenewHeartbeat)
                waits[action.target] = "gets another address" if renews else "is removed"
            case _:
                pass
    for held in documents.of_kind(store, wire.Heartbeat, limit=MOST_HEARTBEATS):
        heard = f"{WORDS[held.last_state]} {ago(held.last_ms / 1_000)}" if held.last_ms else WORDS[held.last_state]
        found.append(
            Beat(
                id=held.id,
                name=held.name,
                tone=TONES[held.last_state],
                sentence=heard + (f": {held.message}" if held.message else ""),
                address=server_url.rstrip("/") + held.address,
                watched=watched.get(held.name, ""),
                waits=waits.get(held.id, ""),
            )
        )
    return sorted(found, key=lambda each: each.name.casefold())


def watch_beat(store: Store, name: str) -> str:
    """Have this console watch a heartbeat of the server, once a day unless it is said otherwise; return its label."""
    check = Heartbeat(name=name, through="server")
    labels = chain((name,), (f"{name} {number}" for number in count(2)))
    label = next(each for each in labels if checks.one(store, each) is None)
    checks.watch(store, Watched(label=label, check=msgspec.Raw(msgspec.json.encode(check))))
    return label


def _watched(store: Store) -> dict[str, str]:
    """Return the labels of the checks of the server's heartbeats, by the heartbeat's name."""
    found = {}
    for each in checks.watched(store):
        try:
            check = read_check(bytes(each.check))
        except msgspec.MsgspecError:
            continue
        if isinstance(check, Heartbeat) and check.through == "server":
            found[check.name] = each.label
    return found
