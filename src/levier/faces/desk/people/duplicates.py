"""People who may be one: looked at side by side, merged, parted again."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.timeline import with_titles
from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.people.actions.resemblances import ask_for_resemblances, dismiss
from levier.foundation.people.enums import Alike
from levier.foundation.people.errors import PeopleError
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.resemblance import Resemblance
from levier.foundation.people.models.tag import PersonTag
from levier.foundation.people.queries.supporters import addresses_of
from levier.foundation.people.rules import Card, merge_for_undoing, person_for_deciding
from levier.gathering.petitions.rules.consents import what_is_received
from levier.gathering.signing.actions.merging import merge_people, part_people
from levier.gathering.signing.models.signature import Signature

PER_PAGE = 30
LATEST = 10


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two cards, as they are compared."""

    person: Person
    points: list[ContactPoint]
    agreements: list[tuple[ConsentState, str]]  # with what it brings, in a few words
    tags: list[str]
    signatures: list[Signature]


@member_page
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs to look at, found at night or when asked, and the latest merges."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_CAMPAIGN
    )
    pairs = (
        Resemblance.objects.filter(
            organisation=membership.organisation,
            dismissed_at=None,
            first__merged_into=None,
            second__merged_into=None,
            first__erased_at=None,
            second__erased_at=None,
        )
        .select_related("first", "second")
        .order_by("first", "second")
    )
    found = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    people = [person for pair in found for person in (pair.first, pair.second)]
    addresses = addresses_of(people)
    words = dict(Alike.choices)
    merges = Merge.objects.filter(organisation=membership.organisation)
    context = {
        "found": found,
        "pairs": [
            {
                "pair": pair,
                "sides": [(one, addresses.get(one.pk, "")) for one in (pair.first, pair.second)],
                "by": [words.get(reason, reason) for reason in pair.by],
            }
            for pair in found
        ],
        "merges": merges.select_related("kept", "by").order_by("-at", "-pk")[:LATEST],
    }
    return page(
        request, "desk/people/duplicates.html", context, membership=membership, here="people"
    )


@member_page
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Have the worker look for pairs now."""
    user = user_of(request)
    membership = organisation_for(user, request.GET.get("organisation", ""), CAN_CAMPAIGN)
    ask_for_resemblances(organisation=membership.organisation, by=user, now=timezone.now())
    messages.success(request, _("On cherche. Rechargez cette page dans une minute."))
    return _to_duplicates(membership)


@member_page
@require_safe
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two cards side by side."""
    first, second = _both(request, pk, other)
    sides = [_side(first.person), _side(second.person)]
    twice = {one.petition_id for one in sides[0].signatures} & {
        one.petition_id for one in sides[1].signatures
    }
    context = {
        "sides": [(sides[0], sides[1].person.pk), (sides[1], sides[0].person.pk)],
        "twice": len(twice),
        "pair": Resemblance.objects.filter(
            first=min(pk, other), second=max(pk, other), dismissed_at=None
        ).first(),
    }
    return page(
        request, "desk/people/compare.html", context, membership=first.membership, here="people"
    )


@member_page
@require_POST
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Keep the first card; the second becomes part of it."""
    user = user_of(request)
    kept, merged = _both(request, pk, other)
    try:
        merge_people(kept=kept.person, merged=merged.person, by=user, now=timezone.now())
    except PeopleError as error:
        messages.error(request, str(error))
        return _to_duplicates(kept.membership)
    said = _("Les deux fiches n’en font plus qu’une. Vous pouvez défaire la fusion ci-dessous.")
    messages.success(request, said)
    return redirect("desk_person", pk)


@member_page
@require_POST
def keep_apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """They are two people: the pair is not shown again."""
    first, _second = _both(request, pk, other)
    pair = Resemblance.objects.filter(first=min(pk, other), second=max(pk, other)).first()
    if pair is None:
        raise Hidden
    dismiss(resemblance=pair, by=user_of(request), now=timezone.now())
    messages.success(request, _("Ces deux personnes ne seront plus proposées."))
    return _to_duplicates(first.membership)


@member_page
@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    user = user_of(request)
    found, _membership = merge_for_undoing(user, pk)
    try:
        part_people(merge=found, by=user, now=timezone.now())
    except PeopleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("La fusion est défaite\u00a0: chacune a de nouveau sa fiche."))
    return redirect("desk_person", found.kept_id)


def _both(request: HttpRequest, pk: int, other: int) -> tuple[Card, Card]:
    user = user_of(request)
    first, second = person_for_deciding(user, pk), person_for_deciding(user, other)
    apart = first.person.organisation_id != second.person.organisation_id
    merged = first.person.merged_into_id or second.person.merged_into_id
    if pk == other or apart or merged is not None:
        raise Hidden
    return first, second


def _side(person: Person) -> Side:
    tags = PersonTag.objects.filter(person=person).order_by("tag__folded")
    states = ConsentState.objects.filter(person=person).order_by("channel", "purpose", "scope")
    return Side(
        person=person,
        points=list(ContactPoint.objects.filter(person=person).exclude(typed="").order_by("pk")),
        agreements=[
            (said, what_is_received(said.purpose, title)) for said, title in with_titles(states)
        ],
        tags=list(tags.values_list("tag__name", flat=True)),
        signatures=list(
            Signature.objects.filter(person=person)
            .select_related("petition__version")
            .order_by("-signed_at", "-pk")
        ),
    )


def _to_duplicates(membership: Membership) -> HttpResponse:
    return redirect(f"{reverse('desk_duplicates')}?organisation={membership.organisation.slug}")
