"""What is done with ideas: check, write, publish, in one transaction. The only writer of these rows."""

from collections.abc import Callable

from rackside_protocol import ideas as wire
from rackside_protocol.standing import personal_channel
from rackside_server.accounts.models import Member
from rackside_server.feed.channels import PUBLIC
from rackside_server.feed.clock import now_ms
from rackside_server.feed.handlers import Refused, handles
from rackside_server.feed.limits import DAY_MS, are_lifted, recent, written_ms
from rackside_server.feed.publish import publish, withdraw
from rackside_server.ideas import rules
from rackside_server.ideas.documents import comment_document, idea_document, vote_document
from rackside_server.ideas.models import Idea, IdeaComment, IdeaVote
from rackside_server.standing.budgets import counts_idea_votes
from rackside_server.standing.ledger import award, refresh_standing, reverse
from rackside_server.standing.rules import idea_votes_allowed


@handles(wire.Propose)
def propose(member: Member, action: wire.Propose) -> None:
    """Propose a feature, with one's own vote on it if the budget allows."""
    now = now_ms()
    _check_limit(member, Idea, rules.too_many_ideas, written_ms(action.id, now, member.joined_ms))
    idea = Idea.objects.create(
        id=action.id, author=member, title=action.title, body=action.body, created_ms=now, changed_ms=now
    )
    award(member, "proposed", idea.pk, rules.POINTS_PROPOSED)
    if votes_used(member) < idea_votes_allowed(member.trust_level):
        _cast(member, idea)
    _publish(idea)


@handles(wire.VoteIdea)
def vote(member: Member, action: wire.VoteIdea) -> None:
    """Set, or take back, one's vote on an idea that is not closed."""
    idea = _idea(member, action.idea)
    if rules.is_closed(idea.state):
        raise Refused("closed", "This idea is closed, and has given its votes back. Vote on an open one.")
    ballot = IdeaVote.objects.filter(member=member, idea=idea).first()
    if action.on and ballot is None:
        if not are_lifted():
            _refuse("budget", rules.over_budget(votes_used(member), idea_votes_allowed(member.trust_level)))
        _cast(member, idea)
    elif not action.on and ballot is not None:
        _uncast(ballot)
    else:
        return
    _publish(idea)


@handles(wire.CommentIdea)
def comment(member: Member, action: wire.CommentIdea) -> None:
    """Comment on an idea, whatever its state."""
    idea = _idea(member, action.idea)
    now = now_ms()
    _check_limit(member, IdeaComment, rules.too_many_comments, written_ms(action.id, now, member.joined_ms))
    remark = IdeaComment.objects.create(id=action.id, idea=idea, author=member, body=action.body, created_ms=now)
    publish(comment_document(remark), PUBLIC)
    _publish(idea)


@handles(wire.SetIdeaState)
def set_state(member: Member, action: wire.SetIdeaState) -> None:
    """Staff move an idea on; a duplicate's votes move to the idea it names, once."""
    if not member.is_staff:
        raise Refused("staff_only", "Only staff move ideas on. Your vote and your comment are heard.")
    idea = _idea(member, action.idea)
    move = rules.wrong_move(
        idea.state, action.state, reason=action.reason, duplicate_of=action.duplicate_of, itself=idea.pk
    )
    _refuse("wrong_move", move)
    original = _original(member, action.duplicate_of) if action.duplicate_of is not None else None
    was_closed = rules.is_closed(idea.state)
    idea.state, idea.reason, idea.duplicate_of = action.state, action.reason, original
    idea.state_changed_ms = now_ms()
    idea.save()
    voters = [ballot.member for ballot in idea.ballots.select_related("member")]
    if original is not None:
        _move_votes(idea, original)
        _publish(original)
    _publish(idea)
    if was_closed != rules.is_closed(idea.state):
        for voter in voters:
            refresh_standing(voter)


@counts_idea_votes
def votes_used(member: Member) -> int:
    """Return how many of her votes a member has on ideas that are not closed."""
    return IdeaVote.objects.filter(member=member).spent().count()


def remove(idea: Idea) -> None:
    """Take an idea away, with its votes, comments and points: for staff in the admin."""
    for ballot in idea.ballots.select_related("member"):
        _uncast(ballot)
    for remark in idea.remarks.all():
        withdraw(remark.pk, PUBLIC)
    reverse(idea.author, "proposed", idea.pk)
    withdraw(idea.pk, PUBLIC)
    idea.delete()


def _refuse(code: str, sentence: str) -> None:
    if sentence:
        raise Refused(code, sentence)


def _check_limit(
    member: Member, kind: type[Idea | IdeaComment], too_many: Callable[[int, bool], str], at_ms: int
) -> None:
    """Refuse what would be one too many in 24 hours; staff are not limited."""
    if member.is_staff or are_lifted():
        return
    texts = kind.objects.filter(author=member, created_ms__gt=at_ms - DAY_MS).values_list("pk", "created_ms")
    today = recent((written_ms(pk, created_ms, member.joined_ms) for pk, created_ms in texts), at_ms).count
    _refuse("too_many", too_many(today, at_ms - member.joined_ms < DAY_MS))


def _idea(member: Member, pk: str) -> Idea:
    """Return an idea, locked until the transaction ends."""
    idea = Idea.objects.visible_to(member).select_for_update().filter(pk=pk).first()
    if idea is None:
        raise Refused("gone", "This idea is not there any more.")
    return idea


def _original(member: Member, pk: str) -> Idea:
    """Return the idea that another is a duplicate of."""
    original = _idea(member, pk)
    if original.state == "duplicate":
        raise Refused("wrong_move", "That idea is a duplicate itself. Name the one that its votes have moved to.")
    return original


def _cast(member: Member, idea: Idea) -> None:
    ballot = IdeaVote.objects.create(member=member, idea=idea, created_ms=now_ms())
    document = vote_document(ballot)
    publish(document, personal_channel(member.pk))
    if idea.author_id != member.pk:
        award(idea.author, "idea_vote", document.id, rules.POINTS_VOTE_GOT)
    refresh_standing(member)


def _uncast(ballot: IdeaVote) -> None:
    document = vote_document(ballot)
    ballot.delete()
    withdraw(document.id, personal_channel(ballot.member_id))
    reverse(ballot.idea.author, "idea_vote", document.id)
    refresh_standing(ballot.member)


def _move_votes(idea: Idea, original: Idea) -> None:
    """Move each vote to the original, unless its member has one there already. The points that it gave stay."""
    there = set(original.ballots.values_list("member_id", flat=True))
    for ballot in idea.ballots.all():
        channel = personal_channel(ballot.member_id)
        withdraw(vote_document(ballot).id, channel)
        if ballot.member_id in there:
            ballot.delete()
            continue
        ballot.idea = original
        ballot.save(update_fields=["idea"])
        publish(vote_document(ballot), channel)


def _publish(idea: Idea) -> None:
    """Publish an idea with its counts as of now."""
    idea.changed_ms = now_ms()
    idea.save(update_fields=["changed_ms"])
    publish(idea_document(idea), PUBLIC)
