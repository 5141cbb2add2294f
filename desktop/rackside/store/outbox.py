"""What the person wrote: actions on their way to the server, byte for byte as they will be sent, and drafts.

An action goes queued → sending → sent → done, or is refused and stays until the person dismisses or retries it. It
is `sent` when the server acknowledged it and `done` when the mirror has seen every position where its effects stand.
What is done is out of sight and kept for a while: when the server begins a new time-line, as after a restore, it is
sent again, so that what its backup did not hold yet comes back. What the server remembers it answers with `already`.
"""

import sqlite3
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec

from rackside.store import Store
from rackside.store.ballast import making_room
from rackside.store.database import writing
from rackside.store.mirror import resetting
from rackside_protocol.actions import Action, action_kind
from rackside_protocol.ids import Id, new_id
from rackside_protocol.registry import encode, read_action
from rackside_protocol.sync import Outcome, Position

State: TypeAlias = Literal["queued", "sending", "sent", "done", "refused"]
KEPT_MS: Final = 30 * 24 * 60 * 60 * 1_000
"""How long an action is kept after it was seen: a backup that is restored is hardly older."""


@dataclass(frozen=True)
class Pending:
    """An action that the mirror does not show yet. `reason` is a code and `message` a sentence, when it was refused."""

    action: Action
    kind: str
    body: bytes
    state: State
    reason: str
    message: str
    created_ms: int
    attempts: int
    at: tuple[Position, ...]


def put(store: Store, action: Action) -> None:
    """Write an action down, durably. Putting the same id again changes nothing.

    Raises:
        NoRoom: the disk is full; nothing was written.
    """
    values = (action.id, action_kind(type(action)), action.target, encode(action), _now_ms())
    making_room(store.folder, lambda: _put(store.outbox, values))


def pending(store: Store, *, target: str | None = None) -> list[Pending]:
    """Return what is in the outbox, oldest first; with `target` only what is about that document or made it."""
    about, values = ("AND (target = ? OR id = ?)", (target, target)) if target is not None else ("", ())
    rows = store.outbox.execute(
        f"SELECT * FROM actions WHERE state <> 'done' {about} ORDER BY place",  # noqa: S608 - our own words
        values,
    ).fetchall()
    older = resetting(store) if any(row["seen_ms"] for row in rows) else set()
    return [entry for row in rows if not _is_in_view(row, older) and (entry := _entry(row))]


def count(store: Store, *states: State) -> int:
    """Return how many actions are in any of these states."""
    marks = ", ".join("?" * len(states))
    found = store.outbox.execute(f"SELECT count(*) FROM actions WHERE state IN ({marks})", states)  # noqa: S608 - marks
    return int(found.fetchone()[0])


def take(store: Store, limit: int) -> list[tuple[Id, bytes]]:
    """Return the oldest actions to send, id and bytes, and mark them as being sent."""
    with writing(store.outbox) as outbox:
        rows = outbox.execute(
            "SELECT place, id, body FROM actions WHERE state IN ('queued', 'sending') ORDER BY place LIMIT ?", (limit,)
        ).fetchall()
        outbox.executemany(
            "UPDATE actions SET state = 'sending', attempts = attempts + 1 WHERE place = ?",
            [(row["place"],) for row in rows],
        )
    return [(row["id"], row["body"]) for row in rows]


def give_back(store: Store) -> None:
    """Queue again what was being sent when the answer did not come; sending it twice is harmless."""
    with writing(store.outbox) as outbox:
        outbox.execute("UPDATE actions SET state = 'queued' WHERE state = 'sending'")


def settle(store: Store, outcomes: Iterable[Outcome], member: Id) -> None:
    """Write down what the server said of each action, and whose they are."""
    with writing(store.outbox) as outbox:
        for outcome in outcomes:
            refused = outcome.result == "refused"
            outbox.execute(
                "UPDATE actions SET state = ?, reason = ?, message = ?, at = ?, member = ? WHERE id = ?",
                (
                    "refused" if refused else "sent",
                    outcome.reason,
                    outcome.message,
                    encode(outcome.at),
                    member,
                    outcome.id,
                ),
            )


def note_seen(store: Store, seen: dict[str, int], gone: Collection[str] = ()) -> None:
    """Note each sent action whose positions the mirror has seen; one in a channel that is gone leaves nothing behind.

    Args:
        store: this thread's store.
        seen: the version of each channel that the mirror holds.
        gone: channels that the member can no longer read.
    """
    now_ms = _now_ms()
    with writing(store.outbox) as outbox:
        for place, at in _placed(outbox, "state = 'sent'"):
            if all(each.channel in gone or seen.get(each.channel, 0) >= each.version for each in at):
                outbox.execute("UPDATE actions SET state = 'done', seen_ms = ? WHERE place = ?", (now_ms, place))
        if gone:
            lost = [
                (place,) for place, at in _placed(outbox, "state = 'done'") if any(each.channel in gone for each in at)
            ]
            outbox.executemany("DELETE FROM actions WHERE place = ?", lost)
        outbox.execute("DELETE FROM actions WHERE state = 'done' AND seen_ms < ?", (now_ms - KEPT_MS,))
    if gone:
        store.outbox.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def send_again(store: Store, channel: str, member: Id) -> None:
    """Queue again what the member did in a channel that begins a new time-line: it may be lost there."""
    with writing(store.outbox) as outbox:
        for place, at in _placed(outbox, "state IN ('sent', 'done') AND member = ?", member):
            if any(each.channel == channel for each in at):
                outbox.execute("UPDATE actions SET state = 'queued' WHERE place = ?", (place,))


