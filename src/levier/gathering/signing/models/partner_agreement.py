from django.db import models

from levier.gathering.petitions.models.partner import Partner
from levier.gathering.signing.models.signature import Signature


class PartnerAgreement(models.Model):
    """A signatory lets a partner write to them, in these exact words. Never ours to use."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    signature = models.ForeignKey(
        Signature, models.CASCADE, related_name="+", db_constraint=False
    )  # written by the statement that writes the signature
    wording = models.CharField(max_length=300)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)  # last given to the partner

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "signature"], name="partneragreement_once")
        ]
