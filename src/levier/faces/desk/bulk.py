"""Deciding of many signatures at once: count and examples first, then progress (P70)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.signature_filters import FilterForm
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import User
from levier.foundation.common.text_fields import Line
from levier.gathering.petitions.rules.gates import Place, petition_for_moderating
from levier.gathering.signing.actions.decide_in_bulk import (
    can_be_undone,
    decide_in_bulk,
    stop_bulk,
    undo_bulk,
)
from levier.gathering.signing.enums import UNFINISHED, BulkVerb
from levier.gathering.signing.errors import SigningError
from levier.gathering.signing.models.bulk_decision import REASON_LENGTH, BulkDecision
from levier.gathering.signing.queries.selection import Filters, decidable

EXAMPLES = 20
LISTED = 50
VERBS = {"ecarter": BulkVerb.REJECT, "compter": BulkVerb.RELEASE}


class DecisionForm(forms.Form):
    """Why, and what was seen: the moment and the count the page showed."""

    reason = Line(
        label=gettext_lazy("Pourquoi ?"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Gardé dans le journal : « Rafale de nuit »."),
    )
    seen_at = forms.DateTimeField(widget=forms.HiddenInput)
    expected = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """How many, twenty of them, why; then the decision is written and a task begins."""
    user, now = user_of(request), timezone.now()
    place = petition_for_moderating(user, slug)
    sent = request.POST if request.method == "POST" else None
    asked = sent or request.GET
    verb = VERBS.get(asked.get("quoi", ""), BulkVerb.REJECT)
    chosen = FilterForm(asked)
    form = DecisionForm(sent)
    if sent and form.is_valid():
        decision = _decided(place, verb, chosen.filters(), form, user, now)
        if decision is not None:
            return redirect("desk_bulk_decision", place.slug, decision.pk)
    found = decidable(place.petition, chosen.filters(), verb).filter(signed_at__lte=now)
    examples = found.select_related("contact_point").order_by("-signed_at", "-pk")[:EXAMPLES]
    context = {
        "form": form,
        "verb": verb,
        "asked": asked.get("quoi", "ecarter"),
        "chosen": chosen,
        "total": found.count(),
        "examples": examples,
        "seen_at": now.isoformat(),
    }
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/bulk/new.html", context, place=place, here="signatures", status=status
    )


@member_page
@require_safe
def decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was decided, how far it is, and the way to stop it or to go back."""
    place, found = _decision(user_of(request), slug, pk)
    context = _told(found)
    if request.headers.get("HX-Request"):
        inside = {**context, "place": place, "slug": place.slug}
        return render(request, "desk/bulk/progress.html", inside)
    return page(request, "desk/bulk/decision.html", context, place=place, here="signatures")


@member_page
@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """The last ones, with who and why."""
    place = petition_for_moderating(user_of(request), slug)
    rows = BulkDecision.objects.filter(petition=place.petition).select_related("by")
    context = {"decisions": rows.order_by("-decided_at", "-pk")[:LISTED]}
    return page(request, "desk/bulk/decisions.html", context, place=place, here="signatures")


@member_page
@require_POST
def stop(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """No more batches."""
    user = user_of(request)
    place, found = _decision(user, slug, pk)
    stop_bulk(decision=found, by=user, now=timezone.now())
    return redirect("desk_bulk_decision", place.slug, pk)


@member_page
@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put back what was set aside."""
    user = user_of(request)
    place, found = _decision(user, slug, pk)
    try:
        back = undo_bulk(decision=found, by=user, now=timezone.now())
    except SigningError as error:
        messages.error(request, str(error))
        return redirect("desk_bulk_decision", place.slug, pk)
    return redirect("desk_bulk_decision", place.slug, back.pk)


def _decided(
    place: Place, verb: BulkVerb, filters: Filters, form: DecisionForm, by: User, now: datetime
) -> BulkDecision | None:
    """The decision, or None with the error in the form."""
    data = form.cleaned_data
    try:
        return decide_in_bulk(
            petition=place.petition,
            verb=verb,
            filters=filters,
            seen_at=min(data["seen_at"], now),
            expected=data["expected"],
            reason=data["reason"],
            by=by,
            now=now,
        )
    except SigningError as error:
        form.add_error(None, str(error))
        return None


def _decision(user: User, slug: str, pk: int) -> tuple[Place, BulkDecision]:
    place = petition_for_moderating(user, slug)
    found = BulkDecision.objects.filter(petition=place.petition, pk=pk).select_related("by").first()
    if found is None:
        raise Hidden
    return place, found


def _told(found: BulkDecision) -> dict[str, Any]:
    undone = BulkDecision.objects.filter(undoes=found).first()
    return {
        "decision": found,
        "running": found.state in UNFINISHED,
        "percent": found.total and (found.done + found.untouched) * 100 // found.total,
        "remaining": found.total - found.done - found.untouched,
        "undone_by": undone,
        "can_be_undone": undone is None and can_be_undone(found),
    }
