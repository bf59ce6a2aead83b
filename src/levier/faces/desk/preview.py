"""The page as the public would see it, for the team and the author alone (P5, P7)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import latest_words, mandate_of
from levier.foundation.common.countries import country_names
from levier.gathering.petitions.actions.publishing import is_complete
from levier.gathering.petitions.enums import PUBLIC
from levier.gathering.petitions.rules.choices import terms_of
from levier.gathering.petitions.rules.concreteness import concreteness
from levier.gathering.petitions.rules.consents import consent_sentences
from levier.gathering.petitions.rules.gates import petition_for_following
from levier.gathering.petitions.rules.previews import preview_path
from levier.gathering.petitions.rules.reviewers import reviews_of


@member_page
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The latest words, published or not, with what still lacks and the button to publish."""
    place = petition_for_following(user_of(request), slug)
    petition = place.petition
    version = latest_words(petition)
    family = petition.addressee_person.family_name if petition.addressee_person else ""
    context = {
        "version": version,
        "mandate": mandate_of(petition),
        "complete": is_complete(petition, version),
        "missing": concreteness(version.ask, deciders=[family]),
        "terms": terms_of(petition),
        "consents": consent_sentences(terms_of(petition)),
        "is_public": petition.state in PUBLIC,
        "country": country_names().get(petition.country, petition.country),
        "look": preview_path(petition, now=timezone.now()),
        "past": reviews_of(petition) if petition.is_supporters else [],
        "address": f"{settings.BASE_URL}/petitions/{place.slug}/",
    }
    return page(request, "desk/petition/preview.html", context, place=place, here="edit")
