"""What comes while one types: who decides (P3), what the demand lacks (P2), what is alike (P4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from levier.faces.public.home import listed
from levier.faces.public.launch.steps import (
    FOUND_SHOWN,
    STEPS,
    found_for,
    missing_in,
    similar_for,
    thread,
)
from levier.faces.public.launch.visit import Visit, launch_page
from levier.faces.public.private import see_other
from levier.gathering.petitions.actions.launching import forget_draft
from levier.gathering.signing.queries.tally import tallies_of

LONGEST = 160


@launch_page
@require_safe
def who(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The decision-makers found, as a fragment of the first step."""
    search = "".join(c for c in request.GET.get("search", "") if c.isprintable())[:LONGEST]
    context = {
        "found": found_for(search, timezone.now()),
        "searched": search,
        "chosen": request.GET.get("mandate", ""),
        "most": FOUND_SHOWN,
    }
    return render(request, "public/launch/found.html", context)


@launch_page
@require_safe
def hints(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the demand being typed still lacks, as a fragment of the second step."""
    context = missing_in(request.GET.get("ask", ""), visit.typed)
    return render(request, "desk/components/concreteness.html", context)


@launch_page
@require_safe
def similar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open petitions that look alike, before anything is written (P4)."""
    found = similar_for(visit.typed)
    if not found:
        return redirect("launch_ask")
    tallies = tallies_of([address.petition_id for address in found])
    context = {"here": "launch", "similar": listed(found, tallies), "visit": visit}
    return render(request, "public/launch/similar.html", {**context, **thread(STEPS[0])})


@launch_page
@require_POST
def forget(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Erase the draft at once: nothing of it is kept."""
    if visit.draft is not None and visit.draft.petition_id is None:
        forget_draft(draft=visit.draft)
    return see_other("/")
