"""Whom a new question goes to: members who verified a fix for its alert, then those whose answers on its topic helped.

A member is asked a few times a week at most, and left alone for a while when she puts several aside in a row. The
question itself travels in its group's channel; an invitation only names it. The only writer of these rows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final, Literal, NamedTuple, cast

from django.db.models.signals import post_save
from django.dispatch import receiver

from rackside_protocol.answers import DismissHelpWanted, HelpWanted, help_wanted_id
from rackside_protocol.documents import Document
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.answers import records, rules
from rackside_server.answers.models import Invitation, Outcome
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.limits import DAY_MS
from rackside_server.feed.publish import publish, withdraw
from rackside_server.threads.models import Post, Thread
from rackside_server.threads.signals import thread_changed

_OPEN: Final = Invitation.Ended.OPEN


class _Helper(NamedTuple):
    member_id: str
    why: Literal["verified", "topic"]
    about: str


@receiver(post_save, sender=Thread)
def invite(instance: Thread, *, created: bool, **_: object) -> None:
    """Ask the first few who can help with a new question, of those who follow its group and have not had enough."""
    if not created or instance.how_to:
        return
    helpers = (each for each in _helpers(instance) if _has_room(each.member_id, instance))
    for helper in islice(helpers, rules.INVITED):
        invitation = Invitation.objects.create(
            member_id=helper.member_id,
            thread=instance,
            why=helper.why,
            about=helper.about,
            created_ms=instance.created_ms,
        )
        publish(_document(invitation), personal_channel(helper.member_id))


@receiver(post_save, sender=Post)
def see_reply(instance: Post, *, created: bool, **_: object) -> None:
    """End the invitation of a member who replied."""
    if created:
        _end(Invitation.objects.filter(thread=instance.thread_id, member=instance.author_id), Invitation.Ended.REPLIED)


@receiver(thread_changed)
def settle(thread: Thread, **_: object) -> None:
    """End the invitations to a question that has its answer, or is gone."""
    if thread.accepted_id or thread.duplicate_of_id or thread.deleted_ms:
        _end(Invitation.objects.filter(thread=thread), Invitation.Ended.SETTLED)


@handles(DismissHelpWanted)
def dismiss(member: Member, action: DismissHelpWanted) -> None:
    """Put a question aside."""
    if not _end(Invitation.objects.filter(member=member, thread=action.thread), Invitation.Ended.ASIDE):
        raise Refused("gone", "You are not asked to look at this question any more.")


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield the document of every open invitation, with its channel."""
    for invitation in Invitation.objects.filter(ended=_OPEN):
        yield personal_channel(invitation.member_id), _document(invitation)


def _helpers(thread: Thread) -> Iterator[_Helper]:
    """Yield who could help, each once, best first: of those who follow the question's group and did not ask it."""
    seen = {thread.author_id}
    for helper in chain(_verified(thread), _on_topic(thread)):
        if helper.member_id not in seen:
            seen.add(helper.member_id)
            yield helper


def _verified(thread: Thread) -> Iterator[_Helper]:
    """Yield who reported that a fix cleared the alert which a question is about: who reported last, first."""
    if thread.signature:
        cleared = Outcome.objects.filter(signature=thread.signature, cleared=True).exclude(post=None)
        for outcome in cleared.order_by("-reported_ms", "pk")[: rules.LOOKED_AT]:
            if records.counts_as_cleared(outcome):
                yield _Helper(outcome.member_id, "verified", thread.signature)


def _on_topic(thread: Thread) -> Iterator[_Helper]:
    """Yield whose answers were accepted in the group's latest threads on a topic of the question: most, first."""
    if not thread.tags:
        return
    latest = Thread.objects.filter(group=thread.group_id, deleted_ms=0).order_by("-active_ms")[: rules.LOOKED_AT]
    accepted = Counter(
        (author, tag)
        for tags, author in latest.values_list("tags", "accepted__author")
        for tag in {*tags} & {*thread.tags}
        if author
    )
    for (author, tag), _ in sorted(accepted.items(), key=lambda each: (-each[1], each[0])):
        yield _Helper(author, "topic", tag)


def _has_room(member_id: str, thread: Thread) -> bool:
    """Say whether a member follows the question's group, was not asked too often lately, and does not mind it."""
    if not Member.objects.filter(pk=member_id, is_active=True, group_memberships__group__slug=thread.group_id).exists():
        return False
    now = thread.created_ms
    of_hers = Invitation.objects.filter(member=member_id).order_by("-created_ms", "-pk")
    if of_hers.filter(created_ms__gt=now - 7 * DAY_MS).count() >= rules.INVITATIONS_A_WEEK:
        return False
    lately = of_hers.filter(created_ms__gt=now - rules.LEFT_ALONE_DAYS * DAY_MS).exclude(ended=Invitation.Ended.SETTLED)
    last = list(lately.values_list("ended", flat=True)[: rules.ASIDE_IN_A_ROW])
    return last != [Invitation.Ended.ASIDE] * rules.ASIDE_IN_A_ROW


def _end(invitations: Iterable[Invitation], how: Invitation.Ended) -> int:
    """End those that are open; return how many there were."""
    ended = [each for each in invitations if each.ended == _OPEN]
    for invitation in ended:
        invitation.ended = how
        invitation.save(update_fields=["ended"])
        withdraw(_document(invitation).id, personal_channel(invitation.member_id))
    return len(ended)


def _document(invitation: Invitation) -> HelpWanted:
    return HelpWanted(
        id=help_wanted_id(invitation.member_id, invitation.thread_id),
        thread=invitation.thread_id,
        why=cast("Literal['verified', 'topic']", invitation.why),
        about=invitation.about,
        created_ms=invitation.created_ms,
    )
