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
    CAPTCHA = "captcha", _("calcul de vérification non fait")
    SWITCH = "switch", _("arrivée pendant que tout est retenu")
    BOUNCE = "bounce", _("adresse qui n’existe pas")
    TEAM = "team", _("mise de côté par l’équipe")
    DISOWNED = "disowned", _("« ce n’était pas moi »")
    MERGED = "merged", _("fusion de deux fiches")


class BulkVerb(models.TextChoices):
    """What is decided of many signatures at once."""

    REJECT = "reject", _("écarter")
    RELEASE = "release", _("compter")
    RESTORE = "restore", _("remettre comme avant")


class BulkState(models.TextChoices):
    WAITING = "waiting", _("va commencer")
    RUNNING = "running", _("en cours")
    STOPPED = "stopped", _("arrêtée")
    DONE = "done", _("finie")


UNFINISHED = frozenset({BulkState.WAITING, BulkState.RUNNING})


class AlertKind(models.TextChoices):
    """What looks unusual among recent signatures, or in their count."""

    TALLY = "tally", _("décompte à refaire")
    DOMAIN = "domain", _("domaine de courriel")
    DISPOSABLE = "disposable", _("adresses jetables")
    SEQUENCE = "sequence", _("adresses qui se suivent")
    NAME = "name", _("même nom")
    NETWORK = "network", _("même connexion")
    PLACE = "place", _("lieu inhabituel")
    NIGHT = "night", _("rafale de nuit")


# Held for its circumstances, not its contents: the owner is thanked and may confirm.
TOLD_WHILE_HELD = frozenset({HoldReason.RATE, HoldReason.CAPTCHA, HoldReason.SWITCH})


class OrganisationState(models.TextChoices):
    """Where an organisation's signature stands, from the form to the list."""

    UNCONFIRMED = "unconfirmed", _("adresse à confirmer")
    WAITING = "waiting", _("à relire")
    PUBLISHED = "published", _("publiée")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class PaperLineState(models.TextChoices):
    """What a line of a paper sheet is worth (P55)."""

    COUNTED = "counted", _("comptée")
    ONLINE = "online", _("a aussi signé en ligne")
    TWICE = "twice", _("déjà sur papier")
    WITHDRAWN = "withdrawn", _("retirée")
