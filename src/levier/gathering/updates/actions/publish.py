from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import User
from levier.foundation.messaging.rules.preflight.gate import preflight_of
from levier.gathering.petitions.actions.press import Mention, add_press_link
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PressLink
from levier.gathering.updates.actions.begin_sending import begin_sending
from levier.gathering.updates.actions.locking import audit, lock_ask, lock_petition
from levier.gathering.updates.enums import WRITABLE, UpdateState
from levier.gathering.updates.errors import (
    ChangedMeanwhile,
    NotApproved,
    NotWhole,
    PastHour,
    SenderNotReady,
    TooSoon,
    WrongState,
)
from levier.gathering.updates.mails.update import check_letter
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.windows import in_the_way, next_window
from levier.gathering.updates.rules.card import card_in
from levier.gathering.updates.rules.review import awaits_approval
from levier.gathering.updates.rules.whole import has_card, missing_in

RELEASE = "updates.release"


@transaction.atomic
def publish(
    *,
    update: Update,
    release_at: datetime | None = None,
    edition: int | None = None,
    by: User,
    now: datetime,
) -> Update:
    """Let a draft leave, at once or at an hour to come, never within 24 hours of another one of
    the petition (U16); the article it shows joins « Revue de presse » (U7).

    `edition` is the one that was read before deciding. Nothing is changed when it raises TooSoon,
    NotWhole, NotApproved, PastHour, ChangedMeanwhile, WrongState, SenderNotReady (J23), or
    MissingVariable (U33).
    """
    petition = lock_petition(update.petition_id)
    ask = lock_ask(update.pk)
    draft = ask.update
    if draft.state not in WRITABLE:
        raise WrongState
    if edition is not None and draft.edition != edition:
        raise ChangedMeanwhile(ask, None, None)
    if missing := missing_in(draft, ask):
        raise NotWhole(missing)
    if awaits_approval(draft):
        raise NotApproved
    at = check_hour(petition, release_at, now=now)
    organisation = petition.campaign.organisation
    if blocking := [one for one in preflight_of(organisation, now=now) if one.blocks]:
        raise SenderNotReady(blocking)
    check_letter(ask, now=now)
    draft.press_link = _press_link(draft, by, now)
    draft.state, draft.release_at = UpdateState.SCHEDULED, at
    draft.remind_at = None
    draft.save(update_fields=["state", "release_at", "press_link", "remind_at"])
    audit(draft, "publish", by, now, release_at=at.isoformat(), edition=draft.edition)
    if at <= now:
        return begin_sending(ask, now=now)
    leave_at(draft)
    return draft


def check_hour(
    petition: Petition, wanted: datetime | None, *, now: datetime, but: Update | None = None
) -> datetime:
    """The hour it would leave at; now without one. Raises PastHour, or TooSoon with the next one
    that is free. Wants the petition locked."""
    at = wanted or now
    if at < now.replace(second=0, microsecond=0):
        raise PastHour
    at = max(at, now)
    if blocking := in_the_way(petition, at, but=but):
        raise TooSoon(blocking, next_window(petition, now=at, but=but) or at)
    return at


def leave_at(update: Update) -> None:
    """Wake a worker at the hour; one that sleeps through it is followed by the clock's job."""
    if update.release_at is not None:
        job = app.configure_task(RELEASE, schedule_at=update.release_at)
        job.defer(update=update.pk)


def _press_link(draft: Update, by: User, now: datetime) -> PressLink | None:
    """The article, listed once for the petition, however many updates show it (U7)."""
    if not has_card(draft):
        return None
    shown = PressLink.objects.filter(petition=draft.petition_id, url=draft.article_url).first()
    if shown is not None:
        return shown
    card = card_in(draft.article)
    mention = Mention(
        url=draft.article_url,
        title=card.title,
        outlet=card.outlet,
        day=card.day or timezone.localdate(now),
        image=card.image,
    )
    return add_press_link(petition=draft.petition, mention=mention, by=by, now=now)
