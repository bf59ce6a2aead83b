from django.db import models
from django.utils.translation import gettext_lazy as _


class CountPolicy(models.TextChoices):
    """When a signature gets its number and enters the count."""

    AT_ONCE = "at_once", _("dès la signature")
    CONFIRMED = "confirmed", _("une fois l’adresse confirmée")


class CommentPolicy(models.TextChoices):
    """When a signatory's words are seen."""

    BEFORE = "before", _("relus avant d’être publiés")
    AFTER = "after", _("publiés, puis relus")


class TeamRole(models.TextChoices):
    """What a member does in one campaign."""

    LEAD = "lead", _("responsable")
    EDITOR = "editor", _("rédaction")
    MODERATOR = "moderator", _("modération")
    CALLER = "caller", _("appels")
    READER = "reader", _("lecture")
