"""Nouns of the feed: a channel, its rows, the tags of its versions, and the actions received."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

EPOCH_BYTES = 8


def new_epoch() -> str:
    """Draw the name of a time-line."""
    return secrets.token_hex(EPOCH_BYTES)


class Channel(models.Model):
    """A stream of documents, the unit of sync and of permission.

    `head` is its newest version; `floor` the version up to which deletions have been forgotten; `digest` the
    exclusive or of its rows' digests.
    """

    name = models.CharField(unique=True, max_length=80)
    epoch = models.CharField(max_length=16, default=new_epoch)
    head = models.BigIntegerField(default=0)
    floor = models.BigIntegerField(default=0)
    digest = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class FeedRow(models.Model):
    """The newest version of one object in one channel. Without a payload the object is gone from it."""

    pk = models.CompositePrimaryKey("channel_id", "version")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="rows")
    version = models.BigIntegerField()
    object_id = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    payload = models.BinaryField(null=True)
    digest = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "object_id"], name="feed_object_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} at {self.version}"


class VersionTag(models.Model):
    """The random number drawn for a version: equal version and other tag is another time-line."""

    pk = models.CompositePrimaryKey("channel_id", "version")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="tags")
    version = models.BigIntegerField()
    tag = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.version}: {self.tag}"


class ReceivedAction(models.Model):
    """An action that was carried out or refused, with what was answered. Its id is its member's own."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    action_id = models.CharField(max_length=32)
    sha256 = models.BinaryField(max_length=32)
    outcome = models.BinaryField()
    received_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "action_id"], name="received_action_once")]

    def __str__(self) -> str:
        return self.action_id
