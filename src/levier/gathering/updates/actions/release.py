from datetime import datetime, timedelta

from django.db import transaction

from levier.gathering.petitions.enums import PUBLIC as PUBLIC_PETITION
from levier.gathering.updates.actions.begin_sending import begin_sending
from levier.gathering.updates.actions.locking import audit, lock_ask, lock_petition
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.windows import next_window

LATE = timedelta(minutes=15)


@transaction.atomic
def release(*, update: int, now: datetime) -> bool:
    """Let a scheduled update leave, once its hour has come. Safe to run twice. Returns whether it
    left.

    After a stop of the worker, 24 hours are counted from when it really leaves (U16): where that
    would be too near to the next one, it takes the first free hour instead.
    """
    found = Update.objects.filter(pk=update).first()
    if found is None:
        return False
    petition = lock_petition(found.petition_id)
    ask = lock_ask(found.pk)
    due = ask.update
    if due.state != UpdateState.SCHEDULED or due.release_at is None or due.release_at > now:
        return False
    if petition.state not in PUBLIC_PETITION:
        return _withdraw(due, now)
    if now - due.release_at > LATE:
        due.release_at = next_window(petition, now=now, but=due) or now
        due.save(update_fields=["release_at"])
        audit(due, "move_late", None, now, release_at=due.release_at.isoformat())
    if due.release_at > now:
        return False
    begin_sending(ask, now=now)
    return True


def _withdraw(due: Update, now: datetime) -> bool:
    """The petition was removed meanwhile: it is a draft again, and holds nothing."""
    due.state, due.release_at = UpdateState.DRAFT, None
    due.save(update_fields=["state", "release_at"])
    audit(due, "hold_with_petition", None, now)
    return False
