from django.db import models

from levier.gathering.petitions.models.petition import Petition


class LaunchDraft(models.Model):
    """What somebody without an account types at `/lancer/`, kept as typed until it is published.

    It belongs to whoever holds its secret, which is in a cookie; here is only its SHA-256.
    """

    secret_hash = models.BinaryField(max_length=32, unique=True)
    typed = models.JSONField(default=dict)  # field → text, exactly as typed
    links_sent = models.PositiveSmallIntegerField(default=0)
    petition = models.OneToOneField(
        Petition, models.CASCADE, null=True, blank=True, related_name="+"
    )  # what it became; `typed` is empty then
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)
