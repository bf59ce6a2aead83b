"""What looks unusual among recent signatures: somebody looks, and says what they think of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.errors import Hidden
from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import petition_for_moderating
from levier.gathering.signing.actions.dismiss import dismiss as dismiss_alert
from levier.gathering.signing.enums import AlertKind
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.queries.alerts import open_alerts, sentence_of

DISMISSED_SHOWN = 20
#: The filter of the signatures' list that shows what an alert is about.
FILTERS = {
    AlertKind.DOMAIN: "domaine",
    AlertKind.DISPOSABLE: "domaine",
    AlertKind.SEQUENCE: "suite",
    AlertKind.NAME: "nom",
    AlertKind.NETWORK: "connexion",
    AlertKind.NIGHT: "heure",
}


class DismissForm(forms.Form):
    """What one thinks of it."""

    why = Line(
        label=gettext_lazy("Pourquoi ce n’est pas un souci"),
        max_length=300,
        error_messages={"required": gettext_lazy("Dites en quelques mots ce que vous avez vu.")},
    )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An alert, its sentence, and the list it is about (empty for a tally)."""

    alert: Alert
    sentence: str
    address: str


@member_page
@require_safe
def alerts(request: HttpRequest, slug: str) -> HttpResponse:
    """The open ones, then the last that were dismissed."""
    place = petition_for_moderating(user_of(request), slug)
    dismissed = (
        Alert.objects.filter(petition=place.petition, dismissed_at__isnull=False)
        .select_related("dismissed_by")
        .order_by("-dismissed_at", "-pk")
    )
    context = {
        "alerts": shown_alerts(place.petition, place.slug),
        "dismissed": [(alert, sentence_of(alert)) for alert in dismissed[:DISMISSED_SHOWN]],
        "form": DismissForm(),
    }
    return page(request, "desk/alerts.html", context, place=place, here="alerts")


@member_page
@require_POST
def dismiss(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what one saw; the alert leaves the list."""
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    found = Alert.objects.filter(petition=place.petition, pk=pk).first()
    if found is None:
        raise Hidden
    form = DismissForm(request.POST)
    if form.is_valid():
        dismiss_alert(alert=found, by=user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("L’alerte est rangée, avec votre raison."))
    else:
        messages.error(request, " ".join(map(str, form.errors["why"])))
    return redirect("desk_alerts", place.slug)


def shown_alerts(petition: Petition, slug: str) -> list[Shown]:
    """What waits for the team, in words, with where to look."""
    return [
        Shown(alert=alert, sentence=sentence_of(alert), address=_address(alert, slug))
        for alert in open_alerts(petition, now=timezone.now())
    ]


def _address(alert: Alert, slug: str) -> str:
    query = _query(alert)
    return f"{reverse('desk_signatures', args=[slug])}?{urlencode(query)}" if query else ""


def _query(alert: Alert) -> dict[str, Any]:
    if alert.kind == AlertKind.TALLY:
        return {}
    if alert.kind == AlertKind.PLACE:
        country, _sep, area = alert.subject.partition("-")
        return {"pays": country, **({"code_postal": area} if area else {})}
    return {FILTERS[AlertKind(alert.kind)]: alert.subject}
