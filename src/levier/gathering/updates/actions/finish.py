from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.queries.progress import progress_of
from levier.gathering.updates.actions.locking import lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.mails.team import send_finished


@transaction.atomic
def finish(*, update: int, now: datetime) -> bool:
    """Close an update once its counters say that nobody waits any more, and tell the team. Safe
    to run twice. Returns whether it was closed now; notes on the way that its first mail left."""
    leaving = lock_ask(update).update
    if leaving.state != UpdateState.SENDING or leaving.recipients is None:
        return False
    if leaving.message is None:
        return False
    progress = progress_of(leaving.message)
    if leaving.first_sent_at is None and progress.gone:
        leaving.first_sent_at = now
        leaving.save(update_fields=["first_sent_at"])
    if progress.waiting:
        return False
    leaving.state, leaving.finished_at = UpdateState.SENT, now
    leaving.save(update_fields=["state", "finished_at"])
    send_finished(leaving, progress)
    return True
