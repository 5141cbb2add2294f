"""Nouns of ideas: an idea, votes and comments on it. All of them are public."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from rackside_protocol.ideas import CLOSED

if TYPE_CHECKING:
    from rackside_server.accounts.models import Member

STATES = [
    ("open", "Open"),
    ("under_review", "Under review"),
    ("planned", "Planned"),
    ("started", "Started"),
    ("completed", "Completed"),
    ("declined", "Declined"),
    ("duplicate", "Duplicate"),
]


class IdeaQuerySet(models.QuerySet["Idea"]):
    """Ideas as one member may see them."""

    def visible_to(self, _member: "Member | None") -> "IdeaQuerySet":
        """Return all ideas: they are public."""
        return self.all()


class Idea(models.Model):
    """A proposed feature."""

    id = models.CharField(primary_key=True, max_length=32)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ideas")
    title = models.CharField(max_length=100)
    body = models.TextField()
    state = models.CharField(max_length=20, choices=STATES, default="open")
    reason = models.CharField(max_length=400, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    created_ms = models.BigIntegerField()
    state_changed_ms = models.BigIntegerField(default=0)
    changed_ms = models.BigIntegerField(help_text="When it last changed in the feed: the end of its recent 30 days.")

    objects = IdeaQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["author", "-created_ms"], name="idea_by_author")]

    def __str__(self) -> str:
        return self.title


class IdeaVoteQuerySet(models.QuerySet["IdeaVote"]):
    """Votes on ideas."""

    def spent(self) -> "IdeaVoteQuerySet":
        """Return the votes that count against a budget: those on ideas that are not closed."""
        return self.exclude(idea__state__in=CLOSED)


class IdeaVote(models.Model):
    """A member's vote on an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="ballots")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idea_votes")
    created_ms = models.BigIntegerField()

    objects = IdeaVoteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["idea", "member"], name="idea_vote_once")]

    def __str__(self) -> str:
        return f"{self.member} on {self.idea}"


class IdeaComment(models.Model):
    """A comment on an idea."""

    id = models.CharField(primary_key=True, max_length=32)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="idea_comments")
    body = models.TextField()
    created_ms = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["idea", "created_ms"], name="idea_comment_by_idea")]

    def __str__(self) -> str:
        return f"{self.author} on {self.idea}"
