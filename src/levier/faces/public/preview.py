"""A petition's latest words as the public would read them, for whoever has the sealed link (P5)."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from levier.faces.public.pages import secret
from levier.faces.public.unpublished import (
    as_opened,
    unpublished_card,
    unpublished_mail,
    unpublished_page,
)
from levier.foundation.common.tokens import BadToken
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.queries import PAGE_WITH, PetitionPage, desk_slug
from levier.gathering.petitions.rules.previews import petition_in

Shown = Callable[[PetitionPage], HttpResponse]


def by_link(shown: Shown) -> Callable[..., HttpResponse]:
    """404 for a link that opens nothing any more; what it opens is kept by nobody."""

    @wraps(shown)
    def view(request: HttpRequest, token: str) -> HttpResponse:
        now = timezone.now()
        try:
            pk = petition_in(token, now=now)
        except BadToken as error:
            raise Http404 from error
        loaded = [name.removeprefix("petition__") for name in PAGE_WITH]
        petition = Petition.objects.select_related(*loaded).filter(pk=pk).first()
        if petition is None or petition.state == PetitionState.REMOVED:
            raise Http404
        version = Version.objects.filter(petition=petition).latest("n")
        slug = desk_slug(petition)
        return secret(shown(as_opened(petition, version, slug, now=now)))

    return require_safe(view)


page = by_link(unpublished_page)
card = by_link(unpublished_card)
mail = by_link(unpublished_mail)
