"""What waits for the team's eye."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.faces.desk.next_step.situation import NextStep, Situation
from levier.foundation.common.typography import number

MANY_HELD = 20  # then they go before the words


def alerts_raised(now: Situation) -> NextStep | None:
    """Something unusual among the latest signatures."""
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


def many_held(now: Situation) -> NextStep | None:
    """So many held that they go before the words."""
    return _held(now) if now.held >= MANY_HELD else None


def few_held(now: Situation) -> NextStep | None:
    """A few held."""
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


def comments(now: Situation) -> NextStep | None:
    """Words of signatories to read."""
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
