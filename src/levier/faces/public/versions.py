"""What changed from one dated text of a petition to another (P6)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from levier.faces.public.pages import fresh, page_or_404
from levier.foundation.common.text_changes import (
    Paragraph,
    changes,
    has_changed,
    paragraphs_of,
)
from levier.gathering.petitions.models.petition import Version
from levier.gathering.petitions.queries import versions_of


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a text, with what changed in it."""

    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def changed(self) -> bool:
        return has_changed(self.paragraphs)


@gzip_page
@require_safe
def version_changes(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    """From the version before, or from the one named by `?depuis=`."""
    page = page_or_404(slug)
    if page.slug != slug:
        return redirect("version_changes", slug=page.slug, n=n, permanent=True)
    versions = {version.n: version for version in versions_of(page.petition)}
    asked = request.GET.get("depuis", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else n - 1
    if n not in versions or since not in versions or since == n:
        raise Http404
    before, after = (versions[min(since, n)], versions[max(since, n)])
    context = {
        "page": page,
        "slug": page.slug,
        "before": before,
        "after": after,
        "parts": parts_between(before, after),
        "others": [one for one in versions.values() if one.n < after.n],
    }
    return fresh(render(request, "public/pages/version_changes.html", context))


def parts_between(before: Version, after: Version) -> list[Part]:
    """Title, demand, text and picture, each with what changed in it."""
    said = (
        (_("Titre"), (before.title,), (after.title,)),
        (_("Demande"), (before.ask,), (after.ask,)),
        (_("Texte"), paragraphs_of(before.story), paragraphs_of(after.story)),
        (_("Image"), _picture(before), _picture(after)),
    )
    return [
        Part(title=title, paragraphs=changes(old, new)) for title, old, new in said if old or new
    ]


def _picture(version: Version) -> tuple[str, ...]:
    """What is said of the picture; another file with the same words is another picture."""
    if not version.image:
        return ()
    mark = version.image.rpartition("/")[2].partition(".")[0][:8]
    said = (version.image_alt, version.image_credit, _("fichier %(mark)s") % {"mark": mark})
    return tuple(text for text in said if text)
