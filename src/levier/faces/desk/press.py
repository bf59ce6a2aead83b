"""What the press said: read a page, add it, take it away."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.gathering.petitions.actions.press import add_press_link, remove_press_link
from levier.gathering.petitions.channels.press_page import Unreachable, read_press_page
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.press import PressAddressForm, PressForm
from levier.gathering.petitions.queries import press_links
from levier.gathering.petitions.rules.gates import (
    Place,
    petition_for_editing,
    press_link_for_editing,
)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def press(request: HttpRequest, slug: str) -> HttpResponse:
    """The links there are, and a form for one more; only the address is needed to begin."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    form = PressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_press_link(
                petition=place.petition, mention=form.mention(), by=user, now=timezone.now()
            )
        except PetitionError as error:
            form.add_error("url", str(error))
        else:
            messages.success(request, _("L’article est sur la page de la pétition."))
            return redirect("desk_press", place.slug)
    return _page(request, place, form, read=form.is_bound)


# The page is read before any transaction: none waits for somebody else's server.
@transaction.non_atomic_requests
@member_page
@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Read the page and propose its title, its day and its picture; nothing is added yet."""
    place = petition_for_editing(user_of(request), slug)
    asked = PressAddressForm(request.POST)
    if not asked.is_valid():
        return _page(request, place, asked, read=False, status=422)
    url = asked.cleaned_data["url"]
    try:
        found = read_press_page(url)
    except Unreachable:
        messages.error(
            request, _("Cette page n’a pas pu être lue d’ici : écrivez vous-même ce qui suit.")
        )
        form = PressForm(initial={"url": url})
    else:
        form = PressForm(initial={"url": url, **vars(found)})
    return _page(request, place, form, read=True)


@member_page
@require_POST
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show it no more."""
    user = user_of(request)
    place, link = press_link_for_editing(user, slug, pk)
    remove_press_link(link=link, by=user, now=timezone.now())
    messages.success(request, _("L’article n’est plus sur la page de la pétition."))
    return redirect("desk_press", place.slug)


def _page(
    request: HttpRequest,
    place: Place,
    form: PressAddressForm,
    *,
    read: bool,
    status: int | None = None,
) -> HttpResponse:
    image = form.shown_image() if isinstance(form, PressForm) else ""
    context = {
        "form": form,
        "read": read,
        "image": f"{settings.MEDIA_URL}{image}" if image else "",
        "links": press_links(place.petition),
        "media": settings.MEDIA_URL,
    }
    code = status or (422 if form.is_bound else 200)
    return page(request, "desk/press.html", context, place=place, here="press", status=code)
