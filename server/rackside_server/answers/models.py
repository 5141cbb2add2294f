"""Nouns of answers: a thread that could be in the pack, and the index that answers are found by."""

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


class Wording(models.Model):
    """The numbers of a thread's words, and the segment that they are in; 0 while they wait to be put into one."""

    thread = models.OneToOneField(Thread, primary_key=True, on_delete=models.CASCADE, related_name="wording")
    segment = models.BigIntegerField(default=0, db_index=True)
    numbers = models.BinaryField(null=True)

    def __str__(self) -> str:
        return f"words of {self.thread_id}"


class StoredSegment(models.Model):
    """An inverted index of some threads; see `rackside_ranking.segment.Segment`. `threads` are those at its places."""

    id = models.BigIntegerField(primary_key=True)
    documents = models.PositiveIntegerField()
    threads = models.BinaryField()
    terms = models.BinaryField()
    starts = models.BinaryField()
    holders = models.BinaryField()
    impacts = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.documents} threads"
