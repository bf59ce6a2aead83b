from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("courriel")
    PHONE = "phone", _("téléphone")
    POST = "post", _("courrier postal")


class Purpose(models.TextChoices):
    """What a person agreed to be contacted for. None implies another."""

    PETITION_NEWS = "petition_news", _("nouvelles de la pétition")
    ORG_NEWS = "org_news", _("autres façons d’agir")
    CONTINUE = "continue", _("poursuivre avec nous")


class ContactState(models.TextChoices):
    OK = "ok", _("joignable")
    SOFT = "soft", _("refus temporaire")
    HARD = "hard", _("adresse morte")
    COMPLAINT = "complaint", _("plainte")
    BLOCKED = "blocked", _("bloquée")
    PENDING = "pending", _("à confirmer")
    FORMER = "former", _("remplacée")


REACHABLE = frozenset({ContactState.OK, ContactState.SOFT})
# Not, or no longer, the person's own mailbox: it opens nothing of theirs.
NOT_THEIRS = frozenset({ContactState.PENDING, ContactState.FORMER})


class SuppressionReason(models.TextChoices):
    UNSUBSCRIBED = "unsubscribed", _("désabonnement")
    NOT_ME = "not_me", _("ce n’était pas moi")
    ERASED = "erased", _("effacement demandé")
    COMPLAINT = "complaint", _("plainte")
    HARD_BOUNCE = "hard_bounce", _("adresse morte")


# Whoever wanted nothing more, or to be forgotten, is still answered when they ask for something
# (docs/decisions/73). A mailbox that is dead, a stranger's or complained of is never written to.
STILL_ANSWERED = frozenset({SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED})


class ActivityKind(models.TextChoices):
    """What happened between a person and the organisation."""

    SIGNED = "signed", _("a signé")
    SIGNED_AGAIN = "signed_again", _("a signé de nouveau")
    CONFIRMED = "confirmed", _("a confirmé sa signature")
    WITHDREW = "withdrew", _("a retiré sa signature")
    DISOWNED = "disowned", _("n’avait pas signé")
    RELEASED = "released", _("signature vérifiée")
    HELD = "held", _("signature à vérifier")
    REJECTED = "rejected", _("signature écartée")
    RESTORED = "restored", _("signature remise comme avant")
    CORRECTED = "corrected", _("a corrigé ses données")
    READDRESSED = "readdressed", _("a corrigé son adresse juste après avoir signé")
    LINK_ASKED = "link_asked", _("a demandé son lien")
    ADDRESS_ASKED = "address_asked", _("a demandé à changer d’adresse")
    ADDRESS_CHANGED = "address_changed", _("a changé d’adresse")
    CONSENT_CHANGED = "consent_changed", _("a changé ses accords")
    BOUNCED = "bounced", _("message refusé")
    UNSUBSCRIBED = "unsubscribed", _("s’est désabonné·e")
    COMPLAINED = "complained", _("a signalé un message comme indésirable")
    SIGNED_ON_PAPER = "signed_on_paper", _("a signé sur papier")
    EXPORTED = "exported", _("a téléchargé ses données")
    ERASED = "erased", _("a demandé l’effacement")
    COMMENTED = "commented", _("a laissé un commentaire")
    TAGGED = "tagged", _("étiquette ajoutée")
    UNTAGGED = "untagged", _("étiquette retirée")
    PHONE_ADDED = "phone_added", _("numéro ajouté")
    MERGED = "merged", _("fiches fusionnées")
    PARTED = "parted", _("fusion défaite")
    IMPORTED = "imported", _("reprise d’un fichier")
    UPDATE_PUBLISHED = "update_published", _("mise à jour publiée")  # of no person: « update:7 »
    ASK_ANSWERED = "ask_answered", _("a répondu à une demande")
    TESTIMONY_KEPT = "testimony_kept", _("témoignage gardé par l’équipe")
    # Of no person: « signature:12 » or all of « petition:3 » counts otherwise than before.
    RECOUNTED = "recounted", _("comptée autrement")


# What people do themselves: the last of these is their last activity.
GESTURES = frozenset(
    {
        ActivityKind.SIGNED,
        ActivityKind.SIGNED_AGAIN,
        ActivityKind.CONFIRMED,
        ActivityKind.WITHDREW,
        ActivityKind.READDRESSED,
        ActivityKind.LINK_ASKED,
        ActivityKind.ADDRESS_ASKED,
        ActivityKind.ADDRESS_CHANGED,
        ActivityKind.UNSUBSCRIBED,
        ActivityKind.COMMENTED,
        ActivityKind.SIGNED_ON_PAPER,
        ActivityKind.ASK_ANSWERED,
    }
)


class Exported(models.TextChoices):
    """What left as a file."""

    SIGNATURES = "signatures", _("signatures")
    SUPPORTERS = "supporters", _("soutiens")
    PERSON = "person", _("fiche d’une personne")


class ImportState(models.TextChoices):
    """Where a file of people stands."""

    RECEIVED = "received", _("en lecture")
    UNREADABLE = "unreadable", _("illisible")
    READ = "read", _("colonnes à vérifier")
    CHECKING = "checking", _("vérification en cours")
    CHECKED = "checked", _("prêt à importer")
    RUNNING = "running", _("import en cours")
    STOPPED = "stopped", _("arrêté")
    DONE = "done", _("terminé")
    UNDOING = "undoing", _("annulation en cours")
    UNDONE = "undone", _("annulé")


WORKING = frozenset(
    {ImportState.RECEIVED, ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING}
)
# Nothing was written from it yet.
NOT_STARTED = frozenset(
    {ImportState.RECEIVED, ImportState.UNREADABLE, ImportState.READ, ImportState.CHECKED}
)
UNDOABLE = frozenset({ImportState.DONE, ImportState.STOPPED})


class Alike(models.TextChoices):
    """What two people have in common."""

    EMAIL = "email", _("adresses qui mènent sans doute à la même boîte")
    PHONE = "phone", _("même numéro de téléphone")
    NAME = "name", _("même nom et même code postal")
