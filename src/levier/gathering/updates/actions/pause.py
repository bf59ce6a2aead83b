from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.messaging.actions.pause_message import pause_message
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def pause(*, update: Update, by: User, now: datetime) -> Update:
    """No more of it leaves from the next claim on (U29). Twice is the same as once. Raises
    WrongState for one that is not leaving."""
    leaving = lock_ask(update.pk).update
    if leaving.state == UpdateState.PAUSED:
        return leaving
    if leaving.state != UpdateState.SENDING or leaving.message is None:
        raise WrongState
    pause_message(message=leaving.message)
    leaving.state = UpdateState.PAUSED
    leaving.save(update_fields=["state"])
    audit(leaving, "pause", by, now)
    return leaving
