from django.db import models
from django.utils.translation import gettext_lazy as _


class SignatureState(models.TextChoices):
    PENDING = "pending", _("à confirmer")
    COUNTED = "counted", _("comptée")
    HELD = "held", _("à vérifier")
    WITHDRAWN = "withdrawn", _("retirée")
    REJECTED = "rejected", _("écartée")


# States in which the signatory has a signature of their own on the petition.
STANDING = frozenset({SignatureState.PENDING, SignatureState.COUNTED, SignatureState.HELD})
CONFIRMABLE = STANDING
WITHDRAWABLE = STANDING


class SignatureSource(models.TextChoices):
    WEB = "web", _("page de la pétition")
    EMBED = "embed", _("formulaire intégré")
    API = "api", _("API")
    IMPORT = "import", _("import")


class HoldReason(models.TextChoices):
    NONE = "", _("aucune")
    RATE = "rate", _("trop d’envois depuis la même connexion")
    HONEYPOT = "honeypot", _("champ piège rempli")
    BOUNCE = "bounce", _("adresse qui n’existe pas")
    TEAM = "team", _("mise de côté par l’équipe")
    DISOWNED = "disowned", _("« ce n’était pas moi »")
