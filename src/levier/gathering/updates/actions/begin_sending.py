from datetime import datetime, timedelta

from django.db.models import Max
from procrastinate.contrib.django import app

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.gathering.updates.actions.start_draft import start_draft
from levier.gathering.updates.enums import UpdateKind, UpdateState
from levier.gathering.updates.mails.update import news_message
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update

QUEUE = "updates.queue_audience"
DAY_AFTER = timedelta(days=1)


def begin_sending(ask: Ask, *, now: datetime) -> Update:
    """Show a scheduled update to everybody, with its number, and have its mails written by a job.
    In the caller's transaction, the petition and the update locked."""
    update = ask.update
    update.n = _next_number(update)
    update.published_at, update.state = now, UpdateState.SENDING
    update.message = news_message(ask, now=now)
    update.save(update_fields=["n", "published_at", "state", "message"])
    record_activity(
        organisation_id=update.petition.campaign.organisation_id,
        person_id=None,
        kind=ActivityKind.UPDATE_PUBLISHED,
        subject=f"update:{update.pk}",
        at=now,
        data={"petition": update.petition_id, "n": update.n, "kind": update.kind},
    )
    if update.kind == UpdateKind.MEETING_OBTAINED:
        _draft_what_was_said(ask, now)
    app.configure_task(QUEUE).defer(update=update.pk)
    return update


def _next_number(update: Update) -> int:
    given = Update.objects.filter(petition=update.petition_id).aggregate(last=Max("n"))["last"]
    return (given or 0) + 1


def _draft_what_was_said(ask: Ask, now: datetime) -> None:
    """« Puis quand le rendez-vous est terminé, racontez-leur »: a draft, and a word to its author
    the day after (U13). The meeting is when the ask closes, if that is known."""
    met = ask.starts_at or ask.closes_at or now
    if not Update.objects.filter(follows=ask.update).exists():
        start_draft(
            petition=ask.update.petition,
            kind=UpdateKind.MEETING_HELD,
            by=ask.update.author,
            now=now,
            follows=ask.update,
            remind_at=met + DAY_AFTER,
        )
