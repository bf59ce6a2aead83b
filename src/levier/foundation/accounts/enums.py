from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member does in the organisation, from all to nothing but looking."""

    OWNER = "owner", _("Responsable")
    CAMPAIGNER = "campaigner", _("Campagne")
    MODERATOR = "moderator", _("Modération")
    TELEPHONE_AGENT = "telephone_agent", _("Appels")
    AMBASSADOR = "ambassador", _("Ambassade")
    OBSERVER = "observer", _("Lecture")


#: Launched a petition at an organisation where they are no member: told to pages, never stored.
AUTHOR = "author"

CAN_MANAGE_TEAM = frozenset({Role.OWNER})
CAN_CAMPAIGN = frozenset({Role.OWNER, Role.CAMPAIGNER})
CAN_MODERATE = frozenset({Role.OWNER, Role.CAMPAIGNER, Role.MODERATOR})
CAN_SEE_NUMBERS = frozenset({*CAN_MODERATE, Role.OBSERVER})
