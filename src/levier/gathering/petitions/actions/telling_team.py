"""Telling the team, once each, what changes what they should do next."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.mails.team import send_closing_soon, send_goal_reached
from levier.gathering.petitions.models.advice import TeamNotice
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition

FRESH = timedelta(days=2)  # a worker that was away does not wake old stories
LAST_DAYS = timedelta(days=3)
AT_ONCE = 100
SMALLEST = 100  # thresholds under this many are told by the dashboard alone


@transaction.atomic
def tell_goals_reached(*, now: datetime) -> int:
    """One page of thresholds just crossed; of several at once, each team reads the highest.
    Returns how many were dealt with: call again while it returns a full page."""
    subject = Concat(Value("goal:"), Cast(OuterRef("threshold"), CharField()))
    told = TeamNotice.objects.filter(petition=OuterRef("petition"), subject=subject)
    found = list(
        Milestone.objects.filter(reached_at__gt=now - FRESH, threshold__gte=SMALLEST)
        .filter(~Exists(told))
        .select_related("petition__campaign__organisation")
        .order_by("petition", "threshold")[:AT_ONCE]
    )
    highest = {one.petition_id: one for one in found}
    for one in found:
        is_new = _note(one.petition, f"goal:{one.threshold}", now)
        if is_new and highest[one.petition_id] is one:
            send_goal_reached(one.petition, threshold=one.threshold)
    return len(found)


@transaction.atomic
def tell_closing_soon(*, now: datetime) -> int:
    """Petitions that close by themselves in the next days; a date moved is another date."""
    found = Petition.objects.filter(
        state=PetitionState.OPEN, closes_at__gt=now, closes_at__lte=now + LAST_DAYS
    ).select_related("campaign__organisation")
    told = 0
    for petition in found.order_by("pk"):
        day = petition.closes_at.date().isoformat() if petition.closes_at else ""
        if _note(petition, f"closing:{day}", now):
            send_closing_soon(petition)
            told += 1
    return told


def _note(petition: Petition, subject: str, now: datetime) -> bool:
    """Whether it was not told yet; two workers at once tell it once."""
    _notice, is_new = TeamNotice.objects.get_or_create(
        petition=petition, subject=subject, defaults={"at": now}
    )
    return is_new
