"""Rows of ideas as documents of the feed."""

from collections.abc import Iterator
from typing import cast

from rackside_protocol import ideas as wire
from rackside_protocol.documents import Document
from rackside_protocol.standing import MyVote, my_vote_id, personal_channel
from rackside_server.feed.channels import PUBLIC
from rackside_server.ideas.models import Idea, IdeaComment, IdeaVote
from rackside_server.ideas.rules import RECENT_MS


def idea_document(idea: Idea) -> wire.Idea:
    """Return the document of an idea, its recent counts being those of the 30 days before its last change."""
    since_ms = idea.changed_ms - RECENT_MS
    return wire.Idea(
        id=idea.id,
        author=idea.author_id,
        title=idea.title,
        body=idea.body,
        state=cast("wire.State", idea.state),
        reason=idea.reason,
        duplicate_of=idea.duplicate_of_id,
        votes=idea.ballots.count(),
        comments=idea.remarks.count(),
        recent_votes=idea.ballots.filter(created_ms__gt=since_ms).count(),
        recent_comments=idea.remarks.filter(created_ms__gt=since_ms).count(),
        created_ms=idea.created_ms,
        state_changed_ms=idea.state_changed_ms,
    )


def comment_document(comment: IdeaComment) -> wire.IdeaComment:
    """Return the document of a comment."""
    return wire.IdeaComment(
        id=comment.id,
        idea=comment.idea_id,
        author=comment.author_id,
        body=comment.body,
        created_ms=comment.created_ms,
    )


def vote_document(vote: IdeaVote) -> MyVote:
    """Return the document by which a member's consoles know her vote."""
    return MyVote(
        id=my_vote_id(vote.member_id, vote.idea_id, "idea"), item=vote.idea_id, ballot="idea", since_ms=vote.created_ms
    )


def fresh() -> Iterator[tuple[str, Document]]:
    """Yield every document of ideas, made from the rows as they are now, with its channel."""
    for idea in Idea.objects.all():
        yield PUBLIC, idea_document(idea)
    for comment in IdeaComment.objects.all():
        yield PUBLIC, comment_document(comment)
    for vote in IdeaVote.objects.all():
        yield personal_channel(vote.member_id), vote_document(vote)
