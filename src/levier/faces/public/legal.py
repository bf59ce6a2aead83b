"""Who publishes, what is kept of people, how accessible the site is; robots.txt."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.gathering.petitions.queries import publishers


@gzip_page
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    return _words(request, "personal_data")


@gzip_page
@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    return _words(request, "legal_notice")


@gzip_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _words(request, "accessibility")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = (
        *("/tableau-de-bord/", "/connexion/", "/moi/", "/apercu/"),
        *("/confirmer/", "/desabonnement/"),
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _words(request: HttpRequest, page: str) -> HttpResponse:
    context = {
        "publishers": publishers(),
        "base_url": settings.BASE_URL,
        "hosted_by": settings.HOSTED_BY,
    }
    response = render(request, f"public/pages/{page}.html", context)
    patch_cache_control(response, public=True, max_age=300)
    return response
