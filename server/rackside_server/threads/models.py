"""Nouns of threads: a question, its posts, and the votes on them.

What a member takes back leaves a row without words (`deleted_ms`), so that the limits of a day still count it.
"""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from rackside_protocol.groups import group_channel

if TYPE_CHECKING:
    from rackside_server.accounts.models import Member


class Sourced(models.Model):
    """A text that may come from elsewhere, with what its licence asks to be shown."""

    source_url = models.CharField(blank=True, max_length=500)
    source_author = models.CharField(blank=True, max_length=200)
    source_licence = models.CharField(blank=True, max_length=100)

    class Meta:
        abstract = True


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Threads as one member may see them."""

    def visible_to(self, member: "Member | None") -> "ThreadQuerySet":
        """Return the threads of public groups, and of private ones that this member is in; None is a visitor."""
        seen = models.Q(group__private=False)
        if member is not None:
            seen |= models.Q(group__in=member.group_memberships.values("group__slug"))
        return self.filter(seen, deleted_ms=0)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts as one member may see them."""

    def visible_to(self, member: "Member | None") -> "PostQuerySet":
        """Return the posts of the threads that this member may see; None is a visitor."""
        return self.filter(deleted_ms=0, thread__in=Thread.objects.visible_to(member))


class Thread(Sourced):
    """A question, or a how-to that answers one before it is asked."""

    id = models.CharField(primary_key=True, max_length=32)
    group = models.ForeignKey("groups.Group", to_field="slug", on_delete=models.PROTECT, related_name="threads")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    title = models.CharField(max_length=160)
    body = models.TextField()
    tags = models.JSONField(default=list, blank=True)
    signature = models.CharField(blank=True, max_length=200)
    capsule = models.TextField(blank=True)
    created_ms = models.BigIntegerField()
    edited_ms = models.BigIntegerField(default=0)
    active_ms = models.BigIntegerField()
    deleted_ms = models.BigIntegerField(default=0)
    how_to = models.BooleanField(default=False)
    replies = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    me_too = models.PositiveIntegerField(default=0)
    accepted = models.ForeignKey("Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["group", "-active_ms"], name="thread_by_activity"),
            models.Index(fields=["author", "-created_ms"], name="thread_by_author"),
            models.Index(fields=["signature"], name="thread_by_signature"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def channel(self) -> str:
        """The channel that the thread and its posts are in."""
        return group_channel(self.group_id)


class Post(Sourced):
    """An answer or a reply."""

    id = models.CharField(primary_key=True, max_length=32)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    body = models.TextField()
    created_ms = models.BigIntegerField()
    edited_ms = models.BigIntegerField(default=0)
    deleted_ms = models.BigIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    reply_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    works = models.PositiveIntegerField(default=0)
    works_ms = models.BigIntegerField(default=0)
    outdated = models.PositiveIntegerField(default=0)
    versions = models.JSONField(default=list, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["thread", "created_ms"], name="post_by_thread"),
            models.Index(fields=["author", "-created_ms"], name="post_by_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author} in {self.thread}"


class HelpfulVote(models.Model):
    """A member found a thread's question or a post helpful; `item` is the id of either."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="helpful_votes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="helpful_votes_got")
    item = models.CharField(max_length=32, db_index=True)
    created_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "item"], name="helpful_vote_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-created_ms"], name="helpful_vote_by_member")]

    def __str__(self) -> str:
        return f"{self.member} on {self.item}"


class MeTooVote(models.Model):
    """A member has what a thread asks about, too; `capsule` is her machine's context, `organisation` whom she is of."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="me_too_votes")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="me_too_votes")
    created_ms = models.BigIntegerField()
    organisation = models.CharField(max_length=255)
    capsule = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "thread"], name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.member} on {self.thread}"


class FreshnessMark(models.Model):
    """A member's word that a post still works or is outdated, and for which versions."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="freshness_marks")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="freshness_marks")
    freshness = models.CharField(max_length=8)
    versions = models.JSONField(default=list, blank=True)
    marked_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "post"], name="freshness_mark_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-marked_ms"], name="freshness_mark_by_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.freshness} on {self.post_id}"
