"""What petitions are about: the site's own list, for owners of the organisation that runs it."""

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.models import Membership
from levier.foundation.common.typography import number
from levier.gathering.petitions.actions.themes import (
    add_theme,
    move_theme,
    remove_theme,
    rename_theme,
)
from levier.gathering.petitions.errors import PetitionError
from levier.gathering.petitions.forms.theme import ThemeForm
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.queries import themes as themes_in_order
from levier.gathering.petitions.rules.site import site_for_running
from levier.gathering.petitions.rules.themes import theme_for_changing


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: HttpRequest) -> HttpResponse:
    """The list, how many petitions are under each, and one more."""
    user = user_of(request)
    membership = site_for_running(user)
    form = ThemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, now = form.cleaned_data["name"], timezone.now()
        try:
            add_theme(name=name, site=membership.organisation, by=user, now=now)
        except PetitionError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Le thème est dans la liste, à la fin."))
            return redirect("desk_themes")
    return _page(request, membership, form)


@member_page
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, the same petitions and the same address."""
    user = user_of(request)
    theme, membership = theme_for_changing(user, pk)
    form, was = ThemeForm(request.POST, prefix=str(pk)), theme.name
    name = form.cleaned_data["name"] if form.is_valid() else ""
    try:
        rename_theme(
            theme=theme, name=name, site=membership.organisation, by=user, now=timezone.now()
        )
    except PetitionError as error:
        form.add_error("name", str(error))
        return _page(request, membership, ThemeForm(), wrong=form)
    messages.success(request, _("« %(was)s » est renommé.") % {"was": was})
    return redirect("desk_themes")


@member_page
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down in the list that readers see."""
    user = user_of(request)
    theme, membership = theme_for_changing(user, pk)
    up = request.POST.get("vers") != "bas"
    move_theme(theme=theme, up=up, site=membership.organisation, by=user, now=timezone.now())
    return redirect(f"{reverse('desk_themes')}#theme-{pk}")


@member_page
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of the list; its petitions stay, without a theme."""
    user = user_of(request)
    theme, membership = theme_for_changing(user, pk)
    left = remove_theme(theme=theme, site=membership.organisation, by=user, now=timezone.now())
    said = ngettext(
        "« %(name)s » est supprimé. %(n)s pétition reste, sans thème.",
        "« %(name)s » est supprimé. %(n)s pétitions restent, sans thème.",
        left,
    )
    messages.success(request, said % {"name": theme.name, "n": number(left)})
    return redirect("desk_themes")


def _page(
    request: HttpRequest, membership: Membership, form: ThemeForm, wrong: ThemeForm | None = None
) -> HttpResponse:
    under = Petition.objects.filter(theme=OuterRef("pk")).order_by().values("theme")
    listed = themes_in_order().annotate(
        petitions=Subquery(under.annotate(n=Count("pk")).values("n"))
    )
    rows = [(theme, _form_of(theme.pk, theme.name, wrong)) for theme in listed]
    context = {"rows": rows, "form": form, "wrong": wrong or (form if form.errors else None)}
    return page(
        request,
        "desk/themes.html",
        context,
        membership=membership,
        here="settings",
        status=422 if context["wrong"] else 200,
    )


def _form_of(pk: int, name: str, wrong: ThemeForm | None) -> ThemeForm:
    if wrong is not None and wrong.prefix == str(pk):
        return wrong
    return ThemeForm(prefix=str(pk), initial={"name": name})
