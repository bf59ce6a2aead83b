import pgtrigger
from django.db import models

from levier.foundation.people.enums import Channel


class Template(models.Model):
    """What a message says, frozen: a changed file becomes a new `n`, so what left can be shown."""

    key = models.CharField(max_length=80)  # "signing/thanks": templates/mail/signing/thanks.*
    n = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=5)
    subject = models.TextField()
    mjml = models.TextField()
    text = models.TextField()
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(fields=["key", "language", "n"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["key", "language", "sha256"], name="template_content_once"
            ),
        ]
