from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import WRITABLE
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.models.update import Update


@transaction.atomic
def delete_draft(*, update: Update, by: User, now: datetime) -> None:
    """Throw a draft away, its ask with it. Raises WrongState for anything that was published."""
    draft = lock_ask(update.pk).update
    if draft.state not in WRITABLE:
        raise WrongState
    audit(draft, "delete_draft", by, now)
    draft.delete()
