from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask, lock_petition
from levier.gathering.updates.actions.publish import check_hour, leave_at
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def reschedule(*, update: Update, release_at: datetime, by: User, now: datetime) -> Update:
    """Another hour for an update that has not left. Raises TooSoon, PastHour, WrongState; the
    hour it had stays then."""
    petition = lock_petition(update.petition_id)
    planned = lock_ask(update.pk).update
    if planned.state != UpdateState.SCHEDULED:
        raise WrongState
    planned.release_at = check_hour(petition, release_at, now=now, but=planned)
    planned.save(update_fields=["release_at"])
    audit(planned, "reschedule", by, now, release_at=planned.release_at.isoformat())
    leave_at(planned)
    return planned


@transaction.atomic
def unschedule(*, update: Update, by: User, now: datetime) -> Update:
    """A draft again, to be changed; its window is free. Raises WrongState once it left."""
    planned = lock_ask(update.pk).update
    if planned.state != UpdateState.SCHEDULED:
        raise WrongState
    planned.state, planned.release_at = UpdateState.DRAFT, None
    planned.save(update_fields=["state", "release_at"])
    audit(planned, "unschedule", by, now)
    return planned
