from django.contrib.postgres.fields import ArrayField
from django.db import models

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.enums import Alike
from levier.foundation.people.models.person import Person


class Resemblance(models.Model):
    """Two people who may be one, and by what. The lower id first.

    Once the team said that they are two, `dismissed_at` keeps the pair from coming back.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    first = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    by = ArrayField(models.CharField(max_length=8, choices=Alike.choices))
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="resemblance_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="resemblance_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "first", "second"],
                condition=models.Q(dismissed_at=None),
                name="resemblance_to_look_at",
            )
        ]
