from django.db import models

from levier.foundation.accounts.models import Organisation

DEFAULT_MONTHS = 24


class Retention(models.Model):
    """How long an organisation keeps people who agreed to nothing and sign nothing any more.

    Without a row, DEFAULT_MONTHS.
    """

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="+"
    )
    months = models.PositiveSmallIntegerField(default=DEFAULT_MONTHS)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months__gte=1, months__lte=36),
                name="retention_1_to_36_months",
            )
        ]
