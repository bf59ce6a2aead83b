"""Asking for one's personal link (P29)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.private import see_other
from levier.faces.public.visits import count_visit
from levier.gathering.signing.actions.queue_my_link import queue_my_link
from levier.gathering.signing.errors import TooManyFromHere
from levier.gathering.signing.forms import LinkForm


@from_own_pages
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The same words whether the address is known or not."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        count_visit(request)
    except TooManyFromHere as refusal:
        form.add_error("email", str(refusal))
        return _page(request, form, status=429)
    queue_my_link(email=form.cleaned_data["email"], now=timezone.now())
    return see_other(reverse("me_sent"))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "public/me/sent.html", {"here": "me"})


def _page(request: HttpRequest, form: LinkForm, *, status: int = 200) -> HttpResponse:
    done = request.GET.get("fait", "")
    context = {"form": form, "here": "me", "erased": done == "effacement"}
    context["refused"] = done == "refus"
    response = render(request, "public/me/ask.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
