from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.messaging.actions.pause_message import cancel_message
from levier.foundation.messaging.queries.progress import progress_of
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import HOLDS_WINDOW, UpdateState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def cancel(*, update: Update, by: User, now: datetime) -> Update:
    """Stop an update for good: the rest is « non envoyé », never sent later (U29). Its window is
    free if no mail of it left, and held otherwise (U20). Twice is the same as once.

    Raises WrongState for a draft, or once all of it is sent.
    """
    leaving = lock_ask(update.pk).update
    if leaving.state == UpdateState.CANCELLED:
        return leaving
    if leaving.state not in HOLDS_WINDOW - {UpdateState.SENT}:
        raise WrongState
    unsent = 0
    if leaving.message is not None:
        unsent = cancel_message(message=leaving.message, now=now)
        progress = progress_of(leaving.message)  # after: what was claimed meanwhile counts as gone
        if progress.gone or progress.claimed:
            leaving.first_sent_at = leaving.first_sent_at or now
    leaving.state, leaving.finished_at = UpdateState.CANCELLED, now
    leaving.save(update_fields=["state", "finished_at", "first_sent_at"])
    audit(leaving, "cancel", by, now, unsent=unsent, window_held=bool(leaving.first_sent_at))
    return leaving
