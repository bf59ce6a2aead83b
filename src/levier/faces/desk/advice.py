"""What the next steps are made from, and putting one off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from levier.faces.desk.doors import member_page, user_of
from levier.faces.desk.next_step.choice import POSTPONABLE
from levier.foundation.accounts.errors import NotAllowed
from levier.foundation.directory.models import ContactDetail
from levier.gathering.petitions.actions.postponing import postpone_step
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.advice import PostponedStep
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.partner import Partner
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.petitions.models.translation import Translation
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.petitions.rules.gates import petition_for_reading
from levier.gathering.signing.models.alert import Alert
from levier.gathering.signing.models.journals import AreaTally
from levier.gathering.signing.models.paper import PaperSheet
from levier.gathering.signing.queries.alerts import STALE

# Countries where French is read by most: a translation would bring nobody there.
FRENCH_SPEAKING = (
    *("FR", "BE", "CH", "LU", "MC", "CA", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC"),
    *("PF", "WF", "SN", "CI", "ML", "BF", "NE", "TG", "BJ", "CM", "GA", "CG", "CD", "TD", "CF"),
    *("GN", "DJ", "KM", "MG", "HT", "DZ", "TN", "MA"),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a petition has, and what was put off."""

    alerts: int
    has_victory: bool
    has_image: bool
    has_addressee: bool
    has_paper: bool
    has_partner: bool
    has_featured: bool  # or nothing that could be
    has_press: bool
    has_translation: bool
    has_contact: bool  # of whoever it is addressed to
    abroad: int  # signatures from where French is not the language


def facts_of(petition: Petition, *, now: datetime) -> Facts:
    """Two statements, whatever there is."""
    own = {"petition": OuterRef("pk")}
    published = Comment.objects.filter(**own, state=CommentState.PUBLISHED)
    of_addressee = Q(post=OuterRef("addressee_post")) | Q(person=OuterRef("addressee_person"))
    translated = Translation.objects.filter(version__petition=OuterRef("pk"))
    illustrated = Version.objects.filter(**own).exclude(image="")
    found: dict[str, Any] = dict(
        Petition.objects.filter(pk=petition.pk)
        .values(
            victory=Exists(Victory.objects.filter(**own)),
            image=Exists(illustrated),
            paper=Exists(PaperSheet.objects.filter(**own)),
            partner=Exists(Partner.objects.filter(**own)),
            featured=Exists(published.filter(featured_at__isnull=False)) | ~Exists(published),
            press=Exists(PressLink.objects.filter(**own)),
            translation=Exists(translated),
            contact=Exists(ContactDetail.objects.filter(of_addressee)),
            abroad=Subquery(_abroad(own)),
            addressee=Q(addressee_post__isnull=False) | Q(addressee_person__isnull=False),
        )
        .get()
    )
    abroad = found.pop("abroad") or 0
    alerts = Alert.objects.filter(petition=petition, dismissed_at=None, seen_at__gt=now - STALE)
    has = {f"has_{name}": bool(found[name]) for name in found}
    return Facts(alerts=alerts.count(), abroad=abroad, **has)


def _abroad(own: dict[str, OuterRef]) -> Any:
    places = AreaTally.objects.filter(**own).annotate(country=Left("area", 2))
    foreign = places.exclude(country__in=FRENCH_SPEAKING).order_by().values("petition")
    return foreign.annotate(n=Sum("counted")).values("n")


def postponed_steps(petition: Petition, *, now: datetime) -> set[str]:
    """The keys of the steps put off until later than now."""
    steps = PostponedStep.objects.filter(petition=petition, until__gt=now)
    return set(steps.values_list("step", flat=True))


@member_page
@require_POST
def postpone(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Advise it again in a week."""
    user = user_of(request)
    place = petition_for_reading(user, slug)
    if not place.can_put_off:
        raise NotAllowed
    if key not in POSTPONABLE:
        raise Http404
    postpone_step(petition=place.petition, step=key, by=user, now=timezone.now())
    messages.success(request, _("C’est remis à plus tard : ce conseil reviendra dans une semaine."))
    return redirect("desk_petition", place.slug)
