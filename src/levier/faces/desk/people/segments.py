"""Segments: conditions under a name, said in French and counted while one writes them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.filters import selection
from levier.faces.desk.people.segment_draft import Draft, changed, draft_of, shown, typed_draft
from levier.foundation.accounts.enums import CAN_MODERATE
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.people.actions.segments import delete_segment, save_segment
from levier.foundation.people.errors import BadConditions, PeopleError
from levier.foundation.people.models.segment import Segment
from levier.foundation.people.queries.conditions.shape import Conditions
from levier.foundation.people.queries.conditions.vocabulary import Vocabulary
from levier.foundation.people.queries.supporters import counted
from levier.foundation.people.rules import segment_for_reading
from levier.gathering.signing.queries.kinds import supporters_vocabulary


@member_page
@require_safe
def segments(request: HttpRequest) -> HttpResponse:
    """Each with what it means."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_MODERATE
    )
    vocabulary = _vocabulary(membership)
    found = Segment.objects.filter(organisation=membership.organisation).order_by("name")
    context = {"segments": [(one, sentence_of(one, vocabulary)) for one in found]}
    return page(request, "desk/people/segments.html", context, membership=membership, here="people")


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write one from nothing, or from the filters of the list."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_MODERATE
    )
    chosen = selection(
        membership.organisation, {**request.GET.dict(), "segment": ""}, now=timezone.now()
    )
    return _edit(request, membership, None, draft_of("", chosen.form.conditions()))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one."""
    segment, membership = segment_for_reading(user_of(request), pk)
    try:
        conditions = _vocabulary(membership).read(segment.conditions)
    except BadConditions as error:
        messages.error(request, str(error))
        conditions = Conditions()
    return _edit(request, membership, segment, draft_of(segment.name, conditions))


@member_page
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the conditions; the people stay."""
    user = user_of(request)
    segment, membership = segment_for_reading(user, pk)
    delete_segment(segment=segment, by=user, now=timezone.now())
    messages.success(request, _("Le segment est supprimé. Personne d’autre ne l’est."))
    return _to_segments(membership)


def sentence_of(segment: Segment, vocabulary: Vocabulary) -> str:
    """What a segment means, or why nobody can tell any more."""
    try:
        return vocabulary.sentence(vocabulary.read(segment.conditions))
    except BadConditions as error:
        return str(error)


def _edit(
    request: HttpRequest, membership: Membership, segment: Segment | None, draft: Draft
) -> HttpResponse:
    vocabulary, gesture, error = _vocabulary(membership), request.POST.get("faire", ""), ""
    if request.method == "POST":
        draft = typed_draft(request.POST, vocabulary.kinds)
        changed(draft, gesture, request.POST, vocabulary.kinds)
        if gesture == "enregistrer":
            error = _saved(request, membership, segment, draft, vocabulary)
            if not error:
                return _to_segments(membership)
    context = {
        "draft": draft,
        "segment": segment,
        "groups": shown(draft, vocabulary),
        "kinds": vocabulary.kinds.values(),
        "error": error,
        **_meaning(draft, vocabulary),
    }
    status = 422 if error else 200
    return page(
        request, "desk/people/segment.html", context, membership=membership, here="people",
        status=status,
    )  # fmt: skip


def _meaning(draft: Draft, vocabulary: Vocabulary) -> dict[str, Any]:
    """The sentence and the count of what is written so far, or what is missing in it."""
    try:
        conditions = vocabulary.read(draft.as_json())
        return {
            "sentence": vocabulary.sentence(conditions),
            "count": counted(vocabulary.q(conditions)),
        }
    except BadConditions as error:
        return {"missing": str(error)}


def _saved(
    request: HttpRequest,
    membership: Membership,
    segment: Segment | None,
    draft: Draft,
    vocabulary: Vocabulary,
) -> str:
    """Save, or say in French what is wrong."""
    try:
        conditions = vocabulary.read(draft.as_json())
        if not draft.name:
            return _("Donnez un nom au segment.")
        if not conditions.groups:
            return _("Ajoutez au moins une condition.")
        save_segment(
            organisation=membership.organisation,
            segment=segment,
            name=draft.name,
            conditions=conditions.as_json(),
            by=user_of(request),
            now=timezone.now(),
        )
    except PeopleError as error:
        return str(error)
    messages.success(request, _("Le segment est enregistré."))
    return ""


def _vocabulary(membership: Membership) -> Vocabulary:
    return supporters_vocabulary(organisation=membership.organisation_id, now=timezone.now())


def _to_segments(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_segments')}?organisation={membership.organisation.slug}")
