"""Nouns of answers: a thread that could be in the pack, and the index that answers are found by."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from rackside_server.threads.models import Post, Thread


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


class LearnedPart(models.Model):
    """A part of the word vectors that were learned last, from so many public threads."""

    part = models.PositiveSmallIntegerField(primary_key=True)
    threads = models.PositiveIntegerField()
    learned_ms = models.BigIntegerField()
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"part {self.part} of {self.threads} threads"


class ReportedAlert(models.Model):
    """An alert that was reported on; who holds its row is alone in counting where nothing was tried."""

    signature = models.CharField(primary_key=True, max_length=200)

    def __str__(self) -> str:
        return self.signature


class Outcome(models.Model):
    """An organisation's word on what became of an alert after a post was tried, or after nothing was.

    `weight` is what the word is worth, in thousandths of a machine.
    """

    organisation = models.CharField(max_length=254)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="outcomes")
    signature = models.CharField(max_length=200)
    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="outcomes")
    cleared = models.BooleanField()
    stayed_h = models.PositiveSmallIntegerField(default=0)
    system = models.CharField(blank=True, max_length=40)
    reported_ms = models.BigIntegerField()
    weight = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "signature", "post"], name="outcome_once"),
            models.UniqueConstraint(
                fields=["organisation", "signature"], name="outcome_untreated_once", condition=models.Q(post=None)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["signature", "post"], name="outcome_by_signature")]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.post_id} for {self.signature}"


class Invitation(models.Model):
    """A member was asked to look at a question; `ended` says whether she replied or put it aside."""

    class Ended(models.TextChoices):
        """How an invitation came to its end."""

        OPEN = "", "open"
        REPLIED = "replied", "replied"
        ASIDE = "aside", "put aside"
        SETTLED = "settled", "settled without her"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="invitations")
    why = models.CharField(max_length=8)
    about = models.CharField(max_length=200)
    created_ms = models.BigIntegerField()
    ended = models.CharField(max_length=8, blank=True, choices=Ended.choices, default=Ended.OPEN)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["member", "thread"], name="invitation_once")]
        indexes: ClassVar = [models.Index(fields=["member", "-created_ms"], name="invitation_by_member")]

    def __str__(self) -> str:
        return f"{self.member} to {self.thread_id}"
