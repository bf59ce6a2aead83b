"""The ten kinds of news in a campaigner's words, and the ideas to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.updates.enums import UpdateKind
from levier.gathering.updates.rules.asks import asks_allowed

HINTS: dict[str, Any] = {
    UpdateKind.ARTICLE: _("Une presse, une radio, un blog : faites-le lire et partager."),
    UpdateKind.EVENT: _("Une manifestation, une remise, une rencontre : dites quand et où."),
    UpdateKind.ADVICE: _("Quelqu’un connaît peut-être la bonne personne, ou la bonne idée."),
    UpdateKind.TESTIMONY: _("Des expériences vécues, à proposer ensuite à la presse."),
    UpdateKind.MEETING_OBTAINED: _("Vous serez reçus : vos signataires vous portent."),
    UpdateKind.MEETING_HELD: _("Le rendez-vous est passé : racontez ce qui s’est dit."),
    UpdateKind.PRESSURE: _("Un courriel, un message, un appel à qui décide."),
    UpdateKind.LAUNCH: _("Invitez à lancer une pétition proche, ailleurs ou sur un autre sujet."),
    UpdateKind.MILESTONE: _("Un seuil est passé : remerciez, et visez le suivant."),
    UpdateKind.VICTORY: _("C’est obtenu : remerciez toutes celles et tous ceux qui ont signé."),
}


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A kind of news one may begin, or why not yet."""

    value: str
    label: str
    hint: str
    asks: str  # what it proposes to ask
    not_yet: str = ""


@dataclass(frozen=True, kw_only=True)
class Idea:
    """Something to begin with when nothing was sent yet."""

    kind: str
    title: Any
    why: Any


IDEAS: Sequence[Idea] = (
    Idea(
        kind=UpdateKind.TESTIMONY,
        title=_("Demandez un témoignage"),
        why=_("« Racontez-nous votre trajet » : des vies concrètes touchent, la presse aussi."),
    ),
    Idea(
        kind=UpdateKind.ADVICE,
        title=_("Demandez un conseil ou un contact"),
        why=_("Parmi vos signataires, quelqu’un connaît peut-être le cabinet ou le dossier."),
    ),
    Idea(
        kind=UpdateKind.ARTICLE,
        title=_("Faites lire un article"),
        why=_("Un journal en a parlé ? Demandez à chacun et chacune de le partager."),
    ),
)


def offered_kinds(petition: Petition) -> list[Offered]:
    """All ten, in the order of the source; those that facts do not allow yet say why."""
    not_yet = {}
    if petition.state != PetitionState.WON:
        not_yet[UpdateKind.VICTORY] = _("Déclarez d’abord la victoire de la pétition.")
    if not Milestone.objects.filter(petition=petition).exists():
        not_yet[UpdateKind.MILESTONE] = _("Aucun palier n’est encore passé.")
    return [
        Offered(
            value=kind.value,
            label=str(kind.label),
            hint=str(HINTS[kind]),
            asks=str(asks_allowed(kind)[0].label),
            not_yet=str(not_yet.get(kind, "")),
        )
        for kind in UpdateKind
    ]