def _placed(outbox: sqlite3.Connection, where: str, *values: str) -> list[tuple[int, list[Position]]]:
    """Return where actions stand in the outbox, and their effects in the feed."""
    rows = outbox.execute(f"SELECT place, at FROM actions WHERE {where} ORDER BY place", values)  # noqa: S608 - our own words
    return [(row["place"], msgspec.json.decode(row["at"], type=list[Position])) for row in rows]


def unseen(store: Store) -> list[Position]:
    """Return the witnesses of the next round: per channel the highest position acknowledged and not yet seen.

    The highest is enough: a time-line that has it has all below it.
    """
    highest: dict[str, Position] = {}
    for _, positions in _placed(store.outbox, "state = 'sent'"):
        for at in positions:
            highest[at.channel] = max(at, highest.get(at.channel, at), key=lambda position: position.version)
    return list(highest.values())


def dismiss(store: Store, action: Id) -> None:
    """Take a refused action away for good; one in any other state stays."""
    with writing(store.outbox) as outbox:
        outbox.execute("DELETE FROM actions WHERE id = ? AND state = 'refused'", (action,))


def retry(store: Store, action: Id) -> None:
    """Queue a refused action again under a new id, since the server remembers what it said of the old one.

    What was written about it and is not sent yet goes with it: replies to a thread that was refused, for one.
    """
    old, new = action.encode(), new_id()
    with writing(store.outbox) as outbox:
        if not outbox.execute("SELECT 1 FROM actions WHERE id = ? AND state = 'refused'", (action,)).fetchone():
            return
        rows = outbox.execute("SELECT place, body FROM actions WHERE state IN ('queued', 'refused')").fetchall()
        outbox.executemany(
            "UPDATE actions SET body = ?, target = replace(target, ?, ?) WHERE place = ?",
            [(row["body"].replace(old, new.encode()), action, new, row["place"]) for row in rows if old in row["body"]],
        )
        outbox.execute(
            "UPDATE actions SET id = ?, state = 'queued', reason = '', message = '', seen_ms = 0 WHERE id = ?",
            (new, action),
        )


def draft(store: Store, name: str) -> str:
    """Return a draft, or the empty string."""
    row = store.outbox.execute("SELECT text FROM drafts WHERE name = ?", (name,)).fetchone()
    return row["text"] if row else ""


def save_draft(store: Store, name: str, text: str) -> None:
    """Keep a draft, durably; an empty one is forgotten.

    Raises:
        NoRoom: the disk is full, and what is kept is the draft as it was before.
    """
    if text != draft(store, name):
        making_room(store.folder, lambda: _save_draft(store.outbox, name, text))


def forget_draft(store: Store, name: str) -> None:
    """Forget a draft."""
    save_draft(store, name, "")


def drafts(store: Store) -> dict[str, str]:
    """Return every draft by its name."""
    return {row["name"]: row["text"] for row in store.outbox.execute("SELECT name, text FROM drafts ORDER BY name")}


def _put(connection: sqlite3.Connection, values: tuple[str | bytes | int, ...]) -> None:
    with writing(connection) as outbox:
        outbox.execute(
            "INSERT INTO actions (id, kind, target, body, state, created_ms) VALUES (?, ?, ?, ?, 'queued', ?)"
            " ON CONFLICT (id) DO NOTHING",
            values,
        )


def _save_draft(connection: sqlite3.Connection, name: str, text: str) -> None:
    with writing(connection) as outbox:
        if text:
            outbox.execute(
                "INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text,"
                " saved_ms = excluded.saved_ms",
                (name, text, _now_ms()),
            )
        else:
            outbox.execute("DELETE FROM drafts WHERE name = ?", (name,))


def _is_in_view(row: sqlite3.Row, resetting: Collection[str]) -> bool:
    """Say whether an action that is sent again is seen still, on the older time-line of every channel it is in."""
    if not row["seen_ms"] or row["state"] == "refused":
        return False
    return all(each.channel in resetting for each in msgspec.json.decode(row["at"], type=list[Position]))


def _entry(row: sqlite3.Row) -> Pending | None:
    """Read a row; None when a newer version wrote it: it is kept, and sent, and not shown."""
    try:
        action = read_action(row["body"])
    except msgspec.DecodeError:
        return None
    at = tuple(msgspec.json.decode(row["at"], type=list[Position]))
    names = ("kind", "body", "state", "reason", "message", "created_ms", "attempts")
    return Pending(action=action, at=at, **{name: row[name] for name in names})


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
