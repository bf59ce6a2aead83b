from django.db import models

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.enums import Exported


class Export(models.Model):
    """Names that left: who took them, what, how many, when (P65)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    what = models.CharField(max_length=12, choices=Exported.choices)
    subject = models.CharField(max_length=40)  # "petition:12", "person:3", "" for the whole list
    filters = models.TextField(blank=True, default="")  # in French, without the words searched
    columns = models.TextField(blank=True, default="")
    rows = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="export_latest")]
