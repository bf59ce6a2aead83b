from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition

DECISION_LENGTH = 2_000


class Victory(models.Model):
    """What the public reads of a petition that won (P62).

    Only what the page needs: the outcome itself will be `decisions.commitments`', which calls
    `mark_won` when it declares one.
    """

    petition = models.OneToOneField(Petition, models.CASCADE, primary_key=True, related_name="+")
    decision = models.CharField(_("la décision"), max_length=DECISION_LENGTH)
    decided_on = models.DateField(_("date de la décision"))
    evidence_url = models.URLField(_("preuve"), max_length=500, blank=True, default="")
    evidence_file = models.CharField(max_length=40, blank=True, default="")  # see common.scans
    evidence_label = models.CharField(max_length=160, blank=True, default="")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(evidence_url="", evidence_file=""), name="victory_is_proved"
            )
        ]
