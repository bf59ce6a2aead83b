"""What an update still lacks before it can leave (U3), in the words of the page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from levier.gathering.petitions.enums import PUBLIC as PUBLIC_PETITION
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.updates.enums import (
    TO_DECISION_MAKER,
    ArticleState,
    AskKind,
    UpdateKind,
)
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A field that lacks something, and the sentence to show beside it."""

    field: str
    sentence: str


def missing_in(update: Update, ask: Ask | None) -> list[Missing]:
    """What must be added before « Publier », in the order of the screen; empty when whole.

    Wants the petition and the contact of the ask.
    """
    found = [*_of_words(update), *_of_picture(update), *_of_kind(update)]
    if ask is None:
        sentence = _(
            "Que voulez-vous que vos signataires fassent\u202f? Choisissez une demande, une seule"
        )
        return [*found, Missing(field="ask", sentence=sentence)]
    return [*found, *_of_ask(ask)]


def _of_words(update: Update) -> list[Missing]:
    found = []
    if not update.title.strip():
        found.append(Missing(field="title", sentence=_("Donnez un titre à votre mise à jour.")))
    if not update.body.strip():
        found.append(Missing(field="body", sentence=_("Racontez ce qui s’est passé.")))
    return found


def _of_picture(update: Update) -> list[Missing]:
    if update.photo and not update.photo_alt.strip():
        sentence = _("Dites en quelques mots ce que montre l’image.")
        return [Missing(field="photo_alt", sentence=sentence)]
    if update.photo or has_card(update):
        return []
    if update.article_url and update.article_state == ArticleState.FAILED:
        sentence = _(
            "Nous n’avons pas pu lire cet article. Indiquez son titre et le nom du journal"
        )
        return [Missing(field="article", sentence=sentence)]
    if update.article_url:
        sentence = _("L’article est en cours de lecture\u00a0: attendez quelques secondes.")
        return [Missing(field="article", sentence=sentence)]
    sentence = _(
        "Ajoutez une photo ou le lien d’un article\u00a0: les nouvelles illustrées sont lues"
    )
    return [Missing(field="photo", sentence=sentence)]


def has_card(update: Update) -> bool:
    """Whether an article is there to show: its title and its outlet are known."""
    told = update.article
    return bool(update.article_url and told.get("title") and told.get("outlet"))


def _of_kind(update: Update) -> list[Missing]:
    petition = update.petition
    if petition.state not in PUBLIC_PETITION:
        sentence = _("La pétition n’est pas encore ouverte\u00a0: personne ne l’a signée.")
        return [Missing(field="kind", sentence=sentence)]
    if update.kind == UpdateKind.VICTORY and petition.state != PetitionState.WON:
        sentence = _("Déclarez d’abord la victoire de la pétition\u00a0: la nouvelle la raconte.")
        return [Missing(field="kind", sentence=sentence)]
    if update.kind == UpdateKind.MILESTONE and update.milestone_id is None:
        sentence = _("Aucun palier n’est franchi pour l’instant\u00a0: choisissez un autre genre.")
        return [Missing(field="kind", sentence=sentence)]
    return []


def _of_ask(ask: Ask) -> list[Missing]:
    found = []
    if not ask.label.strip():
        found.append(Missing(field="label", sentence=_("Écrivez ce que dit le bouton.")))
    if ask.kind in TO_DECISION_MAKER and (ask.contact is None or not ask.contact.is_public):
        sentence = _(
            "Choisissez une adresse publique et professionnelle de la personne interpellée."
        )
        found.append(Missing(field="contact", sentence=sentence))
    if ask.kind == AskKind.ATTEND:
        if ask.starts_at is None:
            found.append(Missing(field="starts_at", sentence=_("Dites quel jour, à quelle heure.")))
        if not ask.place.strip():
            found.append(Missing(field="place", sentence=_("Dites où l’on se retrouve.")))
    return found
