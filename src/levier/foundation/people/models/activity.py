from django.db import models

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import (
    ActivityKind,
)
from levier.foundation.people.models.person import Person


class Activity(models.Model):
    """What happened, told to whoever stands above: append-only, partitioned by month.

    The table is made in SQL (partitions, `xid8`). Readers keep a cursor on (xid, id) and never
    move it past a transaction that may still be running, because ids are not commit-ordered.
    """

    pk = models.CompositePrimaryKey("id", "at")
    id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+")
    person = models.ForeignKey(Person, models.DO_NOTHING, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    subject = models.CharField(max_length=40)  # "signature:123"
    data = models.JSONField(null=True)
    at = models.DateTimeField()
    xid = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "levier_activity"


class ActivityCursor(models.Model):
    """How far one reader has read the activities."""

    reader = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    activity = models.BigIntegerField(default=0)
