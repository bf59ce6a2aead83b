from django.db import models
from django.utils.translation import gettext_lazy as _


class PetitionState(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    IN_REVIEW = "in_review", _("en relecture")
    OPEN = "open", _("ouverte")
    PAUSED = "paused", _("en pause")
    CLOSED = "closed", _("close")
    WON = "won", _("gagnée")
    REMOVED = "removed", _("retirée")


SIGNABLE = frozenset({PetitionState.OPEN})
LISTED = frozenset({PetitionState.OPEN, PetitionState.WON})
FINISHED = frozenset({PetitionState.CLOSED, PetitionState.WON})
PUBLIC = frozenset({PetitionState.OPEN, PetitionState.PAUSED, *FINISHED})
PUBLISHED = frozenset({*PUBLIC, PetitionState.REMOVED})
BEFORE_OPENING = frozenset({PetitionState.DRAFT, PetitionState.IN_REVIEW})
EDITABLE = frozenset(
    {PetitionState.DRAFT, PetitionState.IN_REVIEW, PetitionState.OPEN, PetitionState.PAUSED}
)


class CommentState(models.TextChoices):
    WAITING = "waiting", _("à relire")
    PUBLISHED = "published", _("publié")
    HIDDEN = "hidden", _("masqué")


class SwitchKind(models.TextChoices):
    """What an operator or a team may stop, hold or ask for a while (P71)."""

    SIGNATURES = "signatures", _("arrêter les signatures")
    LAUNCH = "launch", _("arrêter les lancements")
    COMMENTS = "comments", _("arrêter les commentaires")
    CAPTCHA = "captcha", _("captcha pour tous")
    HOLD = "hold", _("retenir les nouvelles signatures")


OF_ONE_PETITION = frozenset(set(SwitchKind) - {SwitchKind.LAUNCH})


class ShareNetwork(models.TextChoices):
    """Where words about a petition are shared by a simple link (P44)."""

    FACEBOOK = "facebook", "Facebook"
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    X = "x", "X"
    EMAIL = "email", _("courriel")
