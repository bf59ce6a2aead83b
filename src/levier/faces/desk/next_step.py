"""« Le plus utile aujourd’hui »: one thing to do, from what is truly known."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.typography import number
from levier.gathering.petitions.enums import FINISHED, PetitionState

NEAR = 10  # a milestone is near when a tenth of it, at most, is missing
MANY_HELD = 20
HALF = 2


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the dashboard knows of a petition when somebody looks at it."""

    slug: str
    state: str
    total: int
    confirmed: int
    held: int
    waiting_comments: int
    goal: int
    this_week: int
    may_edit: bool
    may_moderate: bool


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What to do, why now, and where."""

    title: str
    why: str
    label: str
    address: str


def next_step(now: Situation) -> NextStep:
    """The first thing that applies, the most urgent first."""
    return (
        _by_state(now)
        or (_for_moderators(now) if now.may_moderate else None)
        or _first_signatures(now)
        or _near_goal(now)
        or _quiet(now)
        or _carry_on(now)
    )


def _by_state(now: Situation) -> NextStep | None:
    if now.state == PetitionState.IN_REVIEW:
        return _in_review(now)
    if now.state == PetitionState.DRAFT:
        return NextStep(
            title=_("Relisez, puis publiez."),
            why=_("Personne ne voit encore ce brouillon, sauf votre équipe."),
            label=_("Voir la page telle qu’elle sera"),
            address=reverse("desk_preview", args=[now.slug]),
        )
    if now.state in FINISHED or now.state == PetitionState.REMOVED:
        return NextStep(
            title=_("Faites connaître le résultat."),
            why=_("La pétition est finie : sa page montre ce que vous avez réuni."),
            label=_("Ouvrir la page"),
            address=reverse("petition", args=[now.slug]),
        )
    if now.state == PetitionState.PAUSED:
        return NextStep(
            title=_("Rouvrez la pétition dès que vous le pouvez."),
            why=_("Elle est en pause : qui arrive sur la page ne peut pas signer."),
            label=_("Voir la page et la rouvrir"),
            address=reverse("desk_preview", args=[now.slug]),
        )
    return None


def _in_review(now: Situation) -> NextStep:
    """A supporter's petition, before anyone else reads it (P5)."""
    if now.may_edit:
        return NextStep(
            title=_("Relisez-la, puis répondez."),
            why=_("Quelqu’un l’a écrite et attend votre réponse. Personne d’autre ne la voit."),
            label=_("La relire et répondre"),
            address=reverse("desk_review", args=[now.slug]),
        )
    return NextStep(
        title=_("L’équipe la relit."),
        why=_("Sa réponse arrivera par courriel. D’ici là, vous pouvez encore la corriger."),
        label=_("Voir la page telle qu’elle sera"),
        address=reverse("desk_preview", args=[now.slug]),
    )


def _for_moderators(now: Situation) -> NextStep | None:
    held_first = now.held >= MANY_HELD or not now.waiting_comments
    if now.held and held_first:
        held = ngettext(
            "Une signature attend qu’on la vérifie.",
            "%(n)s signatures attendent qu’on les vérifie.",
            now.held,
        )
        return NextStep(
            title=held % {"n": number(now.held)},
            why=_("Elles ne comptent pas tant que personne ne les a regardées."),
            label=_("Vérifier"),
            address=reverse("desk_held", args=[now.slug]),
        )
    if now.waiting_comments:
        words = ngettext(
            "Quelqu’un vous dit pourquoi : relisez son commentaire.",
            "%(n)s personnes vous disent pourquoi : relisez leurs commentaires.",
            now.waiting_comments,
        )
        return NextStep(
            title=words % {"n": number(now.waiting_comments)},
            why=_("Des mots publiés donnent envie de signer, et serviront devant qui décide."),
            label=_("Lire les commentaires"),
            address=reverse("desk_comments", args=[now.slug]),
        )
    return None


def _first_signatures(now: Situation) -> NextStep | None:
    if now.total >= NEAR:
        return None
    return NextStep(
        title=_("Partagez-la à votre cercle proche."),
        why=_(
            "Les dix premières signatures viennent de gens qui vous connaissent. "
            "Écrivez-leur un par un."
        ),
        label=_("Prendre le lien et le code QR"),
        address=f"{reverse('desk_petition', args=[now.slug])}#partager",
    )


def _near_goal(now: Situation) -> NextStep | None:
    missing = now.goal - now.total
    if not 0 < missing <= now.goal // NEAR:
        return None
    said = ngettext(
        "Encore une signature avant %(goal)s.", "Encore %(n)s signatures avant %(goal)s.", missing
    )
    return NextStep(
        title=said % {"n": number(missing), "goal": number(now.goal)},
        why=_("Un palier tout proche est la meilleure raison de reparler de la pétition."),
        label=_("Prendre le lien à partager"),
        address=f"{reverse('desk_petition', args=[now.slug])}#partager",
    )


def _quiet(now: Situation) -> NextStep | None:
    if now.this_week:
        return None
    return NextStep(
        title=_("Personne n’a signé depuis lundi : relancez."),
        why=_("Une pétition dont on ne parle pas ne bouge pas. Un lieu, une date, dix personnes."),
        label=_("Prendre le lien à partager"),
        address=f"{reverse('desk_petition', args=[now.slug])}#partager",
    )


def _carry_on(now: Situation) -> NextStep:
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
        title=said % {"n": number(now.this_week)},
        why=why,
        label=_("Prendre le lien à partager"),
        address=f"{reverse('desk_petition', args=[now.slug])}#partager",
    )
