from django.db import models

from levier.foundation.accounts.models import Organisation, User


class Preflight(models.Model):
    """What the last check of an organisation's sender domain found, and who sends all the same."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)  # null: not yet
    domain = models.CharField(max_length=253, blank=True, default="")
    findings = models.JSONField(default=list)  # [[reason, {value: text}], …]
    # « Envoyer quand même », for these reasons and no other.
    waived = models.JSONField(default=list)
    waived_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
