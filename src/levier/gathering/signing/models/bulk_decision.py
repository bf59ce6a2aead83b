from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import BulkState, BulkVerb, HoldReason, SignatureState
from levier.gathering.signing.models.signature import Signature

REASON_LENGTH = 300


class BulkDecision(models.Model):
    """One decision about many signatures: seen, reasoned, run in batches, stoppable (P70)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=10, choices=BulkVerb.choices)
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.WAITING)
    reason = models.CharField(max_length=REASON_LENGTH)
    filters = models.JSONField(default=dict)  # which list it was decided on
    total = models.PositiveIntegerField()  # signatures in it, as shown before
    done = models.PositiveIntegerField(default=0)
    untouched = models.PositiveIntegerField(default=0)  # changed meanwhile by somebody else
    undoes = models.OneToOneField("self", models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=BulkVerb.values, state__in=BulkState.values),
                name="bulkdecision_words_known",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=models.F("done") + models.F("untouched")),
                name="bulkdecision_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "-decided_at"], name="bulkdecision_latest"),
        ]


class BulkLine(models.Model):
    """One signature of a bulk decision, and what it was before: enough to go back."""

    decision = models.ForeignKey(BulkDecision, models.CASCADE, related_name="+", db_index=False)
    signature = models.ForeignKey(Signature, models.CASCADE, related_name="+")
    state_before = models.CharField(max_length=10, choices=SignatureState.choices, blank=True)
    reason_before = models.CharField(max_length=10, choices=HoldReason.choices, blank=True)
    # Null: not yet. True: decided. False: left alone, as it had changed meanwhile.
    decided = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "signature"], name="bulkline_once")
        ]
        indexes = [
            models.Index(
                fields=["decision", "signature"],
                condition=Q(decided=None),
                name="bulkline_to_do",
            )
        ]
