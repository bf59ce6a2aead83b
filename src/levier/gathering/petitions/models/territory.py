from django.db import models

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition


class PublicTerritory(models.Model):
    """A petition whose team shows everyone where its signatures come from."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField()
