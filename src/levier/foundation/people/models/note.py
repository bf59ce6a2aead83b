from django.db import models

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import Person

NOTE_LENGTH = 2_000


class Note(models.Model):
    """What somebody of the team wrote about a person, who may read it one day (RGPD art. 15)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = models.CharField(max_length=NOTE_LENGTH)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
