"""« Intégrer » : the code for other sites, which may show it, and what each brought (P60)."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.actions.embedding import set_embed_sites
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.forms.sites import CodeForm, SitesForm
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import Place, petition_for_editing
from levier.gathering.petitions.rules.partners import sites_for
from levier.gathering.signing.queries.elsewhere import brought_from_elsewhere

OF_A_PARTNER = "par:"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of « what each brought »."""

    name: str
    is_partner: bool
    counted: int
    confirmed: int


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The code and its look are in the address; what is posted is the list of sites."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    listed = sites_for(place.petition, None)
    form = SitesForm(request.POST or None, initial={"sites": "\n".join(listed)})
    if request.method == "POST" and form.is_valid():
        origins = form.cleaned_data["sites"]
        set_embed_sites(petition=place.petition, origins=origins, by=user, now=timezone.now())
        messages.success(request, _("C’est enregistré. Les navigateurs le savent dans la minute."))
        return redirect("desk_embed", place.slug)
    code = CodeForm(request.GET or None, petition=place.petition)
    asked = code.asked() if code.is_bound else {}
    context = {
        "form": form,
        "code": code,
        "asked": asked,
        "script": script_code(place, asked),
        "frame": frame_code(place, asked),
        "preview_site": asked.get("site") or _shown_on(listed),
        "brought": _lines(place.petition),
        "is_public": place.petition.state in PUBLIC,
    }
    status = 422 if form.is_bound else 200
    return page(request, "desk/embed.html", context, place=place, here="embed", status=status)


def script_code(place: Place, asked: dict[str, str]) -> str:
    """The usual code: sizes itself, and leads to the page where scripts do not run."""
    said = "".join(f' data-{name}="{escape(value)}"' for name, value in asked.items())
    page_of = f"{settings.BASE_URL}/petitions/{place.slug}/"
    return (
        f'<script src="{settings.BASE_URL}/integrer/v1.js" data-petition="{place.slug}"{said} '
        f'async></script>\n<noscript><a href="{page_of}">{escape(place.title)}</a></noscript>'
    )


def frame_code(place: Place, asked: dict[str, str]) -> str:
    """The same without a script, at a height that does not change."""
    query = f"?{urlencode(asked)}" if asked else ""
    address = escape(f"{settings.BASE_URL}/integrer/{place.slug}/{query}")
    return (
        f'<iframe src="{address}" title="{escape(place.title)}" width="100%" height="1100" '
        'frameborder="0" loading="lazy"></iframe>'
    )


def _shown_on(listed: list[str]) -> str:
    """A site of the list, for the preview: on our own page, it would not be expected."""
    names = (origin.partition("://")[2] for origin in listed)
    return next((name.replace("*.", "www.") for name in names), "")


def _lines(petition: Petition) -> list[Line]:
    names = dict(Partner.objects.filter(petition=petition).values_list("slug", "name"))
    return [
        Line(
            name=names.get(one.code.removeprefix(OF_A_PARTNER), one.code),
            is_partner=one.code.startswith(OF_A_PARTNER),
            counted=one.counted,
            confirmed=one.confirmed,
        )
        for one in brought_from_elsewhere(petition)
    ]
