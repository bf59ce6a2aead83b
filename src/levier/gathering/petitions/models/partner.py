from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.gathering.petitions.models.petition import Petition

PARTNER_SLUG_LENGTH = 40


class Partner(models.Model):
    """An organisation that carries a petition with us: one count for all, to each its own list.

    Its sentence does not change once somebody agreed to it: `signing.PartnerAgreement` keeps the
    words each person read.
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(max_length=PARTNER_SLUG_LENGTH)  # `?par=<slug>`
    website = models.URLField(_("site"), blank=True, default="")
    sentence = models.CharField(_("phrase d’accord"), max_length=300)
    sites = models.JSONField(default=list, blank=True)  # origins; none: those of the petition
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "slug"], name="partner_slug_once"),
            models.CheckConstraint(
                condition=~models.Q(sentence=""), name="partner_says_what_it_asks"
            ),
        ]

    def __str__(self) -> str:
        return self.name
