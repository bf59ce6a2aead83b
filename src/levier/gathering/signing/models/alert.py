from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import AlertKind

SUBJECT_LENGTH = 200


class Alert(models.Model):
    """Something unusual among recent signatures. It tells; it never rejects anything.

    `subject` is what it is about: a domain, an address with its figures taken out, a name, an
    opaque network key, a place, an hour.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=AlertKind.choices)
    subject = models.CharField(max_length=SUBJECT_LENGTH)
    n = models.PositiveIntegerField()  # signatures concerned
    among = models.PositiveIntegerField()  # of how many looked at
    usual = models.FloatField(null=True)  # the share there usually is, where one is known
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last time it was found
    told_at = models.DateTimeField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    dismissed_n = models.PositiveIntegerField(null=True)
    dismissed_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "kind", "subject"], name="alert_once_per_subject"
            ),
            models.CheckConstraint(condition=Q(kind__in=AlertKind.values), name="alert_kind_known"),
        ]
        indexes = [
            models.Index(
                fields=["petition", "-raised_at"],
                condition=Q(dismissed_at=None),
                name="alert_open",
            )
        ]
