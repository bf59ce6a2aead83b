import pgtrigger
from django.db import models

from levier.gathering.petitions.models.petition import Petition


class Milestone(models.Model):
    """A threshold crossed, once for good (P40)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    threshold = models.PositiveIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="write_once", operation=pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(fields=["petition", "threshold"], name="milestone_once")
        ]
