"""The signatures as they are handed to who decides: online and paper apart (P56, P65)."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.foundation.accounts.errors import NotAllowed
from levier.gathering.petitions.rules.gates import Place, petition_for_moderating
from levier.gathering.signing.actions.make_dossier import make_dossier
from levier.gathering.signing.queries.dossier import List, Names, volume_at, volumes_of

CHOICES = [
    (Names.INITIALS, _("Prénom et initiale : « Paul T. »")),
    (Names.NONE, _("Aucun nom : les numéros et les départements")),
    (Names.FULL, _("Noms complets")),
]


class NamesForm(forms.Form):
    """How much of each name is told; whole names only by who may take them out of here."""

    names = forms.ChoiceField(label=_("Noms"), widget=forms.RadioSelect, initial=Names.INITIALS)

    def __init__(self, *args: object, full: bool, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        allowed = [choice for choice in CHOICES if full or choice[0] != Names.FULL]
        self.fields["names"].choices = allowed  # type: ignore[attr-defined]


@member_page
@require_safe
def dossier(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to make, and why names are given with care."""
    place = petition_for_moderating(user_of(request), slug)
    volumes = volumes_of(place.petition)
    context = {
        "form": NamesForm(full=place.can_export),
        "online": volumes[List.ONLINE],
        "paper": volumes[List.PAPER],
    }
    return page(request, "desk/dossier.html", context, place=place, here="dossier")


@member_page
@require_POST
def volume(request: HttpRequest, slug: str, of: str, nth: int) -> HttpResponse:
    """One PDF. A POST, because taking names out of here is written down."""
    user = user_of(request)
    place = petition_for_moderating(user, slug)
    wanted = volume_at(place.petition, of, nth)
    version = place.petition.version
    if wanted is None or version is None:
        raise Http404
    made = make_dossier(
        petition=place.petition,
        version=version,
        slug=place.slug,
        volume=wanted,
        names=_names(request, place),
        by=user,
        now=timezone.now(),
    )
    response = HttpResponse(made, content_type="application/pdf")
    name = f"signatures-{place.slug}-{of}-{nth}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _names(request: HttpRequest, place: Place) -> Names:
    """What was chosen; the least that tells anything when it was nothing."""
    form = NamesForm(request.POST, full=place.can_export)
    if form.is_valid():
        return Names(form.cleaned_data["names"])
    if request.POST.get("names") == Names.FULL:
        raise NotAllowed
    return Names.INITIALS
