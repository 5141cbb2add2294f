"""The one door to write: each action is carried out once, in a savepoint of its own, and its outcome remembered."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Final, TypeAlias, TypeVar

import msgspec
from django.db import IntegrityError, OperationalError, connection, transaction

from rackside_protocol.actions import Action, action_kind
from rackside_protocol.ids import Id
from rackside_protocol.registry import ACTIONS, encode, read_action
from rackside_protocol.sync import Outcome, Position
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import followed_by
from rackside_server.feed.clock import now_ms
from rackside_server.feed.models import ReceivedAction
from rackside_server.feed.publish import Announcement, Key, announcing

log = logging.getLogger(__name__)

ActionT = TypeVar("ActionT", bound=Action)
Handler: TypeAlias = Callable[[Member, ActionT], None]

ATTEMPTS: Final = 5
"""How often a batch is tried when PostgreSQL breaks a deadlock by failing it."""
NO_ID: Final = "0" * 32

_handlers: dict[type[Action], Callable[..., None]] = {}


class Refused(Exception):  # noqa: N818 - it is the community's answer, no error
    """An action is not carried out; `message` is a sentence that the person can act on."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class _Envelope(msgspec.Struct):
    """As much of an action as is needed to answer it."""

    id: Id
    kind: str


@dataclass
class _Batch:
    """The outcomes so far of a member's batch, in the order in which the actions came."""

    member: Member
    outcomes: list[Outcome] = field(default_factory=list)
    known: dict[str, tuple[bytes, Outcome]] = field(default_factory=dict)
    news: dict[str, Announcement] = field(default_factory=dict)
    positions: dict[Key, Position] = field(default_factory=dict)
    new: list[tuple[int, bytes]] = field(default_factory=list)


def handles(kind: type[ActionT]) -> Callable[[Handler[ActionT]], Handler[ActionT]]:
    """Register the function that carries out a kind of action: it checks, writes and publishes, or raises `Refused`."""

    def register(handler: Handler[ActionT]) -> Handler[ActionT]:
        if kind in _handlers:
            raise ValueError(f"{action_kind(kind)} has a handler already: {_handlers[kind]}")
        _handlers[kind] = handler
        return handler

    return register


def carry_out(member: Member, action: Action) -> Outcome:
    """Carry out one action, from a web form or a console."""
    return carry_out_all(member, [encode(action)])[0]


def carry_out_all(member: Member, bodies: Sequence[bytes | memoryview]) -> list[Outcome]:
    """Carry out a member's actions in their order, in one transaction; one that fails does not lose the others.

    Args:
        member: who did it.
        bodies: each action's JSON, byte for byte as it was written.
    """
    if not bodies:
        return []
    for _ in range(ATTEMPTS - 1):
        try:
            return _carry_out_batch(member, bodies)
        except OperationalError:
            if connection.in_atomic_block or connection.vendor != "postgresql":
                raise
    return _carry_out_batch(member, bodies)


def _carry_out_batch(member: Member, bodies: Sequence[bytes | memoryview]) -> list[Outcome]:
    envelopes = [_envelope(body) for body in bodies]
    with transaction.atomic():
        # Her actions run one after another, so that one which arrives twice at once is found the second time.
        batch = _Batch(Member.objects.select_for_update(no_key=True).get(pk=member.pk))
        batch.known = _remembered(member, [envelope.id for envelope in envelopes if envelope is not None])
        with announcing() as whole:
            for body, envelope in zip(bodies, envelopes, strict=True):
                batch.outcomes.append(_answer(batch, bytes(body), envelope))
        batch.positions = whole.positions
        _remember(batch)
    return batch.outcomes


