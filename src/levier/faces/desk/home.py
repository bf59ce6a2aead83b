"""Where the desk begins: one's petition, or one's petitions."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from levier.faces.desk.dashboard import dashboard_page
from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.reads import petitions_of
from levier.foundation.accounts.queries import memberships_of
from levier.foundation.accounts.rules import can_campaign, can_see_numbers
from levier.gathering.petitions.rules.gates import petition_for_following


@member_page
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The dashboard of one's only petition, else the list."""
    listed = petitions_of(user_of(request))
    if len(listed) == 1:
        return dashboard_page(request, petition_for_following(user_of(request), listed[0].slug))
    return _list(request)


@member_page
@require_safe
def petitions(request: HttpRequest) -> HttpResponse:
    """Every petition of one's organisations, with its state and count."""
    return _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    memberships = list(memberships_of(user))
    context = {
        "listed": petitions_of(user),
        "memberships": memberships,
        "sees_numbers": any(can_see_numbers(place) for place in memberships),
        "campaigning": [place for place in memberships if can_campaign(place)],
    }
    membership = memberships[0] if memberships else None
    return page(request, "desk/petitions.html", context, membership=membership, here="petitions")
