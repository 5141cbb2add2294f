"""Nouns of operating: where channels stood at a moment, and whose turn it is to do what one process does for all."""

from typing import ClassVar

from django.db import models


class Mark(models.Model):
    """Where the head of a channel stood at a moment: by this the age of a version is known."""

    channel = models.ForeignKey("feed.Channel", on_delete=models.CASCADE, related_name="+")
    head = models.BigIntegerField()
    at_ms = models.BigIntegerField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "head"], name="mark_once")]

    def __str__(self) -> str:
        return f"{self.head} of {self.channel_id}"


class Turn(models.Model):
    """Work that one process does for all of them, when it last began and ended, and what it did."""

    work = models.CharField(primary_key=True, max_length=20)
    began_ms = models.BigIntegerField(default=0)
    ended_ms = models.BigIntegerField(default=0)
    did = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.work
