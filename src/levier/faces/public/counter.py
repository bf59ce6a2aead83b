"""The count for programs and for the live thermometer: `compteur.json` (P37)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from levier.faces.public.pages import fresh, page_or_404
from levier.gathering.petitions.rules.goals import next_goal, next_threshold
from levier.gathering.signing.queries.tally import tally_of


@require_safe
def counter(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of a petition, the same bytes for all; a closed one keeps its count (P43)."""
    petition = page_or_404(slug).petition
    tally = tally_of(petition.pk)
    total = tally.counted + tally.paper
    figures = {
        "signatures": total,
        "confirmed": tally.confirmed,
        "goal": next_goal(total, petition.fixed_goal),
        "next_milestone": _next_milestone(total, petition.fixed_goal),
        "updated_at": tally.updated_at.isoformat(timespec="seconds"),
    }
    return fresh(JsonResponse(figures))


def _next_milestone(total: int, fixed_goal: int | None) -> int:
    """The threshold to come: the campaign's own goal when it is the nearest."""
    moving = next_threshold(total)
    return min(moving, fixed_goal) if fixed_goal and fixed_goal > total else moving
