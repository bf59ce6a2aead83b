from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.messaging.actions.pause_message import resume_message
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def resume(*, update: Update, by: User, now: datetime) -> Update:
    """The rest leaves, each person once (U28). Twice is the same as once. Raises WrongState."""
    paused = lock_ask(update.pk).update
    if paused.state == UpdateState.SENDING:
        return paused
    if paused.state != UpdateState.PAUSED or paused.message is None:
        raise WrongState
    resume_message(message=paused.message)
    paused.state = UpdateState.SENDING
    paused.save(update_fields=["state"])
    audit(paused, "resume", by, now)
    return paused
