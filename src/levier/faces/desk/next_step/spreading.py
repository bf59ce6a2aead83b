"""Who has not heard of it yet."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.faces.desk.next_step.situation import (
    FEW,
    HALF,
    MANY,
    NEAR,
    NextStep,
    Situation,
    share_address,
)
from levier.foundation.common.typography import number
from levier.gathering.petitions.enums import PetitionState


def first_signatures(now: Situation) -> NextStep | None:
    """The first ones come from people who know us."""
    if now.state != PetitionState.OPEN or now.total >= FEW:
        return None
    return NextStep(
        key="circle",
        title=_("Partagez-la à votre cercle proche."),
        why=_(
            "Les dix premières signatures viennent de gens qui vous connaissent. "
            "Écrivez-leur un par un."
        ),
        label=_("Prendre le lien et le code QR"),
        address=share_address(now),
    )


def near_goal(now: Situation) -> NextStep | None:
    """A milestone is near."""
    missing = now.goal - now.total
    if now.state != PetitionState.OPEN or not 0 < missing <= now.goal // NEAR:
        return None
    said = ngettext(
        "Encore une signature avant %(goal)s.", "Encore %(n)s signatures avant %(goal)s.", missing
    )
    return NextStep(
        key="goal",
        title=said % {"n": number(missing), "goal": number(now.goal)},
        why=_("Un palier tout proche est la meilleure raison de reparler de la pétition."),
        label=_("Prendre le lien à partager"),
        address=share_address(now),
    )


def paper(now: Situation) -> NextStep | None:
    """Nobody signs on paper yet."""
    if now.has_paper or not now.may_edit or now.state != PetitionState.OPEN or now.total < FEW:
        return None
    return NextStep(
        key="paper",
        title=_("Faites signer là où les gens passent."),
        why=_("Un marché, une sortie d’école : une feuille papier touche qui n’ira pas en ligne."),
        label=_("Imprimer des feuilles"),
        address=reverse("desk_paper", args=[now.slug]),
    )


def partner(now: Situation) -> NextStep | None:
    """Nobody carries it with us."""
    if now.has_partner or not now.may_edit or now.state != PetitionState.OPEN or now.total < MANY:
        return None
    return NextStep(
        key="partner",
        title=_("Faites-la porter par d’autres."),
        why=_("Une organisation qui la montre sur son site vous amène des gens hors de portée."),
        label=_("Ajouter un partenaire"),
        address=reverse("desk_partners", args=[now.slug]),
    )


def press(now: Situation) -> NextStep | None:
    """Nothing on the page says that the press speaks of it."""
    if now.has_press or not now.may_edit or now.state != PetitionState.OPEN or now.total < MANY:
        return None
    return NextStep(
        key="press",
        title=_("Montrez ce qu’en dit la presse."),
        why=_("Un article, même local, rassure qui hésite à signer et pèse devant qui décide."),
        label=_("Ajouter un article"),
        address=reverse("desk_press", args=[now.slug]),
    )


def quiet(now: Situation) -> NextStep | None:
    """Nothing moved this week."""
    if now.this_week or now.state != PetitionState.OPEN:
        return None
    return NextStep(
        key="quiet",
        title=_("Personne n’a signé depuis lundi : relancez."),
        why=_("Une pétition dont on ne parle pas ne bouge pas. Un lieu, une date, dix personnes."),
        label=_("Prendre le lien à partager"),
        address=share_address(now),
    )


def carry_on(now: Situation) -> NextStep:
    """When nothing else is missing."""
    said = ngettext(
        "Une signature depuis lundi : continuez.",
        "%(n)s signatures depuis lundi : continuez.",
        now.this_week,
    )
    unconfirmed = now.total - now.confirmed
    why = _("Rien ne presse ici. Un mot à qui n’a pas encore signé ferait le plus de bien.")
    if unconfirmed * HALF > now.total:
        why = _(
            "Plus de la moitié des adresses ne sont pas confirmées : dites autour de vous de "
            "regarder les indésirables."
        )
    return NextStep(
        key="carry_on",
        title=said % {"n": number(now.this_week)},
        why=why,
        label=_("Prendre le lien à partager"),
        address=share_address(now),
    )
