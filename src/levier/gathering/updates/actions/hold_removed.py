from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.actions.pause_message import pause_message
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def hold_removed(*, now: datetime) -> int:
    """Pause what is still leaving for petitions that were removed since: its readers would be led
    to a page that is gone. Returns how many."""
    leaving = Update.objects.filter(
        state=UpdateState.SENDING, petition__state=PetitionState.REMOVED, message__isnull=False
    )
    held = 0
    for pk in leaving.order_by("pk").values_list("pk", flat=True):
        update = lock_ask(pk).update
        if update.state == UpdateState.SENDING and update.message is not None:
            pause_message(message=update.message)
            update.state = UpdateState.PAUSED
            update.save(update_fields=["state"])
            audit(update, "pause", None, now)
            held += 1
    return held
