"""Nouns of standing: an entry of the points ledger, and the totals that follow from it."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One award, or its reversal: never changed and never deleted. `turn` counts those of one deed from 0."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="entries")
    why = models.CharField(max_length=24)
    about = models.CharField(max_length=64, help_text="The id of what it was for.")
    turn = models.PositiveIntegerField()
    points = models.IntegerField()
    at_ms = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "why", "about", "turn"], name="ledger_entry_once")
        ]
        indexes: ClassVar = [models.Index(fields=["member", "at_ms"], name="ledger_entry_by_day")]

    def __str__(self) -> str:
        return f"{self.points:+} for {self.why}"


class Total(models.Model):
    """The sums of a member's entries: written with each entry, and computable from them at any time."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="total"
    )
    points = models.IntegerField(default=0)
    accepted_answers = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.points} points"
