"""Files of people brought from elsewhere: what they say, what was made of them."""

from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.enums import ImportState

FILE_NAME_LENGTH = 200


class FileImport(models.Model):
    """One file, from its upload to the day it is forgotten.

    Everything an import creates bears its `started_at`, to the microsecond, as its date of
    creation: that is how it is found again to be undone (docs/decisions/57). The rows, once
    checked, wait in `levier_importrow` (made in SQL, unlogged) under `uuid`; they are taken in
    the order of (`position`, `row`), and `reached_…` says how far.
    """

    uuid = models.UUIDField(unique=True)  # names its folder and its rows
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    file_name = models.CharField(max_length=FILE_NAME_LENGTH)
    sha256 = models.BinaryField(max_length=32)
    size = models.BigIntegerField()  # bytes
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.RECEIVED
    )
    problem = models.TextField(blank=True, default="")  # a French sentence
    reading = models.JSONField(default=dict)  # how the file is written, and its columns
    mapping = models.JSONField(default=dict)  # what the columns mean, as chosen
    counts = models.JSONField(default=dict)  # by outcome; warnings apart
    total = models.PositiveIntegerField(default=0)  # of what is under way
    done = models.PositiveIntegerField(default=0)
    reached_position = models.BigIntegerField(null=True)
    reached_row = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # the file and its rows were deleted

    class Meta:
        abstract = True


class SupporterImport(FileImport):
    """A file of supporters."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=Q(undone_at=None),
                name="supporterimport_file_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="supporterimport_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="supporterimport_latest")
        ]
