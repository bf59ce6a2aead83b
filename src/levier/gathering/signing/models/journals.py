"""What is kept of signatures so that nobody counts them again (docs/decisions/70).

Written by the worker alone, behind the gestures; the signatures are the truth, these rows can be
made again from them at any time.
"""

from django.db import models
from django.db.models import F, Q

from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import SignatureSource

AREA_LENGTH = 6  # « FR-974 »


class JournalLine(models.Model):
    """A signature as the journals last counted it: what turns « something happened to it » into
    exact differences, however often and in whatever order that is told.

    No foreign key to the signature: the line of a deleted one is what takes it out of the counts.
    `brought_by` is the signature whose link was followed, always an older one: no loop can be.
    """

    signature = models.BigIntegerField(primary_key=True)
    petition = models.ForeignKey(
        Petition, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()  # of the signature, in the organisation's time zone
    source = models.CharField(max_length=8)
    source_code = models.CharField(max_length=60)
    area = models.CharField(max_length=AREA_LENGTH)
    counted = models.BooleanField()
    confirmed = models.BooleanField()  # and counted
    brought_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(brought_by__lt=F("signature")), name="journalline_brought_by_an_older"
            )
        ]
        indexes = [
            models.Index(
                fields=["brought_by", "signature"],
                condition=Q(brought_by__isnull=False),
                name="journalline_brought",
            )
        ]


class DayTally(models.Model):
    """How many signatures of one day and source count today, and how many are confirmed."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    source = models.CharField(max_length=8, choices=SignatureSource.choices)
    counted = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "day", "source"], name="daytally_once"),
            models.CheckConstraint(
                condition=Q(confirmed__lte=F("counted")), name="daytally_confirmed_counted"
            ),
        ]


class AreaTally(models.Model):
    """How many signatures that count come from an area (`common.areas`)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    area = models.CharField(max_length=AREA_LENGTH)
    counted = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "area"], name="areatally_once")]


class SourceTally(models.Model):
    """How many signatures that count came by a way, and by which network, site or partner."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=SignatureSource.choices)
    source_code = models.CharField(max_length=60)
    counted = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "source", "source_code"], name="sourcetally_once"
            )
        ]


class ReferralTally(models.Model):
    """How many signatures that count came by a signature's link: by itself (`direct`), and by the
    links of those it brought, and so on (`total`, direct ones included).

    `owed` is what happened below and was not yet passed on to whoever brought this one.
    """

    signature = models.BigIntegerField(primary_key=True)
    petition = models.ForeignKey(
        Petition, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    direct = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    owed = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direct__lte=F("total")), name="referraltally_direct_in_total"
            )
        ]
        indexes = [
            models.Index(
                fields=["petition", "-total", "-direct", "signature"], name="referraltally_most"
            ),
            models.Index(fields=["-signature"], condition=~Q(owed=0), name="referraltally_owing"),
        ]
