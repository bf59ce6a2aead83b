from django.db import models
from django.db.models import F, Q

from levier.gathering.petitions.models.petition import Petition


class Tally(models.Model):
    """The count of a petition: the row every signature of it passes through."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="+")
    last_number = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    paper = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed__lte=F("counted"), counted__lte=F("last_number")),
                name="tally_confirmed_counted_numbered",
            )
        ]
