from django.db import models

from levier.gathering.petitions.models.petition import Petition

ORIGIN_LENGTH = 120


class EmbedSite(models.Model):
    """A site that may show a petition's form in a frame. Without any, every site may (P60)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    origin = models.CharField(max_length=ORIGIN_LENGTH)  # « https://*.exemple.fr », never a path
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "origin"], name="embedsite_origin_once")
        ]
