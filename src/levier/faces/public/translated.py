"""A petition's page in another language: its words, one count, the same form."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.faces.public.pages import fresh, looks_like_a_code, page_or_404
from levier.faces.public.petition import KEPT, REF_PLACE, page_context
from levier.faces.public.sharing import absolute, mailto, text_message
from levier.foundation.common.languages import Language, language_at
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.queries import PetitionPage, translations_of


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A version as it reads in another language."""

    n: int
    title: str
    ask: str
    story: str
    published_at: datetime | None


@gzip_page
@require_safe
def translated(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The page, its text in that language; the rest stays in French."""
    spoken = language_at(language)
    if spoken is None:
        raise Http404
    key = f"petition-page-in:{language}:{slug}"
    if (body := cache.get(key)) is None:
        page = page_or_404(slug)
        if page.slug != slug:
            return _moved(request, page.slug, language)
        body = render_to_string("public/pages/petition.html", _context(page, spoken))
        cache.set(key, body, KEPT)
    code = request.GET.get("ref", "")
    return fresh(HttpResponse(body.replace(REF_PLACE, code if looks_like_a_code(code) else "")))


def _context(page: PetitionPage, spoken: Language) -> dict[str, Any]:
    said = translations_of(page.petition).filter(language=spoken.code).first()
    if said is None:
        raise Http404
    context = page_context(page, now=timezone.now())
    address = absolute(reverse("petition_in", args=[page.slug, spoken.code]))
    picture = context["picture"]
    return {
        **context,
        "version": _reading(page, said),
        "spoken": spoken,
        "outdated": said.version_id != page.version.pk,
        "translated_on": said.published_at,
        "address": address,
        "picture": replace(picture, alternative=said.image_alt or picture.alternative)
        if picture
        else None,
        "mailto": mailto(said.title, f"{said.ask}\n\n{address}"),
        "text_message": text_message(f"{said.title} {address}"),
    }


def _reading(page: PetitionPage, said: Translation) -> Reading:
    version = page.version
    return Reading(
        n=version.n,
        title=said.title,
        ask=said.ask,
        story=said.story,
        published_at=version.published_at,
    )


def _moved(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    address = reverse("petition_in", args=[slug, language]) + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address)
