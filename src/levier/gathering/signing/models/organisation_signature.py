from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import User
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.enums import OrganisationState

NAME_LENGTH = 160


class OrganisationSignature(models.Model):
    """An organisation that stands behind a petition: a name in a list of its own, no number, and
    never part of the count of people."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("nom de l’organisation"), max_length=NAME_LENGTH)
    website = models.URLField(_("site"), blank=True, default="")
    contact_name = models.CharField(max_length=120, blank=True, default="")
    contact_role = models.CharField(max_length=120, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    logo = models.CharField(max_length=120, blank=True, default="")  # media path, re-encoded
    state = models.CharField(
        max_length=12, choices=OrganisationState.choices, default=OrganisationState.UNCONFIRMED
    )
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    anonymised_at = models.DateTimeField(null=True, blank=True)  # the contact person is forgotten

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OrganisationState.values),
                name="organisationsignature_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=OrganisationState.PUBLISHED)
                | models.Q(confirmed_at__isnull=False),
                name="organisationsignature_published_is_confirmed",
            ),
            models.UniqueConstraint(
                models.F("petition"),
                Lower("name"),
                condition=models.Q(state=OrganisationState.PUBLISHED),
                name="organisationsignature_published_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["petition", "state", "created_at"], name="organisationsignature_listed"
            )
        ]

    def __str__(self) -> str:
        return self.name
