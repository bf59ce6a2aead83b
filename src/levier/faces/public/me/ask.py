"""Asking for one's personal link (P29)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from levier.faces.public.own_pages import from_own_pages
from levier.faces.public.private import see_other
from levier.gathering.signing.actions.request_my_link import request_my_link
from levier.gathering.signing.forms import LinkForm


@from_own_pages
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The same words whether the address is known or not."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request_my_link(email=form.cleaned_data["email"], now=timezone.now())
        return see_other(reverse("me_sent"))
    context = {"form": form, "here": "me", "erased": request.GET.get("fait") == "effacement"}
    response = render(request, "public/me/ask.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "public/me/sent.html", {"here": "me"})
