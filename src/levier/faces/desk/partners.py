"""Organisations that carry a petition with us: their links, their figures, their lists."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.signatures import in_turn
from levier.foundation.common.csv_export import csv_chunks
from levier.gathering.petitions.actions import partnering
from levier.gathering.petitions.forms.partner import PartnerForm, initial_partner
from levier.gathering.petitions.rules.gates import petition_for_editing
from levier.gathering.petitions.rules.partners import partner_for_editing, partner_for_exporting
from levier.gathering.signing.actions.partner_agreements import hand_over
from levier.gathering.signing.queries.partner_agreements import (
    HEADER,
    exported_agreements,
    partners_of,
)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: HttpRequest, slug: str) -> HttpResponse:
    """Who carries it with us, and a form for one more."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        partnering.add_partner(
            petition=place.petition, terms=form.terms(), by=user, now=timezone.now()
        )
        messages.success(request, _("C’est noté. Donnez-lui son lien, ou son formulaire."))
        return redirect("desk_partners", place.slug)
    context = {
        "form": form,
        "partners": partners_of(place.petition),
        "root": f"{settings.BASE_URL}/petitions/{place.slug}/?par=",
    }
    status = 422 if form.is_bound else 200
    return page(request, "desk/partners.html", context, place=place, here="partners", status=status)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change its name, its sentence, its sites."""
    user = user_of(request)
    place, found = partner_for_editing(user, slug, pk)
    form = PartnerForm(request.POST or None, initial=initial_partner(found))
    if request.method == "POST" and form.is_valid():
        partnering.change_partner(partner=found, terms=form.terms(), by=user, now=timezone.now())
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_partners", place.slug)
    context = {"form": form, "partner": found}
    status = 422 if form.is_bound else 200
    return page(request, "desk/partner.html", context, place=place, here="partners", status=status)


@member_page
@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its link shows no box any more."""
    said = _("C’est fait : son lien ne montre plus sa case. Les accords donnés restent.")
    return _done(request, slug, pk, partnering.end_partner, said)


@member_page
@require_POST
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Its link shows its box again."""
    return _done(
        request, slug, pk, partnering.resume_partner, _("Son lien montre de nouveau sa case.")
    )


@transaction.non_atomic_requests
@member_page
@require_POST
def export(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Its list, streamed; who took it and how many names is written down first (P65)."""
    user, now = user_of(request), timezone.now()
    place, found = partner_for_exporting(user, slug, pk)
    hand_over(partner=found, by=user, now=now)
    name = f"accords-{found.slug}-{place.slug}-{timezone.localdate(now).isoformat()}.csv"
    response = StreamingHttpResponse(
        in_turn(csv_chunks([str(cell) for cell in HEADER], exported_agreements(found))),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Accel-Buffering"] = "no"
    return response


def _done(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., Any], said: str
) -> HttpResponse:
    user = user_of(request)
    place, found = partner_for_editing(user, slug, pk)
    action(partner=found, by=user, now=timezone.now())
    messages.success(request, said)
    return redirect("desk_partners", place.slug)
