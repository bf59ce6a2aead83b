"""The words of signatories: read, publish, hide, show first (P52, P53)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import (
    comment_counts,
    comments_allowed,
    comments_in,
    comments_reported,
)
from levier.gathering.petitions.actions import moderation
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.rules.gates import (
    comment_for_moderating,
    petition_for_moderating,
)

PER_PAGE = 20
TABS: dict[str, tuple[str, Any, Callable[[Petition], QuerySet[Comment]]]] = {
    "a-relire": (
        CommentState.WAITING,
        _("À relire"),
        partial(comments_in, state=CommentState.WAITING),
    ),
    "signales": ("reported", _("Signalés"), comments_reported),
    "publies": (
        CommentState.PUBLISHED,
        _("Publiés"),
        partial(comments_in, state=CommentState.PUBLISHED),
    ),
    "presse": ("for_press", _("Pour la presse"), partial(comments_allowed, use="for_press")),
    "dossier": ("for_dossier", _("Pour le dossier"), partial(comments_allowed, use="for_dossier")),
    "masques": (
        CommentState.HIDDEN,
        _("Masqués"),
        partial(comments_in, state=CommentState.HIDDEN),
    ),
}


@member_page
@require_safe
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """One tab at a time, twenty by twenty."""
    place = petition_for_moderating(user_of(request), slug)
    chosen = request.GET.get("etat", "")
    tab = chosen if chosen in TABS else "a-relire"
    counts = comment_counts(place.petition)
    found = Paginator(TABS[tab][2](place.petition), PER_PAGE)
    context = {
        "tab": tab,
        "tabs": [(name, label, counts[counted]) for name, (counted, label, _rows) in TABS.items()],
        "comments": found.get_page(request.GET.get("page")),
    }
    return page(request, "desk/comments.html", context, place=place, here="comments")


@member_page
@require_POST
def keep(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave it where it is, in spite of reports."""
    return _done(request, slug, pk, moderation.keep_comment, _("Le commentaire reste publié."))


@member_page
@require_POST
def approve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let anyone read it."""
    return _done(request, slug, pk, moderation.approve_comment, _("Le commentaire est publié."))


@member_page
@require_POST
def hide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let nobody read it."""
    return _done(request, slug, pk, moderation.hide_comment, _("Le commentaire est masqué."))


@member_page
@require_POST
def feature(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show it before the others."""
    said = _("Le commentaire passe devant les autres.")
    return _done(request, slug, pk, moderation.feature_comment, said)


@member_page
@require_POST
def unfeature(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give it back its place."""
    said = _("Le commentaire reprend sa place.")
    return _done(request, slug, pk, moderation.unfeature_comment, said)


def _done(
    request: HttpRequest, slug: str, pk: int, action: Callable[..., Any], said: Any
) -> HttpResponse:
    user = user_of(request)
    place, comment = comment_for_moderating(user, slug, pk)
    try:
        action(comment=comment, by=user, now=timezone.now())
    except PetitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    back = request.POST.get("retour", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk_comments", args=[place.slug])
    return redirect(back)
