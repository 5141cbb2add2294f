"""Nouns of heartbeats: a job that is waited for, and the last that was heard of it."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from rackside_protocol.heartbeats import MOST_MESSAGE

if TYPE_CHECKING:
    from rackside_server.accounts.models import Member

STATES = [("never", "Never"), ("start", "Began"), ("ok", "Done"), ("fail", "Failed")]


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Heartbeats as one member may see them."""

    def visible_to(self, member: "Member | None") -> "HeartbeatQuerySet":
        """Return her own."""
        return self.filter(member=member) if member is not None else self.none()


class Heartbeat(models.Model):
    """A job that is waited for. The token is kept to be shown to its member; it is found by its hash.

    `window_ms` is when the present minute of writing began, and `written` how often it was written to in that minute.
    """

    id = models.CharField(primary_key=True, max_length=32)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="heartbeats")
    name = models.CharField(max_length=80)
    token = models.CharField(max_length=64)
    token_sha256 = models.CharField(unique=True, max_length=64)
    created_ms = models.BigIntegerField()
    last_ms = models.BigIntegerField(default=0)
    last_state = models.CharField(max_length=5, choices=STATES, default="never")
    message = models.CharField(max_length=MOST_MESSAGE, blank=True)
    count = models.BigIntegerField(default=0)
    window_ms = models.BigIntegerField(default=0)
    written = models.PositiveSmallIntegerField(default=0)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "name"], name="heartbeat_name_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.member}"
