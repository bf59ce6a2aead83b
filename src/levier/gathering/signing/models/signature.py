import pgtrigger
from django.db import models
from django.db.models import Q

from levier.foundation.people.models.person import ContactPoint, Person
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.signing.enums import HoldReason, SignatureSource, SignatureState

CODE_LENGTH = 8
EXTRA_BYTES = 5_120


class Signature(models.Model):
    """One person's signature of one petition, with its number for good.

    `db_constraint=False`: see `people.Person`.
    """

    petition = models.ForeignKey(
        Petition, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.ForeignKey(
        Version, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=SignatureState.choices)
    first_name = models.CharField(max_length=100, blank=True, default="")
    last_name = models.CharField(max_length=100, blank=True, default="")
    postcode = models.CharField(max_length=16, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    show_name = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=SignatureSource.choices)
    source_code = models.CharField(max_length=60, blank=True, default="")
    referred_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=10, choices=HoldReason.choices, blank=True, default="")
    extra = models.JSONField(null=True)
    network_key = models.BinaryField(max_length=16, null=True)
    # Opens the log's commitment to this signature; deleted with the personal data.
    salt = models.BinaryField(max_length=16, null=True)
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="number_write_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number"
                ),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="signature_number_once"),
            models.UniqueConstraint(
                fields=["petition", "person"],
                condition=~Q(state=SignatureState.WITHDRAWN),
                name="signature_once_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=SignatureState.COUNTED) | Q(number__gte=1),
                name="signature_counted_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SignatureState.values), name="signature_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "-signed_at"], name="signature_latest"),
            models.Index(
                fields=["referred_by"],
                condition=Q(referred_by__isnull=False),
                name="signature_brought",
            ),
            models.Index(
                fields=["petition", "source_code"],
                condition=~Q(source_code=""),
                name="signature_from_elsewhere",
            ),
            models.Index(
                fields=["petition", "signed_at"],
                condition=Q(state=SignatureState.HELD),
                name="signature_held",
            ),
        ]


class ReferralCode(models.Model):
    """A personal share link: /s/<code>. A signature may have several (P45)."""

    code = models.CharField(max_length=CODE_LENGTH, primary_key=True)
    signature = models.ForeignKey(
        Signature, models.CASCADE, related_name="+", db_constraint=False
    )  # written by the statement that writes or finds the signature
