from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """Which connections a message travels on, so that a million updates delay no thank-you."""

    TRANSACTIONAL = "transactional", _("immédiat")
    ENGAGEMENT = "engagement", _("parcours")
    BULK = "bulk", _("envoi en nombre")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    CLAIMED = "claimed", _("en cours d’envoi")
    HANDED = "handed", _("remis au serveur")
    DELIVERED = "delivered", _("arrivé")
    BOUNCED = "bounced", _("refusé")
    COMPLAINED = "complained", _("signalé comme indésirable")
    SUPPRESSED = "suppressed", _("retenu : plus d’accord")
    EXPIRED = "expired", _("périmé")
    FAILED = "failed", _("échoué")
    UNKNOWN = "unknown", _("sort inconnu")


WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.CLAIMED})
AT_LEAST_ONCE = frozenset({Lane.TRANSACTIONAL})


class EventKind(models.TextChoices):
    SOFT_BOUNCE = "soft_bounce", _("refus temporaire")
    HARD_BOUNCE = "hard_bounce", _("adresse morte")
    REJECTED = "rejected", _("message refusé")
    COMPLAINT = "complaint", _("plainte")
