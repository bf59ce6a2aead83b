"""Tags: on one person, on those ticked in a list, on all the people some conditions name."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.filters import selection
from levier.foundation.accounts.enums import CAN_MODERATE
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.common.typography import number
from levier.foundation.people.actions.taggings import start_tagging, stop_tagging
from levier.foundation.people.actions.tags import (
    delete_tag,
    find_or_make_tag,
    rename_tag,
    tag_people,
    untag_people,
)
from levier.foundation.people.errors import PeopleError
from levier.foundation.people.forms import TagForm
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.tag import PersonTag, Tag, Tagging
from levier.foundation.people.queries.supporters import counted
from levier.foundation.people.rules import tag_for_changing, tagging_for_changing

MOST_TICKED = 500
LATEST = 10


@member_page
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag, how many people have it, and what is being done with them."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_MODERATE
    )
    having = PersonTag.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
    mine = Tag.objects.filter(organisation=membership.organisation)
    context = {
        "tags": mine.annotate(people=Subquery(having.annotate(n=Count("pk")).values("n"))).order_by(
            "folded"
        ),
        "taggings": Tagging.objects.filter(organisation=membership.organisation)
        .select_related("tag", "by")
        .order_by("-at", "-pk")[:LATEST],
    }
    return page(request, "desk/people/tags.html", context, membership=membership, here="people")


@member_page
@require_POST
def put(request: HttpRequest) -> HttpResponse:
    """Put a tag on those who are ticked, or take it off them."""
    user, now = user_of(request), timezone.now()
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MODERATE)
    ids = _ticked(request, membership)
    form = TagForm(request.POST)
    if not ids or not form.is_valid():
        said = _("Cochez des personnes et indiquez une étiquette.")
        messages.error(request, said)
        return _back(request, membership)
    try:
        tag = find_or_make_tag(
            organisation=membership.organisation, name=form.cleaned_data["tag"], now=now
        )
    except PeopleError as error:
        messages.error(request, str(error))
        return _back(request, membership)
    adds = request.POST.get("faire") != "retirer"
    change = tag_people if adds else untag_people
    done = len(change(tag=tag, person_ids=ids, by=user, now=now))
    messages.success(request, _done(tag, done, adds=adds))
    return _back(request, membership)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def put_on_all(request: HttpRequest) -> HttpResponse:
    """On everyone the filters name: GET says how many, POST has the worker do it."""
    user, now = user_of(request), timezone.now()
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_MODERATE)
    try:
        chosen = selection(membership.organisation, request.GET, now=now)
    except PeopleError as error:
        messages.error(request, str(error))
        return _to_people(membership)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tag = find_or_make_tag(
                organisation=membership.organisation, name=form.cleaned_data["tag"], now=now
            )
        except PeopleError as error:
            form.add_error("tag", str(error))
        else:
            start_tagging(
                tag=tag, adds=request.POST.get("faire") != "retirer", found=chosen.q,
                conditions=[part.as_json() for part in chosen.parts],
                sentence=" ".join(chosen.sentences), by=user, now=now,
            )  # fmt: skip
            return _to_tags(membership)
    context = {
        "form": form,
        "sentences": chosen.sentences,
        "count": counted(chosen.q),
        "query": chosen.form.query("tri"),
        "tags": Tag.objects.filter(organisation=membership.organisation).order_by("folded"),
    }
    status = 422 if form.is_bound else 200
    return page(
        request, "desk/people/tag_all.html", context, membership=membership, here="people",
        status=status,
    )  # fmt: skip


@member_page
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what is going on; what is done stays done."""
    user = user_of(request)
    tagging, membership = tagging_for_changing(user, pk)
    if stop_tagging(tagging=tagging, by=user, now=timezone.now()):
        messages.success(request, _("C’est arrêté. Ce qui était fait le reste."))
    else:
        messages.error(request, _("C’était déjà fini."))
    return _to_tags(membership)


@member_page
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name for the same tag, on the same people."""
    user = user_of(request)
    tag, membership = tag_for_changing(user, pk)
    form = TagForm(request.POST)
    try:
        name = form.cleaned_data["tag"] if form.is_valid() else ""
        rename_tag(tag=tag, name=name, by=user, now=timezone.now())
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("L’étiquette est renommée."))
    return _to_tags(membership)


@member_page
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a tag off everyone, and forget it."""
    user = user_of(request)
    tag, membership = tag_for_changing(user, pk)
    done = delete_tag(tag=tag, by=user, now=timezone.now())
    messages.success(request, _done(tag, done, adds=False))
    return _to_tags(membership)


def _ticked(request: HttpRequest, membership: Membership) -> list[int]:
    typed = request.POST.getlist("personne")[:MOST_TICKED]
    ids = [int(pk) for pk in typed if pk.isascii() and pk.isdigit() and len(pk) < 19]
    mine = Person.objects.filter(organisation=membership.organisation, erased_at=None)
    return list(mine.filter(pk__in=ids).values_list("pk", flat=True))


def _done(tag: Tag, n: int, *, adds: bool) -> str:
    if adds:
        said = ngettext(
            "« %(tag)s » est mise sur %(n)s personne.",
            "« %(tag)s » est mise sur %(n)s personnes.",
            n,
        )
    else:
        said = ngettext(
            "« %(tag)s » est retirée de %(n)s personne.",
            "« %(tag)s » est retirée de %(n)s personnes.",
            n,
        )
    return said % {"tag": tag.name, "n": number(n)}


def _back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """To the page the gesture came from, when it is one of ours."""
    asked = request.POST.get("retour", "")
    if asked.startswith("/tableau-de-bord/") and url_has_allowed_host_and_scheme(asked, None):
        return redirect(asked)
    return _to_people(membership)


def _to_people(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_people')}?organisation={membership.organisation.slug}")


def _to_tags(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_tags')}?organisation={membership.organisation.slug}")
