from django.db import models
from django.db.models import F, Q

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.enums import PaperLineState
from levier.gathering.signing.models.signature import Signature

HIGHEST_SHEET = 999_999
LONGEST_RUN = 200  # sheets printed at once
LINES_PRINTED = 15
LONGEST_SHEET = 100  # lines: people also bring their own sheets


class PaperRun(models.Model):
    """Sheets printed with their numbers, from `first` to `last`: no number is printed twice."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")  # the words printed
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    printed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "first"], name="paperrun_number_once"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first"), last__lte=HIGHEST_SHEET)
                & Q(last__lt=F("first") + LONGEST_RUN),
                name="paperrun_in_order",
            ),
        ]


class PaperSheet(models.Model):
    """A sheet that came back signed, entered once (P55). Its figures follow its lines."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")  # what it asked (P6)
    number = models.PositiveIntegerField()
    lines = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveSmallIntegerField(default=0)
    already_online = models.PositiveSmallIntegerField(default=0)
    twice = models.PositiveSmallIntegerField(default=0)
    # A path among private files; empty when there is none, or when somebody on it was forgotten.
    scan = models.CharField(max_length=120, blank=True, default="")
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="papersheet_entered_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=HIGHEST_SHEET),
                name="papersheet_number_in_range",
            ),
            models.CheckConstraint(
                condition=Q(lines__gte=F("counted") + F("already_online") + F("twice")),
                name="papersheet_figures_agree",
            ),
        ]


class PaperLine(models.Model):
    """One person's line on a sheet. It takes no number (P56).

    A mailbox counts once on a petition: `signature` is the one online that counts instead.
    """

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="+", db_index=False)
    sheet = models.ForeignKey(PaperSheet, models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PaperLineState.choices)
    first_name = models.CharField(max_length=100, blank=True, default="")
    last_name = models.CharField(max_length=100, blank=True, default="")
    email = models.CharField(max_length=320, blank=True, default="")  # as read on the sheet
    canonical = models.CharField(max_length=320, blank=True, default="")
    postcode = models.CharField(max_length=16, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    consent = models.BooleanField(default=False)  # the box was ticked
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    signature = models.ForeignKey(
        Signature, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    anonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "position"], name="paperline_position_once"),
            models.UniqueConstraint(
                fields=["petition", "canonical"],
                condition=Q(state=PaperLineState.COUNTED) & ~Q(canonical=""),
                name="paperline_mailbox_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=LONGEST_SHEET),
                name="paperline_position_in_range",
            ),
            models.CheckConstraint(
                condition=Q(state__in=PaperLineState.values), name="paperline_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["canonical"], condition=~Q(canonical=""), name="paperline_mailbox"
            ),
            models.Index(fields=["petition", "state"], name="paperline_counted"),
        ]
