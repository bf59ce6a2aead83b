"""Where the signatures come from: a map and a table for the team, and what it may hand over."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.areas.names import area_name
from levier.foundation.common.csv_export import csv_chunks
from levier.gathering.petitions.actions.territory import hide_territory, show_territory
from levier.gathering.petitions.models.territory import PublicTerritory
from levier.gathering.petitions.rules.gates import petition_for_editing, petition_for_reading
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.by_area import FEWEST, Territory, by_area


@member_page
@require_safe
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    """Every country with somebody in it, the most first. As many statements for one as for all."""
    place = petition_for_reading(user_of(request), slug)
    found = by_area(place.petition)
    tally = Tally.objects.filter(petition=place.petition).first()
    context = {
        "territory": found,
        "late": abs((tally.counted if tally else 0) - found.counted),
        "paper": tally.paper if tally else 0,
        "shown": PublicTerritory.objects.filter(petition=place.petition).exists(),
        "fewest": FEWEST,
    }
    return page(request, "desk/territory.html", context, place=place, here="territory")


@member_page
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same figures as a file: counts, no names."""
    place = petition_for_reading(user_of(request), slug)
    header = [_("pays"), _("code"), _("territoire"), _("signatures"), _("pour 100 000 habitants")]
    chunks = csv_chunks(header, _rows(by_area(place.petition)))
    response = HttpResponse(b"".join(chunks), content_type="text/csv; charset=utf-8")
    name = f"territoires-{place.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: Territory) -> Iterator[tuple[object, ...]]:
    for country in found.countries:
        for area in country.areas:
            rate = area.per_100_000
            said = "" if rate is None else f"{rate:.2f}".replace(".", ",")
            yield country.name, area.official_code, area.name, area.counted, said
        if country.unplaced:
            yield country.name, "", area_name(country.code), country.unplaced, ""
    for elsewhere in found.elsewhere:
        yield elsewhere.name, "", elsewhere.name, elsewhere.counted, ""
    if found.unknown:
        yield "", "", area_name(""), found.unknown, ""


@member_page
@require_POST
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Give everyone the map."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    show_territory(petition=place.petition, by=user, now=timezone.now())
    messages.success(request, _("La carte est publique. La page de la pétition y mène."))
    return redirect("desk_territory", place.slug)


@member_page
@require_POST
def hide(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the map for the team."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    hide_territory(petition=place.petition, by=user, now=timezone.now())
    messages.success(request, _("La carte n’est plus publique."))
    return redirect("desk_territory", place.slug)