def _envelope(body: bytes | memoryview) -> _Envelope | None:
    try:
        return msgspec.json.decode(body, type=_Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _answer(batch: _Batch, body: bytes, envelope: _Envelope | None) -> Outcome:
    """Carry one action out, unless it is known or cannot be read."""
    if envelope is None:
        return _refusal(NO_ID, "malformed", "The server could not read this. Update this console, then send it again.")
    digest = sha256(body).digest()
    if envelope.id in batch.known:
        return _again(digest, *batch.known[envelope.id])
    if envelope.kind not in ACTIONS:
        return _refusal(envelope.id, "unknown_action", "This server does not know this action. It may be older.")
    try:
        action = read_action(body)
    except msgspec.ValidationError as error:
        return _refusal(envelope.id, "invalid", f"The server does not take it as it is written: {error}.")
    if _has_nul(action):
        return _refusal(envelope.id, "invalid", "A text holds a NUL character. Take it out, then send it again.")
    outcome = _carry_out(batch, action)
    if outcome.reason != "failed":
        batch.known[envelope.id] = digest, outcome
        batch.new.append((len(batch.outcomes), digest))
    return outcome


def _has_nul(action: Action) -> bool:
    """Say whether a text holds U+0000, which PostgreSQL does not store."""
    values = msgspec.to_builtins(action).values()
    texts = chain.from_iterable(value if isinstance(value, list) else [value] for value in values)
    return any(isinstance(text, str) and "\0" in text for text in texts)


def _carry_out(batch: _Batch, action: Action) -> Outcome:
    """Run an action's handler in a savepoint."""
    try:
        with announcing() as news:
            _handlers[type(action)](batch.member, action)
    except Refused as refused:
        return _refusal(action.id, refused.reason, refused.message)
    except OperationalError:
        raise  # the database gave the whole transaction up
    except IntegrityError:  # it was carried out so long ago that its outcome is forgotten, or its id is another's
        return _refusal(action.id, "exists", "This is on the server already.")
    except Exception:  # a fault in one handler must not lose the other actions of the batch
        log.exception("%s of %s failed", action_kind(type(action)), batch.member.pk)
        return _refusal(action.id, "failed", "Something went wrong on the server. Try again later.")
    batch.news[action.id] = news
    return Outcome(id=action.id, result="done")


def _refusal(action_id: str, reason: str, message: str) -> Outcome:
    return Outcome(id=action_id, result="refused", reason=reason, message=message)


def _again(digest: bytes, known_digest: bytes, outcome: Outcome) -> Outcome:
    """Return what was answered the first time; the same id with another body is another action."""
    if digest != known_digest:
        return _refusal(outcome.id, "conflict", "Another action was sent under this id. Write it anew.")
    return msgspec.structs.replace(outcome, result="already") if outcome.result == "done" else outcome


def _remembered(member: Member, ids: Sequence[str]) -> dict[str, tuple[bytes, Outcome]]:
    found = ReceivedAction.objects.filter(member=member, action_id__in=ids)
    rows = found.values_list("action_id", "sha256", "outcome")
    return {key: (bytes(digest), msgspec.json.decode(outcome, type=Outcome)) for key, digest, outcome in rows}


def _remember(batch: _Batch) -> None:
    """Store the new outcomes, with where their effects stand in the channels that the member follows."""
    followed = set(followed_by(batch.member)) if batch.positions else set()
    received = []
    for index, digest in batch.new:
        outcome = batch.outcomes[index]
        if outcome.id in batch.news:
            outcome = msgspec.structs.replace(outcome, at=_at(batch, batch.news[outcome.id], followed))
            batch.outcomes[index] = outcome
        received.append(
            ReceivedAction(
                member=batch.member,
                action_id=outcome.id,
                sha256=digest,
                outcome=encode(outcome),
                received_ms=now_ms(),
            )
        )
    ReceivedAction.objects.bulk_create(received)


def _at(batch: _Batch, news: Announcement, followed: set[str]) -> list[Position]:
    """Return, for each channel that is synced to the member, the last position of an action's effects."""
    last: dict[str, Position] = {}
    for key in news.changes:
        position = batch.positions.get(key)
        if position is not None and position.channel in followed:
            last[position.channel] = max(position, last.get(position.channel, position), key=lambda at: at.version)
    return list(last.values())
