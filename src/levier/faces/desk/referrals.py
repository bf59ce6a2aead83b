"""What links and other ways brought: who brought the most, and the tree of one signatory."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.common.typography import shown_name
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_moderating,
    petition_for_reading,
)
from levier.gathering.signing.enums import SignatureSource
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.queries.brought_by import (
    Brought,
    Referrer,
    SourceCount,
    branch_of,
    leaders,
    sources_of,
)

PARTNER = "par:"  # before a partner's slug, in the source code of its signatures
BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody in the tree, named as the reader may read it (P54)."""

    pk: int
    name: str
    place: str
    signature: Signature
    brought: Brought


@dataclass(frozen=True, kw_only=True)
class Way:
    """How signatures came."""

    name: str
    counted: int


@member_page
@require_safe
def referrals(request: HttpRequest, slug: str) -> HttpResponse:
    """Whose links brought the most, and by which ways signatures came."""
    place = petition_for_reading(user_of(request), slug)
    context = {
        "leaders": [_named(place, one) for one in leaders(place.petition)],
        "ways": _ways(place.petition, sources_of(place.petition)),
    }
    return page(request, "desk/referrals.html", context, place=place, here="referrals")


@member_page
@require_safe
def branch(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One signatory: by whom they came, and whom their link brought."""
    place = petition_for_moderating(user_of(request), slug)
    found = branch_of(place.petition, min(pk, BIGGEST_ID), after=_after(request))
    if found is None:
        raise Http404
    context = {
        "top": _named(place, found.top),
        "above": [_named(place, Referrer(signature=s, brought=Brought())) for s in found.above],
        "below": [_named(place, one) for one in found.below],
        "next": found.more,
        "is_first": not _after(request),
    }
    return page(request, "desk/branch.html", context, place=place, here="referrals")


def _after(request: HttpRequest) -> int:
    asked = request.GET.get("apres", "")
    return min(int(asked), BIGGEST_ID) if asked.isascii() and asked.isdecimal() else 0


def _named(place: Place, one: Referrer) -> Named:
    signature = one.signature
    if not signature.first_name:
        name = _("Nom effacé")
    elif place.can_see_names:
        name = f"{signature.first_name} {signature.last_name}".strip()
    else:
        name = shown_name(signature.first_name, signature.last_name)
    return Named(
        pk=signature.pk,
        name=name,
        place=signature.postcode or signature.country,
        signature=signature,
        brought=one.brought,
    )


def _ways(petition: Petition, counts: Iterable[SourceCount]) -> list[Way]:
    rows = Partner.objects.filter(petition=petition)
    partners = {f"{PARTNER}{slug}": name for slug, name in rows.values_list("slug", "name")}
    return [Way(name=_way(count, partners), counted=count.counted) for count in counts]


def _way(count: SourceCount, partners: dict[str, str]) -> str:
    known = dict(SignatureSource.choices)
    way = str(known.get(count.source, count.source)).capitalize()
    if not count.source_code or count.source == SignatureSource.IMPORT:
        return way
    if count.source_code in partners:
        return _("Partenaire : %(name)s") % {"name": partners[count.source_code]}
    return _("%(way)s : %(site)s") % {"way": way, "site": count.source_code}
