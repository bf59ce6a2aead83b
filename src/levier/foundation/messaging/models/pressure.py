from datetime import time, timedelta

from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import Person


class Pressure(models.Model):
    """How much one was written to lately: a level that each message raises by one, and that time
    lowers at the policy's pace."""

    pk = models.CompositePrimaryKey("person", "channel")
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    level = models.FloatField()
    at = models.DateTimeField()


class ContactPolicy(models.Model):
    """How often and when an organisation may write; without a row, the defaults."""

    pk = models.CompositePrimaryKey("organisation", "channel")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    # Null: no cap. 0: nothing but what answers a gesture (J46).
    cap = models.PositiveSmallIntegerField(null=True, blank=True, default=7)
    period = models.DurationField(default=timedelta(days=7))
    # Hours of the reader's own day; both null: none.
    quiet_from = models.TimeField(null=True, blank=True, default=time(21))
    quiet_to = models.TimeField(null=True, blank=True, default=time(8))
    quiet_in_bulk = models.BooleanField(default=False)  # news leave at the hour the team chose

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="contactpolicy_quiet_hours_whole",
            ),
            models.CheckConstraint(
                condition=Q(period__gt=timedelta(0)), name="contactpolicy_period_positive"
            ),
        ]
