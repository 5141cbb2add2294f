"""Who has what a thread asks about, too, and the contexts of their machines: one of each organisation.

Votes of one organisation count once, and of their contexts the first is shown. The others are kept with their votes, so
that one of them is shown when the first is taken back. The only writer of these rows.
"""

from rackside_protocol.standing import personal_channel
from rackside_protocol.threads import evidence_id
from rackside_server.accounts.models import Member
from rackside_server.accounts.organisation import organisation_of
from rackside_server.feed.clock import now_ms
from rackside_server.feed.publish import publish, withdraw
from rackside_server.threads.documents import evidence_document, evidence_shown, me_too_document
from rackside_server.threads.models import MeTooVote, Thread


def say(member: Member, thread: Thread, capsule: str) -> bool:
    """Say that a member has it, too, with her context unless it is empty; return whether that is news."""
    vote = MeTooVote.objects.filter(member=member, thread=thread).first()
    if vote is not None and capsule in {"", vote.capsule}:
        return False
    before = evidence_shown(thread)
    if vote is None:
        vote = MeTooVote.objects.create(
            member=member,
            thread=thread,
            created_ms=now_ms(),
            organisation=organisation_of(member),
            capsule=capsule,
        )
        publish(me_too_document(vote), personal_channel(member.pk))
    else:
        vote.capsule = capsule
        vote.save(update_fields=["capsule"])
    _show(thread, before)
    return True


def take_back(member: Member, thread: Thread) -> bool:
    """Take a member's word back with her context; return whether there was one."""
    vote = MeTooVote.objects.filter(member=member, thread=thread).first()
    if vote is None:
        return False
    _forget(thread, [vote])
    return True


def wipe(thread: Thread) -> None:
    """Take everybody's word and context away, for the thread is being deleted."""
    _forget(thread, list(thread.me_too_votes.all()))


def organisations(thread: Thread) -> int:
    """Count the organisations that have it, too."""
    return thread.me_too_votes.values("organisation").distinct().count()


def _forget(thread: Thread, votes: list[MeTooVote]) -> None:
    before = evidence_shown(thread)
    for vote in votes:
        withdraw(me_too_document(vote).id, personal_channel(vote.member_id))
        vote.delete()
    _show(thread, before)


def _show(thread: Thread, before: list[MeTooVote]) -> None:
    """Publish the contexts that are to be shown now, and withdraw those that are not any more."""
    now = evidence_shown(thread)
    told = {vote.pk: vote.capsule for vote in before}
    gone = {vote.member_id for vote in before} - {vote.member_id for vote in now}
    for member_id in sorted(gone):
        withdraw(evidence_id(thread.pk, member_id), thread.channel)
    for vote in now:
        if told.get(vote.pk) != vote.capsule:
            publish(evidence_document(vote), thread.channel)
