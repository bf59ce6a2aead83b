"""« Combien dans ma circonscription »: one page about one area, to hand to those it elects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from levier.foundation.common.areas.maps import drawings
from levier.foundation.common.pdf import kept_document, qr_code, said
from levier.foundation.common.typography import day, number
from levier.foundation.messaging.rules.addresses import petition_link
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.rules.addressees import addressee_of
from levier.gathering.signing.queries.by_area import AreaCount, CountryCount

LIGHT, DARK, LINE = "#eae0df", "#7a1450", "#fffdfb"


@dataclass(frozen=True, kw_only=True)
class Handed:
    """The figures of a sheet: those of an area large enough to be shown outside the team."""

    area: AreaCount
    country: CountryCount
    total: int  # of the petition, paper included


def area_sheet(
    petition: Petition, version: Version, slug: str, handed: Handed, *, now: datetime
) -> bytes:
    """A PDF of one page, without a name of anybody who signed."""
    address = petition_link(slug)
    addressee = addressee_of(petition)
    area = handed.area
    words = {
        "title": said(version.title),
        "ask": said(version.ask),
        "kicker": _("Pétition adressée à\u00a0: %(addressee)s") % {"addressee": addressee.in_full},
        "organisation": petition.campaign.organisation.name,
        "address": address,
        "short": address.split("://", 1)[1].rstrip("/"),
        "qr": qr_code(address),
        "area": f"{area.name} ({area.official_code})",
        "figure": number(area.counted),
        "signatures": ngettext("signature", "signatures", area.counted),
        "facts": _facts(handed),
        "map": _map(handed.country.code, area.code),
        "labels": {
            "asked": _("Ce qui est demandé"),
            "on": _("Le %(day)s") % {"day": day(now)},
            "notice": _(
                "Compté d’après le code postal donné en signant en ligne. Aucun nom n’est "
                "transmis\u00a0: signer une pétition peut dire une opinion."
            ),
        },
    }
    return kept_document("area.typ", words)


def _facts(handed: Handed) -> list[dict[str, str]]:
    """What gives the figure its size: the whole, the share, the rank."""
    area, country = handed.area, handed.country
    facts = [_fact(number(handed.total), _("signatures en tout, tous lieux confondus"))]
    if area.per_100_000 is not None:
        facts.append(_fact(_decimal(area.per_100_000), _("pour 100 000 habitants")))
    rank = 1 + sum(_size(other) > _size(area) for other in country.areas)
    place = f"{rank}er" if rank == 1 else f"{rank}e"
    if country.has_rates:
        by = _("%(kind)s par le nombre de signatures pour 100 000 habitants")
    else:
        by = _("%(kind)s par le nombre de signatures")
    return [*facts, _fact(place, by % {"kind": country.kind})]


def _size(area: AreaCount) -> float:
    return area.counted if area.per_100_000 is None else area.per_100_000


def _fact(figure: str, words: str) -> dict[str, str]:
    return {"figure": figure, "words": words}


def _decimal(value: float) -> str:
    whole, _point, tenth = f"{value:.1f}".partition(".")
    return f"{number(int(whole))},{tenth}"


def _map(country: str, area: str) -> str:
    """The country in outline, with the area filled; nothing where there is no drawing of it."""
    drawing: dict[str, Any] = drawings().get(country, {"paths": {}})
    outlines: dict[str, str] = drawing["paths"]
    if area not in outlines:
        return ""
    width, height = drawing["box"]
    shapes: Sequence[str] = [
        f'<path d="{outline}" fill="{DARK if code == area else LIGHT}" stroke="{LINE}"'
        ' stroke-width="2"/>'
        for code, outline in outlines.items()
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {width + 8} {height + 8}">'
    return f"{head}{''.join(shapes)}</svg>"
