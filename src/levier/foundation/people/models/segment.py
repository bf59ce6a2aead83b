from django.db import models

from levier.foundation.accounts.models import Organisation, User


class Segment(models.Model):
    """People named by conditions, looked for each time they are needed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    conditions = models.JSONField()  # see queries.conditions
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="segment_name_once")
        ]

    def __str__(self) -> str:
        return self.name
