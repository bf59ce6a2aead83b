import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.gathering.petitions.models.petition import ASK_LENGTH, TITLE_LENGTH, Version


class Translation(models.Model):
    """A version's text in another language. Frozen once published; a correction is the next one."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(_("langue"), max_length=3)  # ISO 639
    n = models.PositiveIntegerField()
    title = models.CharField(_("titre"), max_length=TITLE_LENGTH)
    ask = models.CharField(_("demande"), max_length=ASK_LENGTH)
    story = models.TextField(_("texte"))  # clean HTML
    image_alt = models.CharField(_("texte de remplacement"), max_length=300, blank=True, default="")
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="frozen_once_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "language", "n"], name="translation_number_once"
            ),
            models.UniqueConstraint(
                fields=["version", "language"],
                condition=models.Q(published_at=None),
                name="translation_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(language__regex=r"^[a-z]{2,3}$"),
                name="translation_language_code",
            ),
        ]
