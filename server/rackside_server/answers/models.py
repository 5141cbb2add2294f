"""Nouns of answers: a thread that could be in the pack."""

from typing import ClassVar

from django.db import models

from rackside_server.threads.models import Thread


class Candidate(models.Model):
    """An answered thread of a public group that carries an alert's signature, with its place in line for the pack.

    It is made from the thread's rows and nothing else, so that choosing reads one short index and no posts.
    """

    thread = models.OneToOneField(Thread, primary_key=True, on_delete=models.CASCADE, related_name="+")
    alert = models.CharField(max_length=40)
    score = models.PositiveIntegerField()
    packed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["alert", "-score", "thread"], name="candidate_by_score"),
            models.Index(fields=["alert"], name="candidate_packed", condition=models.Q(packed=True)),
        ]

    def __str__(self) -> str:
        return f"{self.thread} for {self.alert}"
