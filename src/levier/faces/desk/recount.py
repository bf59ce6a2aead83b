"""Counting a petition again (P41)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levier.faces.desk.doors import member_page, user_of
from levier.foundation.common.typography import number
from levier.gathering.petitions.rules.gates import petition_for_leading
from levier.gathering.signing.actions.dismiss import settle_tally_alert
from levier.gathering.signing.actions.recount import recount as count_again
from levier.gathering.signing.models.tally import Tally


@member_page
@require_POST
def recount(request: HttpRequest, slug: str) -> HttpResponse:
    """Read every signature again; the tally says what they say, numbers untouched."""
    user, now = user_of(request), timezone.now()
    place = petition_for_leading(user, slug)
    before = Tally.objects.filter(petition=place.petition).first()
    if before is None:
        messages.error(request, _("La pétition n’est pas publiée : il n’y a rien à recompter."))
        return redirect("desk_petition", place.slug)
    true = count_again(petition=place.petition, by=user.pk, now=now)
    settle_tally_alert(petition=place.petition, by=user, now=now)
    if true.counted == before.counted:
        messages.success(request, _("Le décompte était juste : rien n’a changé."))
    else:
        said = _("Le décompte est refait : %(after)s signatures comptées, au lieu de %(before)s.")
        words = {"after": number(true.counted), "before": number(before.counted)}
        messages.success(request, said % words)
    return redirect("desk_petition", place.slug)
