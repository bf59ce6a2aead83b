from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import User

MOST_REHEARSALS = 20


class Rehearsal(models.Model):
    """How many test mails somebody sent to themselves in one day (U36)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    n = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="rehearsal_once_a_day"),
            models.CheckConstraint(
                condition=Q(n__lte=MOST_REHEARSALS), name="rehearsal_at_most_twenty"
            ),
        ]
