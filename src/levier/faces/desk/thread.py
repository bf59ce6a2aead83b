"""Le fil: from who decides to the decision, with what is known today."""

from typing import TypedDict

from django.utils.translation import gettext as _

from levier.faces.desk.reads import latest_words, mandate_of
from levier.foundation.common.typography import day, number
from levier.gathering.petitions.enums import FINISHED, PUBLISHED
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.petitions.rules.gates import Place
from levier.gathering.signing.models.tally import Tally


class Knot(TypedDict):
    """One step of the thread. `state`: done, now, goal, or nothing yet."""

    title: str
    state: str
    said: str


def thread_of(place: Place, tally: Tally | None, victory: Victory | None) -> list[Knot]:
    """Who decides, the petition, the signatures, the decision."""
    petition = place.petition
    return [_who(petition), _words(petition), _signatures(petition, tally), _decision(victory)]


def _who(petition: Petition) -> Knot:
    mandate = mandate_of(petition)
    if mandate is None:
        said = _("Maintenant : dites à qui vous vous adressez")
        return Knot(title=_("Qui décide ?"), state="now", said=said)
    said = _("Fait : %(who)s, %(post)s") % {"who": mandate.person, "post": mandate.post}
    return Knot(title=_("Qui décide ?"), state="done", said=said)


def _words(petition: Petition) -> Knot:
    if petition.published_at:
        said = _("Fait : publiée le %(day)s") % {"day": day(petition.published_at)}
        return Knot(title=_("Pétition"), state="done", said=said)
    said = _("Brouillon : %(ask)s") % {"ask": latest_words(petition).title}
    has_addressee = petition.addressee_post_id or petition.addressee_person_id
    return Knot(title=_("Pétition"), state="now" if has_addressee else "", said=said)


def _signatures(petition: Petition, tally: Tally | None) -> Knot:
    total = {"n": number(tally.counted + tally.paper if tally else 0)}
    if petition.state in FINISHED:
        return Knot(title=_("Signatures"), state="done", said=_("Fait : %(n)s") % total)
    is_out = petition.state in PUBLISHED
    said = _("Maintenant : %(n)s") % total if is_out else _("À venir")
    return Knot(title=_("Signatures"), state="now" if is_out else "", said=said)


def _decision(victory: Victory | None) -> Knot:
    if victory is None:
        return Knot(title=_("Décision"), state="goal", said=_("À venir : rien de noté"))
    said = _("Obtenue le %(day)s") % {"day": day(victory.decided_on)}
    return Knot(title=_("Décision"), state="done", said=said)
