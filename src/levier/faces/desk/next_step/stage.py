"""Where the petition stands: not published yet, on pause, about to close, finished."""

from django.urls import reverse
from django.utils.translation import gettext as _

from levier.faces.desk.next_step.situation import MANY, SOON, NextStep, Situation, share_address
from levier.foundation.common.typography import day
from levier.gathering.petitions.enums import FINISHED, PetitionState


def publish(now: Situation) -> NextStep | None:
    """A draft that only the team sees, or that waits to be read."""
    if now.state == PetitionState.IN_REVIEW:
        return _in_review(now)
    if now.state != PetitionState.DRAFT:
        return None
    return NextStep(
        key="publish",
        title=_("Relisez, puis publiez."),
        why=_("Personne ne voit encore ce brouillon, sauf votre équipe."),
        label=_("Voir la page telle qu’elle sera"),
        address=reverse("desk_preview", args=[now.slug]),
    )


def _in_review(now: Situation) -> NextStep:
    """A supporter's petition, before anyone else reads it (P5)."""
    if now.may_edit:
        return NextStep(
            key="review",
            title=_("Relisez-la, puis répondez."),
            why=_("Quelqu’un l’a écrite et attend votre réponse. Personne d’autre ne la voit."),
            label=_("La relire et répondre"),
            address=reverse("desk_review", args=[now.slug]),
        )
    return NextStep(
        key="review",
        title=_("L’équipe la relit."),
        why=_("Sa réponse arrivera par courriel. D’ici là, vous pouvez encore la corriger."),
        label=_("Voir la page telle qu’elle sera"),
        address=reverse("desk_preview", args=[now.slug]),
    )


def finished(now: Situation) -> NextStep | None:
    """What comes after the last signature."""
    if now.state not in FINISHED and now.state != PetitionState.REMOVED:
        return None
    if now.has_victory:
        return NextStep(
            key="tell",
            title=_("Célébrez avec ceux et celles qui ont signé."),
            why=_(
                "Leurs gestes ont compté : dites-leur ce qui est obtenu, et dites-le à la presse."
            ),
            label=_("Ouvrir la page de la victoire"),
            address=reverse("victory", args=[now.slug]),
        )
    if now.state == PetitionState.CLOSED and now.may_edit:
        return NextStep(
            key="outcome",
            title=_("Obtenu ? Déclarez la victoire."),
            why=_(
                "La pétition est close, et ceux et celles qui l’ont signée attendent la suite. "
                "La demande est écrite : on peut voir si la décision y répond."
            ),
            label=_("Dire ce qui est décidé"),
            address=reverse("desk_petition_victory", args=[now.slug]),
        )
    return NextStep(
        key="result",
        title=_("Faites connaître le résultat."),
        why=_("La pétition est finie : sa page montre ce que vous avez réuni."),
        label=_("Ouvrir la page"),
        address=reverse("petition", args=[now.slug]),
    )


def reopen(now: Situation) -> NextStep | None:
    """On pause: nobody can sign."""
    if now.state != PetitionState.PAUSED:
        return None
    return NextStep(
        key="reopen",
        title=_("Rouvrez la pétition dès que vous le pouvez."),
        why=_("Elle est en pause : qui arrive sur la page ne peut pas signer."),
        label=_("Voir la page et la rouvrir"),
        address=reverse("desk_preview", args=[now.slug]),
    )


def closing(now: Situation) -> NextStep | None:
    """The last days before it closes."""
    if now.closes_at is None or now.state != PetitionState.OPEN:
        return None
    if not now.now < now.closes_at <= now.now + SOON:
        return None
    return NextStep(
        key="closing",
        title=_("Dernière ligne droite : elle ferme le %(day)s.") % {"day": day(now.closes_at)},
        why=_("Une date proche est une bonne raison de relancer. Vous pouvez encore la repousser."),
        label=_("Relancer, ou repousser la date"),
        address=reverse("desk_petition_edit", args=[now.slug])
        if now.may_edit
        else share_address(now),
    )


def decided(now: Situation) -> NextStep | None:
    """When it may be won already."""
    if not now.may_edit or now.state != PetitionState.OPEN or now.total < MANY:
        return None
    return NextStep(
        key="victory",
        title=_("La décision est prise ? Déclarez la victoire."),
        why=_("Votre demande est écrite : on peut voir si la décision y répond."),
        label=_("Dire ce qui est décidé"),
        address=reverse("desk_petition_victory", args=[now.slug]),
    )
