"""« Et maintenant ? »: what to do with a petition in the first hour."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.public.pages import secret
from levier.faces.public.sharing import mailto, petition_address, places, qr_drawing
from levier.foundation.accounts.errors import Hidden, NotAllowed
from levier.foundation.accounts.models import User
from levier.foundation.common.typography import french_spaces
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.rules.gates import petition_for_following

FIRST = 10  # signatures that come from people one knows


@require_safe
def launched(request: HttpRequest, slug: str) -> HttpResponse:
    """For its author and its team: shared, printed, or waiting to be read."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path(), "account_login")
    try:
        place = petition_for_following(request.user, slug)
    except (Hidden, NotAllowed) as error:
        raise Http404 from error
    address, title = petition_address(place.slug), french_spaces(place.title)
    letter = _("Bonjour,\n\nJe viens de lancer « %(title)s ». Tu signes ?\n\n%(address)s") % {
        "title": title,
        "address": address,
    }
    context = {
        "here": "launch",
        "place": place,
        "petition": place.petition,
        "is_open": place.petition.state in PUBLIC,
        "address": address,
        "mailto": mailto(title, letter),
        "letter": letter,
        "places": places(title, address),
        "qr": qr_drawing(address),
        "first": range(1, FIRST + 1),
    }
    return secret(render(request, "public/launch/launched.html", context))
