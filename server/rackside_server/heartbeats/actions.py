"""What is done with heartbeats: check, write, publish, in one transaction. The only writer of these rows."""

import secrets

from rackside_protocol import heartbeats as wire
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.accounts.tokens import hashed
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.publish import announcing, publish, withdraw
from rackside_server.heartbeats import rules
from rackside_server.heartbeats.documents import heartbeat_document
from rackside_server.heartbeats.models import Heartbeat


@handles(wire.RegisterHeartbeat)
def register(member: Member, action: wire.RegisterHeartbeat) -> None:
    """Listen for a job of one's own, at an address that only she is told."""
    own = Heartbeat.objects.visible_to(member)
    if own.filter(name=action.name).exists():
        raise Refused("taken", f"You have a heartbeat called {action.name} already. Choose another name.")
    if own.count() >= rules.MOST_HEARTBEATS:
        most = f"You have {rules.MOST_HEARTBEATS} heartbeats, which is as many as there may be."
        raise Refused("too_many", f"{most} Remove one first.")
    token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    heartbeat = Heartbeat.objects.create(
        id=action.id,
        member=member,
        name=action.name,
        token=token,
        token_sha256=hashed(token),
        created_ms=now_ms(),
    )
    _publish(heartbeat)


@handles(wire.RenewHeartbeat)
def renew(member: Member, action: wire.RenewHeartbeat) -> None:
    """Draw another address; whoever knows the old one can say nothing any more."""
    heartbeat = _own(member, action.heartbeat)
    heartbeat.token = secrets.token_urlsafe(rules.TOKEN_BYTES)
    heartbeat.token_sha256 = hashed(heartbeat.token)
    heartbeat.save(update_fields=["token", "token_sha256"])
    _publish(heartbeat)


@handles(wire.RemoveHeartbeat)
def remove(member: Member, action: wire.RemoveHeartbeat) -> None:
    """Listen for a job no longer."""
    heartbeat = _own(member, action.heartbeat)
    withdraw(heartbeat.pk, personal_channel(member.pk))
    heartbeat.delete()


def hear(token: str, state: wire.BeatState, message: str) -> bool:
    """Take a sign of life; return whether there is such an address.

    It is looked for by the token's hash, so that the time of the answer tells nothing of how much of a guess is right.
    One that comes too soon is heard and not written, and takes no lock.
    """
    known = Heartbeat.objects.filter(token_sha256=hashed(token), member__is_active=True)
    found = known.first()
    if found is None or _writing(found, state) is None:
        return found is not None
    with announcing():
        heartbeat = known.select_for_update(of=("self",), no_key=True).first()
        if heartbeat is None:
            return False
        writing = _writing(heartbeat, state)
        if writing is None:
            return True
        heartbeat.window_ms, heartbeat.written = writing
        heartbeat.last_ms, heartbeat.last_state, heartbeat.message = now_ms(), state, message
        heartbeat.count += 1
        heartbeat.save(update_fields=["window_ms", "written", "last_ms", "last_state", "message", "count"])
        _publish(heartbeat)
    return True


def _writing(heartbeat: Heartbeat, state: wire.BeatState) -> rules.Writing | None:
    before = rules.Writing(heartbeat.window_ms, heartbeat.written)
    return rules.writing(before, heartbeat.last_ms, heartbeat.last_state, state, now_ms())


def _own(member: Member, pk: str) -> Heartbeat:
    """Return a heartbeat of hers, locked until the transaction ends."""
    heartbeat = Heartbeat.objects.visible_to(member).select_for_update(no_key=True).filter(pk=pk).first()
    if heartbeat is None:
        raise Refused("gone", "You have no such heartbeat. It may have been removed on another console.")
    return heartbeat


def _publish(heartbeat: Heartbeat) -> None:
    publish(heartbeat_document(heartbeat), personal_channel(heartbeat.member_id))
