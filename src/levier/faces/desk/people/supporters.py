"""The list of supporters: searched, filtered, sorted, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.people.filters import Selection, selection
from levier.foundation.accounts.enums import CAN_CAMPAIGN, CAN_MODERATE
from levier.foundation.accounts.models import Membership
from levier.foundation.accounts.rules import organisation_for
from levier.foundation.people.errors import BadConditions
from levier.foundation.people.models.person import Person
from levier.foundation.people.models.search import SearchEntry
from levier.foundation.people.models.tag import Tag
from levier.foundation.people.queries.supporters import (
    AT_MOST,
    addresses_of,
    after,
    counted,
    cursor_of,
    supporters,
)

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Row:
    """A person in the list."""

    entry: SearchEntry
    person: Person
    address: str
    tags: list[str]


@member_page
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Fifty at a time; the same few statements whatever their number."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_MODERATE
    )
    try:
        chosen = selection(membership.organisation, request.GET, now=timezone.now())
    except BadConditions as error:
        context = {"error": str(error), "membership": membership}
        return page(
            request, "desk/people/no_segment.html", context, membership=membership, here="people",
            status=404,
        )  # fmt: skip
    context = _context(chosen, membership, request.GET.get("apres", ""))
    return page(
        request, "desk/people/supporters.html", context, membership=membership, here="people"
    )


@member_page
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many: up to ten thousand at once, then « plus de », and exactly when asked."""
    membership = organisation_for(
        user_of(request), request.GET.get("organisation", ""), CAN_MODERATE
    )
    exactly = request.GET.get("exact") == "oui"
    try:
        chosen = selection(membership.organisation, request.GET, now=timezone.now())
    except BadConditions as error:
        return render(request, "desk/people/count.html", {"error": str(error)}, status=404)
    n = counted(chosen.q, at_most=None if exactly else AT_MOST)
    context = {
        "count": n,
        "at_most": AT_MOST,
        "is_more": not exactly and n > AT_MOST,
        "query": chosen.form.query("tri"),
        "organisation": membership.organisation,
    }
    return render(request, "desk/people/count.html", context)


def _context(chosen: Selection, membership: Membership, cursor: str) -> dict[str, Any]:
    order = chosen.form.order()
    entries = list(after(supporters(chosen.q, order), order, cursor)[: PER_PAGE + 1])
    shown, more = entries[:PER_PAGE], len(entries) > PER_PAGE
    return {
        "form": chosen.form,
        "filtered": not chosen.is_everyone,
        "sentences": chosen.sentences,
        "segment": chosen.segment,
        "query": chosen.form.query(),
        "filters": chosen.form.query("tri"),
        "rows": rows_of(shown, membership),
        "count": len(shown) if not more and not cursor else None,
        "next": cursor_of(shown[-1], order) if more else "",
        "is_first": not cursor,
        "may_export": membership.role in CAN_CAMPAIGN,
        "tags": Tag.objects.filter(organisation=membership.organisation).order_by("folded"),
    }


def rows_of(entries: Iterable[SearchEntry], membership: Membership) -> list[Row]:
    """The people of a page, each with an address and the names of their tags: two statements."""
    found = list(entries)
    addresses = addresses_of(entry.person for entry in found)
    wanted = {tag for entry in found for tag in entry.tags}
    known = Tag.objects.filter(organisation=membership.organisation, pk__in=wanted)
    names = dict(known.order_by("folded").values_list("pk", "name"))
    return [
        Row(
            entry=entry,
            person=entry.person,
            address=addresses.get(entry.person_id, ""),
            tags=[name for pk, name in names.items() if pk in entry.tags],
        )
        for entry in found
    ]
