"""« Le plus utile aujourd’hui »: from what is truly known, on the way from the first signature to
the decision. The most urgent first; each says why, leads to the page that does it, can be put off.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.typography import day, number
from levier.gathering.petitions.enums import FINISHED, PetitionState

FEW = 10  # signatures that come from people who know us
MANY = 100
MANY_HELD = 20  # then they go before the words
NEAR = 10  # a milestone is near when a tenth of it, at most, is missing
SOON = timedelta(days=7)
HALF = 2
OTHERS = 4  # suggestions after the first


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the dashboard knows of a petition when somebody looks at it."""

    slug: str
    state: str
    now: datetime
    total: int
    confirmed: int
    held: int
    waiting_comments: int
    goal: int
    this_week: int
    may_edit: bool
    may_moderate: bool
    alerts: int = 0
    closes_at: datetime | None = None
    has_victory: bool = False
    has_image: bool = True
    has_addressee: bool = True
    has_paper: bool = True
    has_partner: bool = True
    has_featured: bool = True


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What to do, why now, and where. `key` is what it is put off under."""

    key: str
    title: str
    why: str
    label: str
    address: str


Advice = Callable[[Situation], NextStep | None]


def next_steps(now: Situation, postponed: Collection[str] = ()) -> list[NextStep]:
    """All that applies and was not put off, the most urgent first; never none."""
    found = _applying(ADVICE, now, postponed) or [_carry_on(now)]
    return [*found[:OTHERS], *_applying((_decided,), now, postponed)]


def next_step(now: Situation) -> NextStep:
    """The first of them."""
    return next_steps(now)[0]


def _applying(
    advice: Iterable[Advice], now: Situation, postponed: Collection[str]
) -> list[NextStep]:
    return [step for advise in advice if (step := advise(now)) and step.key not in postponed]


def _publish(now: Situation) -> NextStep | None:
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


def _finished(now: Situation) -> NextStep | None:
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


def _reopen(now: Situation) -> NextStep | None:
    if now.state != PetitionState.PAUSED:
        return None
    return NextStep(
        key="reopen",
        title=_("Rouvrez la pétition dès que vous le pouvez."),
        why=_("Elle est en pause : qui arrive sur la page ne peut pas signer."),
        label=_("Voir la page et la rouvrir"),
        address=reverse("desk_preview", args=[now.slug]),
    )


def _alerts(now: Situation) -> NextStep | None:
    if not now.may_moderate or not now.alerts:
        return None
    said = ngettext(
        "Une chose inhabituelle à regarder.", "%(n)s choses inhabituelles à regarder.", now.alerts
    )
    return NextStep(
        key="alerts",
        title=said % {"n": number(now.alerts)},
        why=_("Un compte que personne ne peut contester : c’est lui que vous remettrez."),
        label=_("Voir les alertes"),
        address=reverse("desk_alerts", args=[now.slug]),
    )


def _many_held(now: Situation) -> NextStep | None:
    return _held(now) if now.held >= MANY_HELD else None


def _few_held(now: Situation) -> NextStep | None:
    return _held(now) if now.held < MANY_HELD else None


def _held(now: Situation) -> NextStep | None:
    if not now.may_moderate or not now.held:
        return None
    held = ngettext(
        "Une signature attend qu’on la vérifie.",
        "%(n)s signatures attendent qu’on les vérifie.",
        now.held,
    )
    return NextStep(
        key="held",
        title=held % {"n": number(now.held)},
        why=_("Elles ne comptent pas tant que personne ne les a regardées."),
        label=_("Vérifier"),
        address=reverse("desk_held", args=[now.slug]),
    )


def _comments(now: Situation) -> NextStep | None:
    if not now.may_moderate or not now.waiting_comments:
        return None
    words = ngettext(
        "Quelqu’un vous dit pourquoi : relisez son commentaire.",
        "%(n)s personnes vous disent pourquoi : relisez leurs commentaires.",
        now.waiting_comments,
    )
    return NextStep(
        key="comments",
        title=words % {"n": number(now.waiting_comments)},
        why=_("Des mots publiés donnent envie de signer, et serviront devant qui décide."),
        label=_("Lire les commentaires"),
        address=reverse("desk_comments", args=[now.slug]),
    )


def _addressee(now: Situation) -> NextStep | None:
    if now.has_addressee or not now.may_edit or _is_over(now):
        return None
    return NextStep(
        key="addressee",
        title=_("Trouvez qui est en charge du dossier."),
        why=_(
            "L’adjointe ou l’adjoint en charge compte souvent plus que qui est tout en haut : "
            "c’est avec cette personne que vous demanderez un rendez-vous."
        ),
        label=_("Dire à qui la pétition s’adresse"),
        address=reverse("desk_petition_edit", args=[now.slug]),
    )


def _first_signatures(now: Situation) -> NextStep | None:
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
        address=_share(now),
    )


def _closing(now: Situation) -> NextStep | None:
    if now.closes_at is None or now.state != PetitionState.OPEN:
        return None
    if not now.now < now.closes_at <= now.now + SOON:
        return None
    return NextStep(
        key="closing",
        title=_("Dernière ligne droite : elle ferme le %(day)s.") % {"day": day(now.closes_at)},
        why=_("Une date proche est une bonne raison de relancer. Vous pouvez encore la repousser."),
        label=_("Relancer, ou repousser la date"),
        address=reverse("desk_petition_edit", args=[now.slug]) if now.may_edit else _share(now),
    )


def _near_goal(now: Situation) -> NextStep | None:
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
        address=_share(now),
    )


def _image(now: Situation) -> NextStep | None:
    if now.has_image or not now.may_edit or _is_over(now):
        return None
    return NextStep(
        key="image",
        title=_("Ajoutez une image."),
        why=_("Un visage ou un lieu dit en une seconde de quoi il s’agit, là où l’on partage."),
        label=_("Choisir une image"),
        address=reverse("desk_petition_edit", args=[now.slug]),
    )


def _paper(now: Situation) -> NextStep | None:
    if now.has_paper or not now.may_edit or now.state != PetitionState.OPEN or now.total < FEW:
        return None
    return NextStep(
        key="paper",
        title=_("Faites signer là où les gens passent."),
        why=_("Un marché, une sortie d’école : une feuille papier touche qui n’ira pas en ligne."),
        label=_("Imprimer des feuilles"),
        address=reverse("desk_paper", args=[now.slug]),
    )


def _feature(now: Situation) -> NextStep | None:
    if now.has_featured or not now.may_moderate or _is_over(now):
        return None
    return NextStep(
        key="feature",
        title=_("Mettez un commentaire en avant."),
        why=_("Des mots touchants donnent envie de signer ; vous les lirez aussi à qui décide."),
        label=_("Choisir un commentaire"),
        address=f"{reverse('desk_comments', args=[now.slug])}?etat=publies",
    )


def _partner(now: Situation) -> NextStep | None:
    if now.has_partner or not now.may_edit or now.state != PetitionState.OPEN or now.total < MANY:
        return None
    return NextStep(
        key="partner",
        title=_("Faites-la porter par d’autres."),
        why=_("Une organisation qui la montre sur son site vous amène des gens hors de portée."),
        label=_("Ajouter un partenaire"),
        address=reverse("desk_partners", args=[now.slug]),
    )


def _quiet(now: Situation) -> NextStep | None:
    if now.this_week or now.state != PetitionState.OPEN:
        return None
    return NextStep(
        key="quiet",
        title=_("Personne n’a signé depuis lundi : relancez."),
        why=_("Une pétition dont on ne parle pas ne bouge pas. Un lieu, une date, dix personnes."),
        label=_("Prendre le lien à partager"),
        address=_share(now),
    )


def _decided(now: Situation) -> NextStep | None:
    if not now.may_edit or now.state != PetitionState.OPEN or now.total < MANY:
        return None
    return NextStep(
        key="victory",
        title=_("La décision est prise ? Déclarez la victoire."),
        why=_("Votre demande est écrite : on peut voir si la décision y répond."),
        label=_("Dire ce qui est décidé"),
        address=reverse("desk_petition_victory", args=[now.slug]),
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
        key="carry_on",
        title=said % {"n": number(now.this_week)},
        why=why,
        label=_("Prendre le lien à partager"),
        address=_share(now),
    )


def _is_over(now: Situation) -> bool:
    return now.state in FINISHED or now.state == PetitionState.REMOVED


def _share(now: Situation) -> str:
    return f"{reverse('desk_petition', args=[now.slug])}#partager"


#: In the order of a campaign: what blocks first, then what moves it on, then what can wait.
ADVICE: tuple[Advice, ...] = (
    _publish,
    _finished,
    _reopen,
    _alerts,
    _many_held,
    _comments,
    _few_held,
    _addressee,
    _first_signatures,
    _closing,
    _near_goal,
    _quiet,
    _image,
    _paper,
    _feature,
    _partner,
)
#: What may be put off, by its key: everything but going on.
_FIRST = ("publish", "review", "reopen", "alerts", "held", "comments", "addressee")
_THEN = ("circle", "closing", "goal", "quiet", "image", "paper", "feature", "partner")
_LAST = ("victory", "outcome", "tell", "result")
POSTPONABLE = frozenset({*_FIRST, *_THEN, *_LAST})
