"""Nouns of groups: a group, and a member who follows it."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from rackside_protocol.groups import group_channel
from rackside_server.feed.channels import PUBLIC

if TYPE_CHECKING:
    from rackside_server.accounts.models import Member

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Lower-case letters and digits, parted by single hyphens.")


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups as one member may see them."""

    def visible_to(self, member: "Member | None") -> "GroupQuerySet":
        """Return the public groups, and the private ones that this member is in; None is a visitor."""
        if member is None:
            return self.filter(private=False)
        return self.filter(models.Q(private=False) | models.Q(pk__in=member.group_memberships.values("group")))


class Group(models.Model):
    """A place for threads, with a channel of its own."""

    id = models.CharField(primary_key=True, max_length=32)
    slug = models.CharField(unique=True, max_length=40, validators=[SLUG])
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=300, blank=True)
    private = models.BooleanField(default=False, help_text="Joined by invitation of the staff only.")
    default = models.BooleanField(default=True, help_text="New members follow it, unless it is private.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Smaller numbers stand first.")

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def home(self) -> str:
        """The channel that its own document is in."""
        return self.channel if self.private else PUBLIC

    @property
    def channel(self) -> str:
        """The channel of its threads and posts."""
        return group_channel(self.slug)


class GroupMember(models.Model):
    """A member follows a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="group_memberships")
    since_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "member"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.member} in {self.group}"
