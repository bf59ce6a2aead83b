from django.db import models
from django.utils.translation import gettext_lazy as _


class Lane(models.TextChoices):
    """Which connections a message travels on, so that a million updates delay no thank-you."""

    TRANSACTIONAL = "transactional", _("immédiat")
    ENGAGEMENT = "engagement", _("parcours")
    BULK = "bulk", _("envoi en nombre")


class MessageState(models.TextChoices):
    """Whether senders may take the deliveries of a message."""

    RUNNING = "running", _("en cours")
    PAUSED = "paused", _("suspendu")
    CANCELLED = "cancelled", _("annulé")


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
    CANCELLED = "cancelled", _("non envoyé")


WAITING = frozenset({DeliveryState.QUEUED, DeliveryState.CLAIMED})
# What a person may want to look at, one by one.
TROUBLE = frozenset(
    {
        DeliveryState.BOUNCED,
        DeliveryState.COMPLAINED,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
    }
)
AT_LEAST_ONCE = frozenset({Lane.TRANSACTIONAL})


class Hold(models.TextChoices):
    """Why a delivery that was due waits."""

    NONE = "", _("ne l’est pas")
    CAP = "cap", _("différé : assez de messages ces derniers jours")
    QUIET = "quiet", _("différé : heures calmes")
    PACE = "pace", _("différé : rythme accepté par ce fournisseur")
    SERVER = "server", _("différé : à la demande du serveur")


class DomainOutcome(models.TextChoices):
    """What a provider did with mails of a day, for its domain."""

    HANDED = "handed", _("acceptés")
    DEFERRED = "deferred", _("différés")
    BOUNCED = "bounced", _("adresses mortes ou pleines")
    REFUSED = "refused", _("messages refusés")
    POLICY = "policy", _("refus de principe")
    UNKNOWN = "unknown", _("sort inconnu")
    COMPLAINED = "complained", _("signalés comme indésirables")


class EventKind(models.TextChoices):
    DELIVERED = "delivered", _("message arrivé")
    SOFT_BOUNCE = "soft_bounce", _("refus temporaire")
    HARD_BOUNCE = "hard_bounce", _("adresse morte")
    REJECTED = "rejected", _("message refusé")
    COMPLAINT = "complaint", _("plainte")
