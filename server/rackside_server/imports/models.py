"""How far each import is, so that it goes on where it was stopped and does nothing when it is done."""

from typing import ClassVar

from django.db import models


class Progress(models.Model):
    """One stage of the import of one site. `offset` bytes of its file, or `mark` of its rows, are behind it."""

    site = models.CharField(max_length=100)
    stage = models.CharField(max_length=20)
    size = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    line = models.BigIntegerField(default=0)
    mark = models.CharField(max_length=32, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "stage"], name="import_stage_once")]

    def __str__(self) -> str:
        return f"{self.site}: {self.stage}"
