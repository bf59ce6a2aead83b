from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.mails.team import send_sent_back
from levier.gathering.updates.models.update import Update


@transaction.atomic
def send_back(*, update: Update, reason: str, by: User, now: datetime) -> Update:
    """Give a text back to its author, with the reason; every word of it is kept (U15). Raises
    WrongState."""
    draft = lock_ask(update.pk).update
    if draft.state != UpdateState.IN_REVIEW:
        raise WrongState
    draft.state, draft.approved_by, draft.sent_back_because = UpdateState.DRAFT, None, reason
    draft.save(update_fields=["state", "approved_by", "sent_back_because"])
    audit(draft, "send_back", by, now, edition=draft.edition)
    send_sent_back(draft, by=by)
    return draft
