from django.db import models

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.models.person import Person


class Merge(models.Model):
    """Two people found to be one, and all that is needed to part them again.

    `snapshot` is deleted with the person: it holds what was theirs.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Person, models.CASCADE, related_name="+")
    merged = models.ForeignKey(Person, models.CASCADE, related_name="+")
    snapshot = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="merge_once_standing"
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("merged")), name="merge_of_two"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-at"], name="merge_latest")]
