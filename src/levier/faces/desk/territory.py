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
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    petition_for_reading,
)
from levier.gathering.signing.channels.area_sheet import Handed, area_sheet
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.by_area import (
    FEWEST,
    Territory,
    by_area,
    without_the_fewest,
)


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
        "handed": [
            area
            for country in without_the_fewest(found).countries
            for area in sorted(country.areas, key=lambda area: area.code)
        ],
    }
    return page(request, "desk/territory.html", context, place=place, here="territory")


@member_page
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The same figures as a file: counts, no names."""
    place = petition_for_reading(user_of(request), slug)
    return _file(place, "territoires", by_area(place.petition))


def _file(place: Place, name: str, found: Territory) -> HttpResponse:
    header = [_("pays"), _("code"), _("territoire"), _("signatures"), _("pour 100 000 habitants")]
    chunks = csv_chunks(header, _rows(found))
    response = HttpResponse(b"".join(chunks), content_type="text/csv; charset=utf-8")
    name = f"{name}-{place.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: Territory) -> Iterator[tuple[object, ...]]:
    for country in found.countries:
        for area in country.areas:
            rate = area.per_100_000
            said = "" if rate is None else f"{rate:.2f}".replace(".", ",")
            yield country.name, area.official_code, area.name, area.counted, said
        if country.few:
            yield country.name, "", _("autres, moins de 5 chacun"), country.few, ""
        if country.unplaced:
            yield country.name, "", area_name(country.code), country.unplaced, ""
    for elsewhere in found.elsewhere:
        yield elsewhere.name, "", elsewhere.name, elsewhere.counted, ""
    if found.few:
        yield "", "", _("autres pays, moins de 5 chacun"), found.few, ""
    if found.unknown:
        yield "", "", area_name(""), found.unknown, ""


@member_page
@require_safe
def handed(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be given to those who decide: the same, the fewest grouped."""
    place = petition_for_reading(user_of(request), slug)
    return _file(place, "elus", without_the_fewest(by_area(place.petition)))


@member_page
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """One page about one area, as a PDF to hand over."""
    place = petition_for_reading(user_of(request), slug)
    asked, version = request.GET.get("lieu", ""), place.petition.version
    found = without_the_fewest(by_area(place.petition))
    pairs = [(area, country) for country in found.countries for area in country.areas]
    chosen = next(((a, c) for a, c in pairs if a.code == asked), None)
    if chosen is None or version is None:
        messages.error(
            request,
            _("Pas de fiche pour ce territoire : il y faut au moins %(n)s signatures.")
            % {"n": FEWEST},
        )
        return redirect("desk_territory", place.slug)
    tally = Tally.objects.get(petition=place.petition)
    area, country = chosen
    figures = Handed(area=area, country=country, total=tally.counted + tally.paper)
    pdf = area_sheet(place.petition, version, place.slug, figures, now=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{place.slug}-{area.code}.pdf"'
    return response


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
