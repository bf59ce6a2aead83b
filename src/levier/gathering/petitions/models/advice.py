from django.db import models

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition


class PostponedStep(models.Model):
    """A next step that the team put off: not advised before a moment."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=40)
    until = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "step"], name="postponedstep_once")
        ]


class TeamNotice(models.Model):
    """What the team was told by mail about a petition: once each."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    subject = models.CharField(max_length=60)  # « goal:1000 », « closing:2026-10-01 »
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "subject"], name="teamnotice_once")
        ]
