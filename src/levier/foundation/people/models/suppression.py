from django.db import models

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import (
    Channel,
    SuppressionReason,
)


class Suppression(models.Model):
    """An address never to be written to again, kept as an HMAC so that it outlives erasure."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    canonical_hmac = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    # "" for everything; "petition:12" when only that petition's messages are refused.
    scope = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "canonical_hmac", "scope"],
                name="suppression_once",
            )
        ]
