from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactType(models.TextChoices):
    """Means of reaching somebody who decides, by their Popolo names where it has one."""

    EMAIL = "email", _("courriel")
    VOICE = "voice", _("téléphone")
    X = "x", "X"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    FACEBOOK = "facebook", "Facebook"
