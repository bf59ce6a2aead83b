from django.db import models

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition


class Review(models.Model):
    """A supporter's petition read by the team before anyone else (P5): asked for, then decided."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved = models.BooleanField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")  # of a refusal, for the author

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition"],
                condition=models.Q(decided_at=None),
                name="review_one_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, approved=None)
                | models.Q(decided_at__isnull=False, approved__isnull=False),
                name="review_decided_one_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved=False) | ~models.Q(reason=""),
                name="review_refusal_has_reason",
            ),
        ]
