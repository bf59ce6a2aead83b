"""What is proposed to those who share the petition."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import latest_words
from levier.gathering.petitions.actions.sharing import set_share_texts
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.forms.sharing import ShareTextsForm
from levier.gathering.petitions.queries import share_texts_of
from levier.gathering.petitions.rules.gates import petition_for_editing


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def share_texts(request: HttpRequest, slug: str) -> HttpResponse:
    """A text per network; an empty one is ours again."""
    user = user_of(request)
    place = petition_for_editing(user, slug)
    petition = place.petition
    form = ShareTextsForm(
        request.POST or None,
        version=latest_words(petition),
        initial=share_texts_of(petition.pk),
    )
    if request.method == "POST" and form.is_valid():
        set_share_texts(petition=petition, texts=form.texts(), by=user, now=timezone.now())
        messages.success(request, _("C’est enregistré : ces mots sont proposés à qui signe."))
        return redirect("desk_share_texts", place.slug)
    context = {"form": form, "is_public": petition.state in PUBLIC}
    status = 422 if form.is_bound else 200
    return page(request, "desk/share_texts.html", context, place=place, here="share", status=status)
