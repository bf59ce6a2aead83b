from django.db import models

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition

REASON_LENGTH = 500


class Removal(models.Model):
    """Why a petition was taken away from the public: the reason is what its address now says."""

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH)
    removed_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
