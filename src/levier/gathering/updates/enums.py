from django.db import models
from django.utils.translation import gettext_lazy as _


class UpdateKind(models.TextChoices):
    """What happened, or what one would like to happen."""

    ARTICLE = "article", _("Un article parle de nous")
    EVENT = "event", _("Événement, manifestation, remise, rencontre")
    ADVICE = "advice", _("Besoin de conseils ou de contacts")
    TESTIMONY = "testimony", _("Vos témoignages")
    MEETING_OBTAINED = "meeting_obtained", _("Rendez-vous demandé et obtenu")
    MEETING_HELD = "meeting_held", _("Ce qui s’est dit")
    PRESSURE = "pressure", _("Interpeller le décideur")
    LAUNCH = "launch", _("À votre tour")
    MILESTONE = "milestone", _("Palier franchi")
    VICTORY = "victory", _("Victoire !")


class AskKind(models.TextChoices):
    """The one thing an update asks."""

    SHARE = "share", _("Partager")
    ADVISE = "advise", _("Donner un conseil, un contact")
    ATTEND = "attend", _("Venir")
    TESTIFY = "testify", _("Raconter son expérience")
    ENCOURAGE = "encourage", _("Laisser un mot pour la rencontre")
    EMAIL = "email", _("Écrire au décideur")
    CALL = "call", _("Appeler le décideur")
    TWEET = "tweet", _("Interpeller sur X, Bluesky ou Mastodon")
    FACEBOOK = "facebook", _("Interpeller sur Facebook")
    LAUNCH = "launch", _("Lancer sa pétition")
    CELEBRATE = "celebrate", _("Laisser un mot de victoire")


# Those that go to the decision-maker, by a contact of theirs that is public (U45).
TO_DECISION_MAKER = frozenset({AskKind.EMAIL, AskKind.CALL, AskKind.TWEET, AskKind.FACEBOOK})


class UpdateState(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    IN_REVIEW = "in_review", _("en relecture")
    SCHEDULED = "scheduled", _("programmée")
    SENDING = "sending", _("en cours d’envoi")
    PAUSED = "paused", _("suspendue")
    SENT = "sent", _("envoyée")
    CANCELLED = "cancelled", _("annulée")


WRITABLE = frozenset({UpdateState.DRAFT, UpdateState.IN_REVIEW})
# Each keeps its day for itself (U19). A cancelled one does so too once a mail of it left (U20).
HOLDS_WINDOW = frozenset(
    {UpdateState.SCHEDULED, UpdateState.SENDING, UpdateState.PAUSED, UpdateState.SENT}
)
# The page can be read.
PUBLIC = frozenset({UpdateState.SENDING, UpdateState.PAUSED, UpdateState.SENT})


class ArticleState(models.TextChoices):
    """How far the card of a press article is."""

    READING = "reading", _("lecture en cours")
    READ = "read", _("lu")
    FAILED = "failed", _("illisible d’ici")  # its title and outlet are typed by hand (U6)


class Answer(models.TextChoices):
    """What one person did about an ask; the last one stands (U39)."""

    STARTED = "started", _("commencé")
    DONE = "done", _("fait")
    YES = "yes", _("vient")
    MAYBE = "maybe", _("viendra peut-être")
    NO = "no", _("ne vient pas")
    TEXT = "text", _("a écrit")


class ResponseState(models.TextChoices):
    """Of what was written: read by the team before anybody else (U50)."""

    WAITING = "waiting", _("à lire")
    KEPT = "kept", _("gardée")
    SET_ASIDE = "set_aside", _("écartée")


class CallResult(models.TextChoices):
    ANSWERED = "answered", _("répondu")
    VOICEMAIL = "voicemail", _("messagerie")
    NO_ANSWER = "no_answer", _("pas de réponse")


class Use(models.TextChoices):
    """What words may serve for, each with its author's tick (U50)."""

    PAGE = "page", _("la page de la nouvelle")
    PRESS = "press", _("la presse")
    DOSSIER = "dossier", _("le dossier")


class Excluded(models.TextChoices):
    """Why somebody who signed does not get an update, the first reason that holds (U25, U26)."""

    HELD = "held", _("signatures à vérifier")
    FORGOTTEN = "forgotten", _("sans adresse gardée")
    NO_CONSENT = "no_consent", _("sans accord")
    UNREACHABLE = "unreachable", _("adresses en erreur")
    SUPPRESSED = "suppressed", _("à ne plus contacter")
    ELSEWHERE = "elsewhere", _("d’autres territoires")
    UNCONFIRMED = "unconfirmed", _("adresses non confirmées")
    ANSWERED = "answered", _("ont déjà répondu")
    SILENT = "silent", _("jamais confirmées, deux mises à jour reçues")
