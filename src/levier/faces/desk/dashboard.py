"""One petition at a glance: the thread, what to do, the figures, the curve, the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from levier.faces.desk.advice import facts_of, postponed_steps
from levier.faces.desk.alerts import shown_alerts
from levier.faces.desk.doors import member_page, page, user_of
from levier.faces.desk.next_step.choice import next_steps
from levier.faces.desk.next_step.situation import Situation
from levier.faces.desk.reads import (
    comment_counts,
    comments_in,
    milestones_of,
)
from levier.faces.desk.thread import thread_of
from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.common.charts import Curve, cumulative_curve
from levier.foundation.common.typography import day, number, shown_name
from levier.gathering.petitions.enums import PUBLISHED, CommentState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.victory import Victory
from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.petitions.rules.gates import Place, petition_for_following
from levier.gathering.petitions.rules.goals import next_goal, next_threshold, thresholds
from levier.gathering.signing.models.signature import Signature
from levier.gathering.signing.models.tally import Tally
from levier.gathering.signing.queries.curve import days_of
from levier.gathering.signing.queries.listing import latest_signatures, pending_count
from levier.gathering.updates.queries.published import published_of
from levier.gathering.updates.queries.windows import next_window
from levier.gathering.updates.rules.advice import silence_line
from levier.gathering.updates.rules.gates import can_write

LAST = 6  # signatories shown
WORDS = 3  # comments shown
ALERTS = 3
NEWS = 2  # updates shown
PASSED = 2  # milestones shown before the next one
DAYS_IN_TABLE = 31


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody who signed, as the team reads it at a glance (P54)."""

    name: str
    place: str
    at: datetime


@member_page
@require_safe
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """The dashboard of a petition; an old address leads to the current one."""
    place = petition_for_following(user_of(request), slug)
    if place.slug != slug:
        return redirect("desk_petition", place.slug)
    return dashboard_page(request, place)


def dashboard_page(request: HttpRequest, place: Place) -> HttpResponse:
    """The same, for whoever already passed the gate."""
    now, petition = timezone.now(), place.petition
    tally = Tally.objects.filter(petition=petition).first()
    journal = days_of(
        petition, counted=tally.counted if tally else 0, today=timezone.localdate(now)
    )
    days, comments = journal.counts, comment_counts(petition)
    situation = _situation(place, tally, days, comments, now)
    victory = Victory.objects.filter(petition=petition).first()
    steps = next_steps(situation, postponed_steps(petition, now=now))
    context = {
        "now": now,
        "step": steps[0],
        "others": steps[1:],
        "alerts": shown_alerts(petition, place.slug)[:ALERTS] if place.can_moderate else [],
        "situation": situation,
        "tally": tally,
        "thread": thread_of(place, tally, victory),
        "pending": _pending(petition, tally),
        "held": situation.held,
        "curve": _curve(petition, days, situation, now),
        "figures": _table(days, now),
        "late": abs(journal.late),
        "milestones": list(milestones_of(petition))[-PASSED:],
        "goal": situation.goal,
        "missing": max(situation.goal - situation.total, 0),
        "signatories": []
        if place.is_author
        else [signatory(s) for s in latest_signatures(petition, limit=LAST)],
        "comments": [] if place.is_author else comments_in(petition, CommentState.WAITING)[:WORDS],
        "waiting": situation.waiting_comments,
        "news": list(published_of(petition)[:NEWS]),
        "next": next_window(petition, now=now),
        "may_tell": can_write(place),
        "address": f"{settings.BASE_URL}/petitions/{place.slug}/",
        "is_published": petition.state in PUBLISHED,
    }
    return page(request, "desk/petition/dashboard.html", context, place=place, here="dashboard")


def signatory(signature: Signature) -> Signatory:
    """« Camille R., 35000 »."""
    return Signatory(
        name=shown_name(signature.first_name, signature.last_name),
        place=signature.postcode or signature.country,
        at=signature.signed_at,
    )


def _situation(
    place: Place,
    tally: Tally | None,
    days: Sequence[tuple[date, int]],
    comments: dict[str, int],
    now: datetime,
) -> Situation:
    total = tally.counted + tally.paper if tally else 0
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    return Situation(
        slug=place.slug,
        state=place.petition.state,
        now=now,
        closes_at=place.petition.closes_at,
        total=total,
        confirmed=tally.confirmed if tally else 0,
        held=tally.held if tally else 0,
        waiting_comments=comments.get(CommentState.WAITING, 0),
        goal=next_goal(total, place.petition.fixed_goal),
        this_week=sum(n for when, n in days if when >= monday),
        may_edit=place.can_edit,
        may_moderate=place.can_moderate,
        silence=silence_line(place.petition, now=now),
        **vars(facts_of(place.petition, now=now)),
    )


def _pending(petition: Petition, tally: Tally | None) -> int:
    """How many signatures wait for their owner's confirmation."""
    if tally is None:
        return 0
    if in_force(petition, "count_policy") == CountPolicy.CONFIRMED:
        return pending_count(petition)
    return tally.counted - tally.confirmed


def _curve(
    petition: Petition, days: Sequence[tuple[date, int]], situation: Situation, now: datetime
) -> Curve | None:
    """Cumulative signatures by day, up to today, ending at the count everyone reads."""
    if petition.published_at is None or not days:
        return None
    points = cumulative(days, today=timezone.localdate(now))
    points[-1] = (points[-1][0], situation.total)
    goals = _passed_thresholds(situation.total)[-2:]
    said = _("Courbe des signatures du %(first)s au %(last)s : de 0 à %(total)s.") % {
        "first": day(points[0][0]),
        "last": day(points[-1][0]),
        "total": number(situation.total),
    }
    return cumulative_curve(points, goals=[*goals, next_threshold(situation.total)], said=said)


def _passed_thresholds(total: int) -> list[int]:
    passed: list[int] = []
    for threshold in thresholds():
        if threshold > total:
            return passed
        passed.append(threshold)
    return passed


def cumulative(days: Sequence[tuple[date, int]], *, today: date) -> list[tuple[date, int]]:
    """Every day from the eve of the first one to today, with the total reached that evening."""
    counts = dict(days)
    first, last = min(counts) - timedelta(days=1), max(today, *counts)
    total, points = 0, []
    for n in range((last - first).days + 1):
        when = first + timedelta(days=n)
        total += counts.get(when, 0)
        points.append((when, total))
    return points


def _table(days: Sequence[tuple[date, int]], now: datetime) -> list[dict[str, Any]]:
    """The last days, or the months of a long petition, with their totals: what the curve shows."""
    if not days:
        return []
    points = cumulative(days, today=timezone.localdate(now))[1:]
    monthly = len(points) > DAYS_IN_TABLE
    kept = [p for p, following in pairwise(points) if p[0].month != following[0].month]
    rows = [*kept, points[-1]] if monthly else points
    return [{"day": when, "total": total} for when, total in rows]
